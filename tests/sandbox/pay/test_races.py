"""Many at once: a trade is paid by one person, a refund is one refund, and nobody is told twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sandbox.app import Platform
from sandbox.pay.errors import Unpayable
from tests.sandbox.callback import APP_ID
from tests.sandbox.pay.conftest import Counter

AT_ONCE = 8


def at_once(deed: Callable[[int], Any]) -> list[Any]:
    """What each of them got, an exception where there was one."""
    together = Barrier(AT_ONCE)

    def one(number: int) -> Any:
        together.wait()
        try:
            return deed(number)
        except Unpayable as no:
            return no

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_one_of_many_phones_pays_a_code(wechat: Platform, counter: Counter) -> None:
    shop = counter.shop
    code_url = shop.order("native-1", "native", notify_url=counter.told.url).json()["code_url"]
    trade = wechat.pay.redeem(code_url)
    people = [wechat.add_person(f"客人{number}", app_id=APP_ID).openid for number in range(AT_ONCE)]
    results = at_once(lambda number: wechat.pay.pay(trade, people[number]))
    assert [one for one in results if not isinstance(one, Unpayable)] == [None]
    assert wechat.pay.timeline.settle(20)
    assert len(counter.told.told) == 1
    assert wechat.pay.books[shop.merchant.mch_id].balance == 1_000_000 + 10_000 - 60


def test_one_number_is_one_refund_however_often_it_is_sent(wechat: Platform, counter: Counter) -> None:
    counter.paid("T100000019")
    answers = at_once(lambda number: counter.shop.refund("T100000019", "R1", 6_000).json())
    assert len({one["refund_id"] for one in answers}) == 1
    both = at_once(lambda number: counter.shop.refund("T100000019", f"R2-{number}", 3_000).status_code)
    assert sorted(both) == [200] + [400] * (AT_ONCE - 1), "40 yuan are left, 30 go back once"


def test_orders_of_one_number_are_one_order(wechat: Platform, counter: Counter) -> None:
    tickets = at_once(lambda number: counter.ordered("T100000019"))
    assert len(set(tickets)) == 1
    assert len(wechat.pay.trades) == 1
