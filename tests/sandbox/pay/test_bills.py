"""Bills of a day: when they are ready, what is in them, and that they add up."""

import gzip
import hashlib
from decimal import Decimal
from typing import Any

import pytest

from sandbox.app import Platform
from sandbox.pay.accounts import OPENING, fee_of
from tests.sandbox.pay.conftest import Counter
from tests.sandbox.pay.merchant import Shop

DAY = "2023-11-14"
TRADES = f"/v3/bill/tradebill?bill_date={DAY}&bill_type=ALL&tar_type=GZIP"
FLOWS = f"/v3/bill/fundflowbill?bill_date={DAY}&account_type=BASIC&tar_type=GZIP"


@pytest.fixture
def sold(counter: Counter) -> Counter:
    """Two payments and a refund; it is 10:00 of the next day."""
    counter.paid("T100000019")
    counter.wechat.clock.advance(hours=1)
    counter.paid("T100000020", fen=1, coupon=0)
    counter.shop.refund("T100000019", "R1", 4_000, reason="少修一项")
    counter.moved(hours=21)
    return counter


def bill(shop: Shop, path: str) -> list[str]:
    """Its lines, once hash and packing are right."""
    offered = shop.call("GET", path).json()
    assert offered["hash_type"] == "SHA1"
    assert offered["download_url"].startswith(shop.server.url)
    answer = shop.call("GET", offered["download_url"].removeprefix(shop.server.url))
    assert "Wechatpay-Signature" not in answer.headers, "downloads are not signed"
    data = gzip.decompress(answer.content) if "GZIP" in path else answer.content
    assert hashlib.sha1(data).hexdigest() == offered["hash_value"]
    return data.decode().splitlines()


def rows(lines: list[str]) -> list[dict[str, str]]:
    """By header name, split where the next character is a backquote."""
    names = lines[0].split(",")
    return [dict(zip(names, line[1:].split(",`"), strict=True)) for line in lines[1:-2]]


def totals(lines: list[str]) -> dict[str, str]:
    return dict(zip(lines[-2].split(","), lines[-1][1:].split(",`"), strict=True))


def test_every_trade_of_the_day_is_a_line_in_yuan(sold: Counter, shop: Shop) -> None:
    lines = bill(shop, TRADES)
    first, second, refund = rows(lines)
    assert (first["交易时间"], first["商户订单号"], first["交易状态"]) == (
        "2023-11-14 12:00:00",
        "T100000019",
        "SUCCESS",
    )
    assert (first["订单金额"], first["手续费"], first["费率"]) == ("100.00", "0.60000", "0.60%")
    assert first["商品名称"] == "空调维修,上门费", "a comma is not escaped"
    assert first["用户标识"] == sold.buyer.openid
    assert (second["订单金额"], second["手续费"]) == ("0.01", "0.00000")
    assert (refund["交易状态"], refund["商户退款单号"], refund["申请退款金额"], refund["退款状态"]) == (
        "REFUND",
        "R1",
        "40.00",
        "SUCCESS",
    )
    assert refund["手续费"] == "-0.24000", "the fee comes back with the money"
    assert totals(lines) == {
        "总交易单数": "3", "应结订单总金额": "100.01", "退款总金额": "40.00", "充值券退款总金额": "0.00",
        "手续费总金额": "0.36000", "订单总金额": "100.01", "申请退款总金额": "40.00",
    }  # fmt: skip


def test_payments_and_refunds_have_bills_of_their_own(sold: Counter, shop: Shop) -> None:
    paid = bill(shop, TRADES.replace("ALL", "SUCCESS"))
    assert len(rows(paid)) == 2
    assert "退款金额" not in paid[0]
    refunded = rows(bill(shop, TRADES.replace("ALL", "REFUND").replace("&tar_type=GZIP", "")))
    assert [one["退款成功时间"] for one in refunded] == ["2023-11-14 13:00:03"]


def test_the_account_moves_line_by_line_and_adds_up(sold: Counter, shop: Shop) -> None:
    lines = bill(shop, FLOWS)
    moves = rows(lines)
    assert [(one["业务名称"], one["收支类型"], one["收支金额(元)"]) for one in moves] == [
        ("交易", "收入", "100.00"),
        ("扣除交易手续费", "支出", "0.60"),
        ("交易", "收入", "0.01"),
        ("退款", "支出", "40.00"),
        ("退还交易手续费", "收入", "0.24"),
    ]
    balance = Decimal(OPENING) / 100
    for one in moves:
        balance += Decimal(one["收支金额(元)"]) * (1 if one["收支类型"] == "收入" else -1)
        assert Decimal(one["账户结余(元)"]) == balance
    assert totals(lines) == {
        "资金流水总笔数": "5", "收入笔数": "3", "收入金额": "100.25", "支出笔数": "2", "支出金额": "40.60",
    }  # fmt: skip


def test_a_bill_is_ready_at_ten_the_next_day(counter: Counter, shop: Shop) -> None:
    counter.paid("T100000019")
    assert shop.call("GET", TRADES).json()["code"] == "PARAM_ERROR", "today has none"
    counter.moved(hours=21, minutes=59)
    assert shop.call("GET", TRADES).json()["code"] == "STATEMENT_CREATING"
    counter.moved(minutes=1)
    assert shop.call("GET", TRADES).ok
    counter.moved(days=100)
    assert shop.call("GET", TRADES).json()["code"] == "PARAM_ERROR", "kept three months"


def test_an_empty_day_has_no_file(wechat: Platform, shop: Shop) -> None:
    wechat.clock.advance(days=2)
    for path in (TRADES, FLOWS, FLOWS.replace("BASIC", "FEES")):
        answer = shop.call("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (400, "NO_STATEMENT_EXIST")


@pytest.mark.parametrize("changed", [("ALL", "SOME"), (DAY, "yesterday"), ("GZIP", "ZIP")])
def test_a_bill_that_cannot_be(wechat: Platform, shop: Shop, changed: tuple[str, str]) -> None:
    wechat.clock.advance(days=2)
    assert shop.call("GET", TRADES.replace(*changed)).json()["code"] == "PARAM_ERROR"


@pytest.mark.parametrize(("fen", "fee"), [(1, 0), (83, 0), (84, 1), (249, 1), (250, 2), (10_000, 60)])
def test_the_fee_is_rounded_half_up_to_a_fen(fen: int, fee: int) -> None:
    assert fee_of(fen) == fee


def test_a_link_works_for_half_a_minute(sold: Counter, shop: Shop) -> None:
    offered: dict[str, Any] = shop.call("GET", TRADES).json()
    sold.wechat.clock.advance(seconds=30)
    path = offered["download_url"].removeprefix(shop.server.url)
    assert shop.call("GET", path).json()["code"] == "PARAM_ERROR"
