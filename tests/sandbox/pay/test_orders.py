"""Orders at the payment API: what is taken, what comes of asking again, and until when they can be paid."""

from typing import Any

import pytest

from sandbox.app import Platform
from sandbox.pay.errors import CHANGED, PAID, Unpayable
from sandbox.people import Person
from tests.sandbox.callback import APP_ID
from tests.sandbox.pay.conftest import PROGRAM, STRANGER, Counter, person_on
from tests.sandbox.pay.merchant import Shop, checks

NUMBER = "T100000019"


def payer(person: Person) -> dict[str, str]:
    return {"openid": person.openid}


def test_each_way_of_paying_gives_its_own_ticket(shop: Shop, buyer: Person) -> None:
    assert shop.order(NUMBER, payer=payer(buyer)).json()["prepay_id"].startswith("wx20231114")
    assert shop.order("native-1", "native").json()["code_url"].startswith("weixin://wxpay/bizpayurl?pr=")
    assert "/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=" in shop.order("h5|1*_", "h5").json()["h5_url"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"out_trade_no": "short"}, "/out_trade_no"),
    ({"out_trade_no": "x" * 33}, "/out_trade_no"),
    ({"out_trade_no": "order#100"}, "/out_trade_no"),
    ({"description": ""}, "/description"),
    ({"description": "长" * 128}, "/description"),
    ({"attach": "x" * 129}, "/attach"),
    ({"attach": None}, "/attach"),
    ({"notify_url": "http://127.0.0.1/pay?x=1"}, "/notify_url"),
    ({"notify_url": "ftp://127.0.0.1/pay"}, "/notify_url"),
    ({"notify_url": "http://127.0.0.1/" + "x" * 256}, "/notify_url"),
    ({"amount": {"total": 0}}, "/amount/total"),
    ({"amount": {"total": 1.5}}, "/amount/total"),
    ({"amount": {"total": "100"}}, "/amount/total"),
    ({"amount": {"total": 100, "currency": "USD"}}, "/amount/currency"),
    ({"time_expire": "2023-11-14 13:00:00"}, "/time_expire"),
    ({"mchid": "1900000000"}, "/mchid"),
]


@pytest.mark.parametrize(("changed", "field"), WRONG)
def test_a_wrong_field_is_named(shop: Shop, changed: dict[str, Any], field: str) -> None:
    answer = shop.order(NUMBER, "native", **changed)
    assert answer.status_code == 400
    assert answer.json()["code"] == "PARAM_ERROR"
    assert answer.json()["detail"]["field"] == field
    assert "Wechatpay-Signature" not in answer.headers
    assert answer.headers["Request-Id"]


def test_who_pays_belongs_to_the_account_and_the_account_to_the_merchant(wechat: Platform, shop: Shop) -> None:
    other = person_on(wechat, PROGRAM)
    assert shop.order(NUMBER, payer={"openid": "oNobody"}).json()["message"] == "无效的openid"
    assert shop.order(NUMBER, payer=payer(other)).json()["code"] == "OPENID_MISMATCH"
    assert shop.order(NUMBER, appid=PROGRAM, payer=payer(other)).ok
    stranger = person_on(wechat, STRANGER)
    answer = shop.order("T2" + NUMBER, appid=STRANGER, payer=payer(stranger))
    assert answer.json()["code"] == "APPID_MCHID_NOT_MATCH"


def test_the_same_again_gives_the_ticket_again_and_anything_else_is_told_by_its_number(
    shop: Shop, buyer: Person
) -> None:
    first = shop.order(NUMBER, payer=payer(buyer)).json()
    assert shop.order(NUMBER, payer=payer(buyer)).json() == first
    for changed in ({"fen": 9_999}, {"description": "另一件"}, {"attach": "x"}):
        answer = shop.order(NUMBER, payer=payer(buyer), **changed)
        assert answer.json()["code"] == "INVALID_REQUEST"
        assert answer.headers["Request-Id"].endswith(f"-{CHANGED}")
    assert shop.order(NUMBER, "native").json()["code"] == "INVALID_REQUEST"


def test_a_paid_number_takes_no_order_any_more(counter: Counter, shop: Shop, buyer: Person) -> None:
    counter.paid(NUMBER)
    answer = shop.order(NUMBER, payer=payer(buyer))
    assert (answer.status_code, answer.json()["code"]) == (400, "ORDER_PAID")
    assert answer.headers["Request-Id"].endswith(f"-{PAID}")


def test_a_prepay_id_lasts_two_hours_and_the_order_gives_a_new_one(
    wechat: Platform, counter: Counter, shop: Shop
) -> None:
    first = counter.ordered(NUMBER)
    wechat.clock.advance(hours=2)
    with pytest.raises(Unpayable, match="过期"):
        wechat.pay.redeem(first)
    second = counter.ordered(NUMBER)
    assert second != first
    assert wechat.pay.redeem(second).out_trade_no == NUMBER


def test_time_expire_ends_the_paying_and_must_not_be_over(wechat: Platform, shop: Shop, buyer: Person) -> None:
    def ordered(number: str, at: str) -> Any:
        return shop.order(number, payer=payer(buyer), time_expire=at)

    assert ordered(NUMBER, "2023-11-14T11:59:59+08:00").json()["code"] == "INVALID_REQUEST"
    ticket = ordered(NUMBER, "2023-11-14T12:30:00+08:00").json()["prepay_id"]
    assert wechat.pay.redeem(ticket)
    wechat.clock.advance(minutes=30)
    with pytest.raises(Unpayable, match="已过期"):
        wechat.pay.redeem(ticket)
    assert shop.query(NUMBER).json()["trade_state"] == "NOTPAY"


def test_nobody_pays_for_a_week_and_it_closes_itself(wechat: Platform, counter: Counter, shop: Shop) -> None:
    counter.ordered(NUMBER)
    wechat.clock.advance(days=7)
    assert shop.query(NUMBER).json()["trade_state"] == "CLOSED"
    assert counter.shop.order(NUMBER, payer=payer(counter.buyer), notify_url=counter.told.url).json()["code"] == (
        "ORDER_CLOSED"
    )


def test_closing_is_signed_empty_and_can_be_repeated(counter: Counter, shop: Shop, buyer: Person) -> None:
    ticket = counter.ordered(NUMBER)
    for _ in range(2):
        answer = shop.close(NUMBER)
        assert (answer.status_code, answer.content) == (204, b"")
        assert checks(shop.merchant, answer.headers, b"")
    with pytest.raises(Unpayable, match="已关闭"):
        counter.wechat.pay.redeem(ticket)
    counter.paid("T-paid-1")
    assert shop.close("T-paid-1").json()["code"] == "ORDER_PAID"
    assert shop.close("T-nothing").json()["code"] == "ORDER_NOT_EXIST"


def test_a_query_says_what_happened_by_either_number(counter: Counter, shop: Shop, buyer: Person) -> None:
    answer = shop.query(NUMBER)
    assert (answer.status_code, answer.json()["code"]) == (404, "ORDER_NOT_EXIST")
    counter.ordered(NUMBER)
    waiting = shop.query(NUMBER).json()
    assert (waiting["trade_state"], waiting["amount"]["total"]) == ("NOTPAY", 10_000)
    assert "transaction_id" not in waiting
    counter.paid(NUMBER)
    paid = shop.query(NUMBER).json()
    assert (paid["trade_state"], paid["payer"]["openid"], paid["appid"]) == ("SUCCESS", buyer.openid, APP_ID)
    assert paid["success_time"] == "2023-11-14T12:00:00+08:00"
    path = f"/v3/pay/transactions/id/{paid['transaction_id']}?mchid={shop.merchant.mch_id}"
    assert shop.call("GET", path).json() == paid
    assert shop.call("GET", path.replace("mchid=", "mchid=1")).json()["code"] == "PARAM_ERROR"


def test_only_one_of_two_pays(counter: Counter, wechat: Platform) -> None:
    counter.paid(NUMBER)
    trade = wechat.pay.trades[counter.shop.merchant.mch_id, NUMBER]
    with pytest.raises(Unpayable, match="已支付"):
        wechat.pay.pay(trade, counter.buyer.openid)
    counter.ordered("T-other-1")
    with pytest.raises(Unpayable, match="不一致"):
        wechat.pay.pay(
            wechat.pay.trades[counter.shop.merchant.mch_id, "T-other-1"], person_on(wechat, APP_ID, "李娟").openid
        )
