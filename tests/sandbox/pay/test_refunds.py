"""Refunds: taken once a number, ended by the clock or a switch, within what was paid, a year and fifty times."""

from typing import Any

import pytest

from sandbox.app import Platform
from sandbox.pay import refunding
from tests.sandbox.pay.conftest import Counter
from tests.sandbox.pay.merchant import Shop
from tests.sandbox.pay.receiver import Receiver

NUMBER = "T100000019"


@pytest.fixture
def paid(counter: Counter) -> Counter:
    counter.paid(NUMBER)
    counter.told.told.clear()
    return counter


def test_it_is_taken_at_once_and_ends_by_the_clock(paid: Counter, shop: Shop, told: Receiver) -> None:
    taken = shop.refund(NUMBER, "R1", 4_000, reason="少修一项", notify_url=told.url).json()
    assert (taken["status"], taken["amount"]["refund"], taken["out_trade_no"]) == ("PROCESSING", 4_000, NUMBER)
    assert shop.query(NUMBER).json()["trade_state"] == "REFUND", "as soon as it is asked for"
    path = "/v3/refund/domestic/refunds/R1"
    assert shop.call("GET", path).json()["status"] == "PROCESSING"
    paid.moved(seconds=3)
    done = shop.call("GET", path).json()
    assert (done["status"], done["success_time"]) == ("SUCCESS", "2023-11-14T12:00:03+08:00")
    [one] = told.told
    assert one.genuine
    assert one.plain
    assert one.body["event_type"] == "REFUND.SUCCESS"
    assert (one.plain["refund_status"], one.plain["out_refund_no"], one.plain["mchid"]) == (
        "SUCCESS",
        "R1",
        shop.merchant.mch_id,
    )
    assert "status" not in one.plain
    assert one.plain["amount"] == {"total": 10_000, "refund": 4_000, "payer_total": 10_000, "payer_refund": 4_000}


def test_the_same_number_is_the_same_refund(paid: Counter, shop: Shop) -> None:
    first, second = (shop.refund(NUMBER, "R1", 4_000).json() for _ in range(2))
    assert first["refund_id"] == second["refund_id"]
    assert shop.refund(NUMBER, "R1", 4_001).json()["code"] == "INVALID_REQUEST"
    assert shop.refund(NUMBER, "R2", 4_000).json()["refund_id"] != first["refund_id"], "another number pays twice"


def test_never_more_than_was_paid_unless_one_was_closed(paid: Counter, shop: Shop, wechat: Platform) -> None:
    assert shop.refund(NUMBER, "R0", 10_001).json()["code"] == "INVALID_REQUEST"
    wechat.faults.set({"refund_closed": 1})
    assert shop.refund(NUMBER, "R1", 10_000).ok
    assert shop.refund(NUMBER, "R2", 1).json()["code"] == "INVALID_REQUEST"
    paid.moved(seconds=3)
    assert shop.call("GET", "/v3/refund/domestic/refunds/R1").json()["status"] == "CLOSED"
    assert shop.query(NUMBER).json()["trade_state"] == "SUCCESS"
    assert shop.refund(NUMBER, "R2", 10_000).ok


def test_fifty_times_and_no_more(paid: Counter, shop: Shop) -> None:
    assert all(shop.refund(NUMBER, f"R{number}", 100).ok for number in range(50))
    assert shop.refund(NUMBER, "R50", 100).json()["code"] == "RULE_LIMIT"


def test_within_a_year(paid: Counter, shop: Shop, wechat: Platform) -> None:
    wechat.clock.advance(days=365)
    assert shop.refund(NUMBER, "R1", 1).ok
    wechat.clock.advance(seconds=1)
    assert shop.refund(NUMBER, "R2", 1).json()["code"] == "TRADE_OVERDUE"


def test_the_merchant_must_have_the_money(paid: Counter, shop: Shop, wechat: Platform) -> None:
    wechat.pay.books[shop.merchant.mch_id].balance = 99
    answer = shop.refund(NUMBER, "R1", 100)
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ENOUGH")
    assert shop.refund(NUMBER, "R2", 99).ok
    wechat.faults.set({"refund_no_money": 1})
    assert shop.refund(NUMBER, "R3", 0 + 1).json()["code"] == "NOT_ENOUGH"


def test_an_abnormal_one_goes_to_a_card_on_request(paid: Counter, shop: Shop, wechat: Platform, told: Receiver) -> None:
    wechat.faults.set({"refund_abnormal": 1})
    refund_id = shop.refund(NUMBER, "R1", 100, notify_url=told.url).json()["refund_id"]
    path = f"/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund"
    body: dict[str, Any] = {"out_refund_no": "R1", "type": "MERCHANT_BANK_CARD"}
    assert shop.call("POST", path, body).json()["code"] == "INVALID_REQUEST", "not abnormal yet"
    paid.moved(seconds=3)
    assert [one.body["event_type"] for one in told.told] == ["REFUND.ABNORMAL"]
    assert shop.call("POST", path, {**body, "type": "USER_BANK_CARD"}).json()["code"] == "PARAM_ERROR"
    assert shop.call("POST", path, body).json()["status"] == "PROCESSING"
    paid.moved(seconds=3)
    assert [one.body["event_type"] for one in told.told] == ["REFUND.ABNORMAL", "REFUND.SUCCESS"]


def test_a_person_can_decide_how_it_ends(paid: Counter, shop: Shop, wechat: Platform) -> None:
    shop.refund(NUMBER, "R1", 100)
    one = wechat.pay.refunds[shop.merchant.mch_id, "R1"]
    refunding.finish(wechat.pay, one, "ABNORMAL")
    paid.moved(seconds=3)
    assert shop.call("GET", "/v3/refund/domestic/refunds/R1").json()["status"] == "ABNORMAL"
    with pytest.raises(ValueError, match="outcome"):
        refunding.finish(wechat.pay, one, "MAYBE")


def test_with_a_coupon_only_what_the_buyer_paid_comes_back(counter: Counter, shop: Shop) -> None:
    counter.paid(NUMBER, coupon=2_001)
    amount = shop.query(NUMBER).json()["amount"]
    assert (amount["total"], amount["payer_total"]) == (10_000, 7_999)
    assert shop.refund(NUMBER, "R1", 5_000).json()["amount"]["payer_refund"] == 4_000


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"out_refund_no": "R#1"}, 400, "PARAM_ERROR"),
    ({"out_refund_no": "R" * 65}, 400, "PARAM_ERROR"),
    ({"reason": "长" * 81}, 400, "PARAM_ERROR"),
    ({"funds_account": "OTHER"}, 400, "PARAM_ERROR"),
    ({"transaction_id": "42000"}, 400, "PARAM_ERROR"),
    ({"amount": {"refund": 0, "total": 10_000, "currency": "CNY"}}, 400, "PARAM_ERROR"),
    ({"amount": {"refund": 1, "total": 9_999, "currency": "CNY"}}, 400, "INVALID_REQUEST"),
    ({"out_trade_no": "T-none-1"}, 404, "RESOURCE_NOT_EXISTS"),
]


@pytest.mark.parametrize(("changed", "status", "code"), WRONG)
def test_what_is_wrong_is_told(paid: Counter, shop: Shop, changed: dict[str, Any], status: int, code: str) -> None:
    amount = {"refund": 100, "total": 10_000, "currency": "CNY"}
    body = {"out_trade_no": NUMBER, "out_refund_no": "R1", "amount": amount, **changed}
    answer = shop.call("POST", "/v3/refund/domestic/refunds", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_nothing_unpaid_is_given_back_and_nothing_unknown_found(counter: Counter, shop: Shop) -> None:
    counter.ordered(NUMBER)
    assert shop.refund(NUMBER, "R1", 1).json()["code"] == "INVALID_REQUEST"
    assert shop.call("GET", "/v3/refund/domestic/refunds/R1").status_code == 404
