"""Shipping of what a mini-program sold: what the platform takes, and what it says by itself."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.app import Platform
from sandbox.people import Person
from sandbox.server import Running
from tests.sandbox.callback import SECRET, Callback, running_callback
from tests.sandbox.pay.conftest import PROGRAM, person_on
from tests.sandbox.pay.merchant import Shop
from tests.sandbox.test_api import wait_for_event

UPLOAD, GET = "/wxa/sec/order/upload_shipping_info", "/wxa/sec/order/get_order"
NUMBER = "T100000019"


@pytest.fixture
def callback(wechat: Platform) -> Iterator[Callback]:
    with running_callback() as running:
        running.app_id = PROGRAM
        wechat.configure(PROGRAM, callback=running.url)
        yield running


@pytest.fixture
def buyer(wechat: Platform) -> Person:
    return person_on(wechat, PROGRAM)


@pytest.fixture
def sold(wechat: Platform, shop: Shop, buyer: Person, callback: Callback) -> str:
    """The transaction's id."""
    shop.order(NUMBER, appid=PROGRAM, payer={"openid": buyer.openid})
    trade = wechat.pay.trades[shop.merchant.mch_id, NUMBER]
    wechat.pay.pay(trade, buyer.openid)
    return trade.transaction_id


def post(server: Running, path: str, body: dict[str, Any]) -> dict[str, Any]:
    asked = {"grant_type": "client_credential", "appid": PROGRAM, "secret": SECRET}
    token = requests.post(f"{server.url}/cgi-bin/stable_token", json=asked, timeout=5).json()["access_token"]
    answer: dict[str, Any] = requests.post(
        f"{server.url}{path}",
        params={"access_token": token},
        data=json.dumps(body, ensure_ascii=False).encode(),
        timeout=5,
    ).json()
    return answer


def shipment(sold: str, buyer: Person, **changed: Any) -> dict[str, Any]:
    return {
        "order_key": {"order_number_type": 2, "transaction_id": sold},
        "logistics_type": 3,
        "delivery_mode": 1,
        "shipping_list": [{"item_desc": "清洗服务卡"}],
        "upload_time": "2023-11-14T12:00:00.120+08:00",
        "payer": {"openid": buyer.openid},
        **changed,
    }


def test_what_was_sold_is_shipped_and_settled_two_days_later(
    wechat: Platform, server: Running, callback: Callback, sold: str, buyer: Person
) -> None:
    state = lambda: post(server, GET, {"transaction_id": sold})["order"]["order_state"]  # noqa: E731
    assert state() == 1
    assert post(server, UPLOAD, shipment(sold, buyer))["errcode"] == 0
    told = wait_for_event(callback, "trade_manage_order_settlement")
    assert (told["transaction_id"], told["merchant_trade_no"]) == (sold, NUMBER)
    assert "settlement_time" not in told
    assert state() == 2
    callback.seen.clear()
    wechat.clock.advance(days=2)
    assert wechat.pay.timeline.settle()
    assert "settlement_time" in wait_for_event(callback, "trade_manage_order_settlement")
    assert state() == 4


def test_who_does_not_ship_is_reminded_after_two_days(
    wechat: Platform, callback: Callback, sold: str, buyer: Person
) -> None:
    wechat.clock.advance(hours=47)
    assert wechat.pay.timeline.settle()
    assert not [seen for seen in callback.seen if seen.fields.get("Event") == "trade_manage_remind_shipping"]
    wechat.clock.advance(hours=1)
    told = wait_for_event(callback, "trade_manage_remind_shipping")
    assert told["merchant_trade_no"] == NUMBER
    assert told["FromUserName"] != buyer.openid, "the platform speaks"


def test_who_has_shipped_is_not_reminded(
    wechat: Platform, server: Running, callback: Callback, sold: str, buyer: Person
) -> None:
    post(server, UPLOAD, shipment(sold, buyer))
    wechat.clock.advance(days=2)
    assert wechat.pay.timeline.settle(20)
    wait_for_event(callback, "trade_manage_order_settlement")
    assert not [row for row in wechat.log.rows(direction="push") if "remind" in row["what"]]


def test_it_can_be_corrected_once(server: Running, sold: str, buyer: Person) -> None:
    def upload(words: str) -> int:
        return int(post(server, UPLOAD, shipment(sold, buyer, shipping_list=[{"item_desc": words}]))["errcode"])

    assert [upload("卡"), upload("卡"), upload("延保"), upload("卡")] == [0, 10060023, 0, 10060003]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"order_key": {"order_number_type": 2, "transaction_id": "4200000"}}, 10060001),
        ({"order_key": {"order_number_type": 1, "mchid": "1", "out_trade_no": NUMBER}}, 10060001),
        ({"payer": {"openid": "oNobody"}}, 10060031),
        ({"upload_time": "2023-11-14 12:00:00"}, 268485216),
        ({"logistics_type": 1}, 40097),
        ({"logistics_type": 9}, 40097),
        ({"shipping_list": []}, 40097),
        ({"shipping_list": [{"item_desc": "x" * 121}]}, 40097),
    ],
)
def test_what_it_does_not_take(server: Running, sold: str, buyer: Person, changed: dict[str, Any], code: int) -> None:
    assert post(server, UPLOAD, shipment(sold, buyer, **changed))["errcode"] == code


def test_the_merchants_number_names_the_order_as_well(server: Running, shop: Shop, sold: str, buyer: Person) -> None:
    key = {"order_number_type": 1, "mchid": shop.merchant.mch_id, "out_trade_no": NUMBER}
    assert post(server, UPLOAD, shipment(sold, buyer, order_key=key))["errcode"] == 0
