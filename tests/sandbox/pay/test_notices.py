"""Notifications: signed and sealed, repeated on the platform's clock, and as badly behaved as the switches say."""

import threading
from collections.abc import Callable

import pytest

from sandbox.app import Platform
from sandbox.pay.notices import PAUSES, PROBE
from tests.sandbox.callback import APP_ID
from tests.sandbox.pay.conftest import NOON, Counter
from tests.sandbox.pay.receiver import Receiver, Told

NUMBER = "T100000019"


def test_a_payment_is_told_once_signed_and_sealed(counter: Counter, told: Receiver) -> None:
    counter.paid(NUMBER)
    [one] = told.told
    assert one.genuine
    assert one.headers["Wechatpay-Signature-Type"] == "WECHATPAY2-SHA256-RSA2048"
    assert one.headers["Wechatpay-Timestamp"] == str(int(NOON))
    assert (one.body["event_type"], one.body["resource_type"]) == ("TRANSACTION.SUCCESS", "encrypt-resource")
    assert one.body["resource"]["algorithm"] == "AEAD_AES_256_GCM"
    assert len(one.body["resource"]["nonce"]) == 12
    assert one.plain
    assert one.plain == counter.shop.query(NUMBER).json()
    assert one.plain["amount"] == {"total": 10_000, "payer_total": 10_000, "currency": "CNY", "payer_currency": "CNY"}
    counter.moved(days=2)
    assert len(told.told) == 1, "what was taken is not told again"


def test_what_was_not_taken_comes_again_on_schedule_for_a_day(counter: Counter, told: Receiver) -> None:
    told.respond = lambda one: 500
    counter.paid(NUMBER)
    assert len(told.told) == 1
    for count, pause in enumerate(PAUSES, start=1):
        counter.moved(seconds=pause - 1)
        assert len(told.told) == count
        counter.moved(seconds=1)
        assert len(told.told) == count + 1
    counter.moved(days=3)
    assert len(told.told) == 16
    assert {one.body["id"] for one in told.told} == {told.told[0].body["id"]}
    assert len({one.body["resource"]["ciphertext"] for one in told.told}) == 16, "each is sealed anew"
    assert counter.wechat.pay.postman.all()[0].state == "given up"
    assert 24 * 3600 < sum(PAUSES) < 25 * 3600


def test_a_clock_that_jumps_catches_up(counter: Counter, told: Receiver) -> None:
    told.respond = lambda one: 503
    counter.paid(NUMBER)
    counter.moved(hours=1)
    assert len(told.told) == 7  # at once, after 15 s, 30 s, 1 m, 4 m, 14 m and 34 m
    told.respond = lambda one: 200
    counter.moved(hours=23)
    assert len(told.told) == 8


@pytest.mark.parametrize("status", [200, 204])
def test_both_kinds_of_yes_are_yes(counter: Counter, told: Receiver, status: int) -> None:
    told.respond = lambda one: status
    counter.paid(NUMBER)
    counter.moved(days=2)
    assert len(told.told) == 1


def test_who_takes_too_long_is_told_again(wechat: Platform, counter: Counter, told: Receiver) -> None:
    thinking = threading.Event()
    told.respond = lambda one: 204 if thinking.wait(20) else 500
    wechat.faults.set({"callback_timeout": 0.05})
    counter.paid(NUMBER)
    thinking.set()
    [notice] = wechat.pay.postman.all()
    assert [one["outcome"] for one in notice.attempts] == ["timeout"]
    wechat.faults.set({"callback_timeout": 20})
    counter.moved(seconds=15)
    assert notice.state == "taken"


def switched(wechat: Platform, name: str, value: float = 1) -> None:
    wechat.faults.set({name: value})


TWISTED: list[tuple[str, Callable[[Told], bool]]] = [
    ("notice_wrong_amount", lambda one: (one.plain or {"amount": {}})["amount"].get("total") == 10_001),
    ("notice_foreign_mchid", lambda one: (one.plain or {}).get("mchid") == "1230000109"),
    ("notice_foreign_appid", lambda one: (one.plain or {}).get("appid", APP_ID) != APP_ID),
    ("notice_wrong_key", lambda one: one.plain is None and one.genuine),
    ("notice_wrong_signature", lambda one: bool(one.plain) and not one.genuine),
]


@pytest.mark.parametrize(("name", "is_so"), TWISTED)
def test_a_forged_one_is_forged_in_this_and_in_nothing_else(
    wechat: Platform, counter: Counter, told: Receiver, name: str, is_so: Callable[[Told], bool]
) -> None:
    switched(wechat, name)
    counter.paid(NUMBER)
    counter.paid("T100000020")
    assert is_so(told.told[0])
    assert not is_so(told.told[1])
    for one in told.told:
        assert one.genuine == (name != "notice_wrong_signature" or one is told.told[1])


def test_lost_ones_never_come_and_late_ones_come_late(wechat: Platform, counter: Counter, told: Receiver) -> None:
    switched(wechat, "notice_lost")
    counter.paid(NUMBER)
    counter.moved(days=2)
    assert told.told == []
    switched(wechat, "notice_late", 600)
    counter.paid("T100000020")
    assert told.told == []
    counter.moved(seconds=600)
    assert len(told.told) == 1


def test_two_come_at_the_same_time_with_one_id(wechat: Platform, counter: Counter, told: Receiver) -> None:
    switched(wechat, "notice_duplicate")
    counter.paid(NUMBER)
    assert len(told.told) == 2
    assert len({one.body["id"] for one in told.told}) == 1
    assert all(one.genuine for one in told.told)


def test_a_later_one_overtakes(wechat: Platform, counter: Counter, told: Receiver) -> None:
    switched(wechat, "notice_reorder")
    counter.ordered(NUMBER)
    trade = wechat.pay.trades[counter.shop.merchant.mch_id, NUMBER]
    wechat.pay.pay(trade, counter.buyer.openid)
    counter.paid("T100000020")
    assert [one.plain["out_trade_no"] for one in told.told if one.plain] == ["T100000020", NUMBER]


def test_an_answer_that_is_lost_brings_it_again(wechat: Platform, counter: Counter, told: Receiver) -> None:
    switched(wechat, "notice_dropped", 2)
    counter.paid(NUMBER)
    counter.moved(seconds=30)
    assert len(told.told) == 3


def test_a_probe_comes_first_and_is_no_news(wechat: Platform, counter: Counter, told: Receiver) -> None:
    switched(wechat, "notice_probe")
    told.respond = lambda one: 401 if one.headers["Wechatpay-Signature"].startswith(PROBE) else 204
    counter.paid(NUMBER)
    assert [one.genuine for one in told.told] == [False, True]
    counter.moved(days=2)
    assert len(told.told) == 2


def test_an_old_one_is_rightly_signed_an_hour_ago(wechat: Platform, counter: Counter, told: Receiver) -> None:
    switched(wechat, "notice_old")
    told.respond = lambda one: 204 if one.headers["Wechatpay-Timestamp"] == str(int(NOON)) else 401
    counter.paid(NUMBER)
    counter.moved(seconds=15)
    assert [one.headers["Wechatpay-Timestamp"] for one in told.told] == [str(int(NOON) - 3600), str(int(NOON))]
    assert all(one.genuine for one in told.told)


def test_while_the_platform_is_down_nobody_hears_of_anything(
    wechat: Platform, counter: Counter, told: Receiver
) -> None:
    counter.ordered(NUMBER)
    wechat.pay.down_until = wechat.pay.now + 3600
    trade = wechat.pay.trades[counter.shop.merchant.mch_id, NUMBER]
    wechat.pay.pay(trade, counter.buyer.openid)
    assert counter.shop.query(NUMBER).status_code == 502
    counter.moved(minutes=59)
    assert told.told == []
    counter.moved(minutes=1)
    assert len(told.told) == 1
    assert counter.shop.query(NUMBER).json()["trade_state"] == "SUCCESS"
