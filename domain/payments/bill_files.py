"""★ Reading the platform's daily bills: lines by the names in their header, amounts as whole fen (wechat-protocol §7.6).

Every value begins with a backquote, and only a comma before one ends a value: names of goods have commas of their own. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from domain.kit.money import Money
from domain.kit.unit_of_work import SHANGHAI

BETWEEN = re.compile(r",(?=`)")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


class BadBill(ValueError):
    """It is no bill as the sheet describes it; the words say where."""


@dataclass(frozen=True)
class TradeLine:
    """One payment (``refund_number`` "") or one refund of the trade bill. ``fee`` is as the platform counts it, part fen included."""

    at: datetime
    mch_id: str
    transaction_id: str
    number: str
    state: str
    fen: int
    refund_id: str
    refund_number: str
    refund_fen: int
    refund_state: str
    fee: Decimal

    @property
    def is_refund(self) -> bool:
        return bool(self.refund_number)


@dataclass(frozen=True)
class FundLine:
    """One movement of the merchant's balance; ``fen`` > 0 came in, < 0 went out."""

    at: datetime
    business_id: str
    flow_id: str
    kind: str
    fen: int
    balance_fen: int
    note: str
    number: str


def read_trades(text: str) -> list[TradeLine]:
    """:raises BadBill: see there"""
    return [
        TradeLine(
            moment(row["交易时间"]), row["商户号"], row["微信订单号"], row["商户订单号"], row["交易状态"], fen(row["订单金额"]),
            blank(row.get("微信退款单号", "")), blank(row.get("商户退款单号", "")), fen(row.get("申请退款金额", "0")),
            row.get("退款状态", ""), number(row["手续费"]),
        )
        for row in rows_of(text, ("交易时间", "商户号", "微信订单号", "商户订单号", "交易状态", "订单金额", "手续费"))
    ]  # fmt: skip


def read_funds(text: str) -> list[FundLine]:
    """:raises BadBill: see there"""
    wanted = (
        "记账时间",
        "微信支付业务单号",
        "资金流水单号",
        "业务类型",
        "收支类型",
        "收支金额(元)",
        "账户结余(元)",
        "业务凭证号",
    )
    return [
        FundLine(
            moment(row["记账时间"]), row["微信支付业务单号"], row["资金流水单号"], row["业务类型"],
            fen(row["收支金额(元)"]) * (1 if row["收支类型"] == "收入" else -1), fen(row["账户结余(元)"]), row.get("备注", ""),
            row["业务凭证号"],
        )
        for row in rows_of(text, wanted)
    ]  # fmt: skip


def rows_of(text: str, wanted: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The lines between the header and the sums, by name.

    :raises BadBill: a column is missing, a line is too short or too long, or the sums count other lines
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n").split("\n")
    names = [name.strip() for name in lines[0].split(",")]
    if missing := [name for name in wanted if name not in names]:
        raise BadBill(f"账单没有“{missing[0]}”这一列")
    body = [line for line in lines[1:] if line]
    last = next((place for place, line in enumerate(body) if not line.startswith("`")), len(body))
    for place, line in enumerate(body[:last], 2):
        values = [value.removeprefix("`").strip() for value in BETWEEN.split(line)]
        if len(values) != len(names):
            raise BadBill(f"账单第 {place} 行有 {len(values)} 列，应为 {len(names)} 列")
        yield dict(zip(names, values, strict=True))
    if last + 1 < len(body):
        counted = BETWEEN.split(body[last + 1])[0].removeprefix("`")
        if counted.isdecimal() and int(counted) != last:
            raise BadBill(f"账单汇总为 {counted} 笔，文件里有 {last} 笔")


def moment(text: str) -> datetime:
    """A time of Shanghai, written 2026-05-12 11:30:00: by the shape first, because `fromisoformat` takes others too."""
    if not MOMENT.fullmatch(text):
        raise BadBill(f"时间“{text}”不对")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as wrong:
        raise BadBill(f"时间“{text}”不对") from wrong


def number(text: str) -> Decimal:
    """An amount in yuan as written, exactly."""
    try:
        return Decimal(text or "0")
    except InvalidOperation as wrong:
        raise BadBill(f"金额“{text}”不对") from wrong


def fen(text: str) -> int:
    """An amount in yuan as whole fen."""
    whole = Money(100).times(number(text))
    if Decimal(whole.fen) != number(text) * 100:
        raise BadBill(f"金额“{text}”不是整分")
    return whole.fen


def blank(text: str) -> str:
    """Numbers that are not there are written as 0 or left empty."""
    return "" if text in ("", "0") else text
