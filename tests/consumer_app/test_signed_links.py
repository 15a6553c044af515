"""What the links in messages open without signing in: one quote, one thing to pay, one certificate, one rating, one survey; nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from domain.feedback.links import path_to_rate
from domain.feedback.model import Rating
from domain.kit.unit_of_work import Runtime
from domain.payments.links import path_to_pay
from domain.payments.model import Payable, Payment
from domain.payments.operations import owe
from domain.payments.shares import Share
from domain.pricing.fee_facts import Wanted
from domain.pricing.fee_table import FeeDraft, put_fee
from domain.pricing.lifecycle import QuoteStatus
from domain.pricing.links import path_to_quote
from domain.pricing.model import Quote
from domain.pricing.quoting import quote_for
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order
from tests.consumer_app.conftest import Street
from tests.consumer_app.pages import Browser, Pages, pages_of
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import put_merchant
from tests.domain.service_sheets.world import STAFF


@dataclass(frozen=True)
class Links:
    quote: str
    pay: str
    rate: str
    quote_id: str
    payable_id: str


@pytest.fixture
def links(runtime: Runtime, street: Street) -> Links:
    with runtime.transaction() as uow:
        brand_id = street.brand.voice.brand_id
        put_merchant(uow, brand_id)
        put_fee(
            uow, brand_id, FeeDraft("labour", "gas", "加制冷剂", category="air_conditioner", service="repair", fen=20_000),
            uow.today, by=STAFF,
        )  # fmt: skip
        order = uow.get(WorkOrder, street.chen.order_id, called="")
        quote = quote_for(uow, order.id, Wanted.of({"gas": 1000}), by=STAFF)
        payable = owe(
            uow, brand_id=brand_id, kind="cover", of_id="co_9", customer_id=street.chen.customer_id, title="延保一年",
            split=[Share("deferred_cover", 9_900)], by=STAFF,
        )  # fmt: skip
        return Links(
            path_to_quote(uow, quote), path_to_pay(uow, payable), path_to_rate(uow, order), quote.id, payable.id
        )


@pytest.fixture
def pages(runtime: Runtime, street: Street) -> Pages:
    return pages_of(runtime, FakePlatform(runtime.clock))


@pytest.fixture
def anybody(pages: Pages) -> Browser:
    return pages.browser("Mozilla/5.0 Safari")


def answer(browser: Browser, path: str, said: str, hash_: str) -> int:
    return browser.post(path, {"answer": said, "hash": hash_}).status_code


def hash_on(page: str) -> str:
    return str(re.findall(r'name="hash" value="([^"]+)"', page)[0])


def status_of(runtime: Runtime, quote_id: str) -> QuoteStatus:
    with runtime.transaction() as uow:
        return uow.get(Quote, quote_id, called="").status


def test_a_quote_is_seen_and_agreed_to_by_its_link(runtime: Runtime, anybody: Browser, links: Links) -> None:
    page = anybody.get(links.quote).text
    assert ("加制冷剂" in page, "¥200.00" in page, "13800001234" in page) == (True, True, False)
    assert answer(anybody, links.quote, "confirm", hash_on(page)) == 200
    assert status_of(runtime, links.quote_id) is QuoteStatus.CONFIRMED


def test_what_was_changed_meanwhile_is_shown_and_not_agreed_to(
    runtime: Runtime, anybody: Browser, links: Links, street: Street
) -> None:
    seen = hash_on(anybody.get(links.quote).text)
    with runtime.transaction() as uow:
        newer = quote_for(uow, street.chen.order_id, Wanted.of({"gas": 2000}), by=STAFF).id
    said = anybody.post(links.quote, {"answer": "confirm", "hash": seen})
    assert (said.status_code, "¥400.00" in said.text) == (409, True)
    assert status_of(runtime, newer) is QuoteStatus.ASKED
    assert answer(anybody, links.quote, "confirm", "0" * 64) == 409


@pytest.mark.parametrize(
    "change", [lambda ref: ref[:-1] + ("0" if ref[-1] != "0" else "1"), lambda ref: ref[:-5], lambda ref: ref + "0"]
)
def test_a_link_that_is_not_ours_opens_nothing(
    runtime: Runtime, anybody: Browser, links: Links, change: object
) -> None:
    anybody.get("/c/sign-in")
    for path in (links.quote, links.pay, links.rate):
        made = change(path)  # type: ignore[operator]
        assert anybody.get(made).status_code == 404, made
        assert anybody.post(made, {"answer": "confirm", "hash": "x"}).status_code in (404, 405)
    swapped = links.quote.partition(".")[2]
    assert anybody.get(f"/c/pay/{links.payable_id}.{swapped}").status_code == 404, "another link's print"
    assert status_of(runtime, links.quote_id) is QuoteStatus.ASKED


def test_anybody_with_the_link_may_pay_and_asks_only_about_that(
    runtime: Runtime, anybody: Browser, links: Links, pages: Pages
) -> None:
    page = anybody.get(links.pay).text
    assert ("延保一年" in page, "¥99.00" in page) == (True, True)
    made = anybody.post(f"{links.pay}/start", {"method": "h5"}).get_json()
    assert made["h5_url"], made
    state = anybody.get(f"{links.pay}/state/{made['payment_id']}").get_json()
    assert (state["done"], state["status"]) == (False, "pending")
    assert anybody.get(f"{links.pay}/state/pm_nobody").status_code == 404
    assert anybody.post(f"{links.pay}/start", {"method": "jsapi"}).status_code == 401, "WeChat wants to know who pays"
    friend = pages.browser()
    friend.sign_in("oWang")
    friend.get(links.pay)
    assert friend.get(f"/c/pay/{links.payable_id}").status_code == 404, "not theirs"
    assert friend.get(f"/c/pay/state/{made['payment_id']}").status_code == 404
    with runtime.transaction() as uow:
        [payment] = uow.session.scalars(select(Payment))
        assert (payment.method, payment.fen) == ("h5", 9_900)


def test_inside_wechat_the_payer_signs_in_first_and_is_whoever_pays(
    runtime: Runtime, pages: Pages, links: Links
) -> None:
    friend = pages.browser()
    assert "/c/wechat?to=/c/pay/" in friend.get(links.pay).text
    friend.sign_in("oWang")
    friend.get(links.pay)
    made = friend.post(f"{links.pay}/start", {"method": "jsapi"}).get_json()
    assert made["params"], made
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(Payment)).one().openid == "oWang"


def test_the_phones_word_that_it_is_paid_counts_nothing(
    runtime: Runtime, pages: Pages, links: Links, street: Street
) -> None:
    chen = pages.browser()
    chen.sign_in(street.chen.openid)
    chen.get(f"/c/pay/{links.payable_id}")
    made = chen.post(f"/c/pay/{links.payable_id}/start").get_json()
    assert chen.get(f"/c/pay/state/{made['payment_id']}?status=paid").get_json()["status"] == "pending"
    assert chen.post(f"/c/pay/state/{made['payment_id']}", {"status": "paid"}).status_code == 405
    with runtime.transaction() as uow:
        assert uow.get(Payable, links.payable_id, called="").paid_fen == 0


def test_an_order_is_rated_once_by_its_link_and_added_to(
    runtime: Runtime, anybody: Browser, links: Links, street: Street
) -> None:
    assert "完工后再请您评价" in anybody.get(links.rate).text
    with runtime.transaction() as uow:
        move_order(uow, street.chen.order_id, "guide", by=STAFF, why="电话指导")
    anybody.get(links.rate)
    form = {"stars": "4", "aspects.skill": "5", "tags": ["kind"], "words": "不错"}
    assert "谢谢您的评价" in anybody.post(links.rate, form).text
    assert "谢谢您的评价" in anybody.post(links.rate, {"stars": "1", "words": "补一句"}).text
    with runtime.transaction() as uow:
        [rating] = uow.session.scalars(select(Rating))
        assert (rating.stars, rating.aspects, rating.tags, rating.words) == (4, {"skill": 5}, ["kind"], "不错\n补一句")


@pytest.mark.parametrize(
    "form", [{}, {"stars": "6"}, {"stars": "x"}, {"stars": "5", "tags": "nothing"}, {"stars": "5", "aspects.x": "3"}]
)
def test_a_rating_that_cannot_be_is_told(
    runtime: Runtime, anybody: Browser, links: Links, street: Street, form: dict[str, str]
) -> None:
    with runtime.transaction() as uow:
        move_order(uow, street.chen.order_id, "guide", by=STAFF, why="电话指导")
    anybody.get(links.rate)
    assert anybody.post(links.rate, form).status_code == 409
    with runtime.transaction() as uow:
        assert uow.session.scalars(select(Rating)).all() == []


GUESSED = {
    "/c/quotes/qt_x.{}": 60, "/c/bills/bi_x.{}": 60, "/c/pay/ow_x.{}": 60, "/c/orders/or_x/rate?t={}": 60,
    "/c/survey/np_x.{}": 60, "/c/covers/co_x.{}": 30, "/c/covers/co_x.{}/certificate.pdf": 30, "/c/cover/{}": 30,
    "/c/bills/bi_x.{}/state/pm_x": 600, "/c/pay/ow_x.{}/state/pm_x": 600,
}  # fmt: skip


@pytest.mark.parametrize(("path", "most"), GUESSED.items())
def test_nobody_guesses_links_for_long(anybody: Browser, path: str, most: int) -> None:
    answers = [anybody.get(path.format(guess)).status_code for guess in range(most + 1)]
    assert answers == [404] * most + [429]
