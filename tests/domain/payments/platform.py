"""A payment platform in memory behind `Gateway`: honest about money, and as nasty as a real one about telling.

`lose_before` loses the next call on its way there, `lose_after` its answer: what was asked has happened then.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from domain.kit.unit_of_work import SHANGHAI
from domain.payments.gateway import (
    AlreadyPaid,
    Declined,
    Forged,
    MerchantKeys,
    Notice,
    NotThere,
    Order,
    Prepaid,
    RefundNews,
    RefundOrder,
    Trade,
    Unsure,
)

TRADE_NAMES = """交易时间 公众账号ID 商户号 特约商户号 设备号 微信订单号 商户订单号 用户标识 交易类型 交易状态 付款银行 货币种类 应结订单金额
 代金券金额 微信退款单号 商户退款单号 退款金额 充值券退款金额 退款类型 退款状态 商品名称 商户数据包 手续费 费率 订单金额 申请退款金额
 费率备注"""
FUND_NAMES = """记账时间 微信支付业务单号 资金流水单号 业务名称 业务类型 收支类型 收支金额(元) 账户结余(元) 资金变更提交申请人 备注
 业务凭证号"""


@dataclass
class Taken:
    """A trade as the platform has it. ``paid`` counts how often money came for it: never more than once."""

    order: Order
    mch_id: str
    state: str = "NOTPAY"
    transaction_id: str = ""
    paid_at: datetime | None = None
    refunds: list[str] = field(default_factory=list)


@dataclass
class Given:
    """A refund as the platform has it."""

    asked: RefundOrder
    refund_id: str
    mch_id: str
    asked_at: datetime
    state: str = "PROCESSING"
    done_at: datetime | None = None


@dataclass
class FakePlatform:
    """One platform for one test."""

    now: Callable[[], datetime]
    trades: dict[str, Taken] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    """Everything it would tell, in the order it happened."""
    lose_before: int = 0
    lose_after: int = 0
    away: bool = False
    no_money: bool = False
    calls: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    bills: dict[tuple[date, str], bytes] = field(default_factory=dict)
    """What it gives out instead of the bill it would make."""

    # What people do there

    def pay(self, number: str) -> Notice | None:
        """Somebody pays at the cashier; None when it does not let them."""
        trade = self.trades.get(number)
        if trade is None or trade.state != "NOTPAY" or self.now() >= trade.order.expires_at:
            return None
        trade.state, trade.paid_at = "SUCCESS", self.now().replace(microsecond=0)
        trade.transaction_id = f"42000{next(self.numbers):023}"
        return self.tell("TRANSACTION.SUCCESS", trade=self.shown(trade))

    def finish(self, number: str, state: str = "SUCCESS") -> Notice | None:
        """A refund ends."""
        given = self.given.get(number)
        if given is None or given.state != "PROCESSING":
            return None
        given.state, given.done_at = state, self.now().replace(microsecond=0)
        return self.tell(f"REFUND.{state}", refund=self.news(given, notice=True))

    def tell(self, kind: str, *, trade: Trade | None = None, refund: RefundNews | None = None) -> Notice:
        made = Notice(f"EV-{next(self.numbers)}", kind, {"sealed": "contents"}, trade, refund)
        self.notices.append(made)
        return made

    # What it is asked

    def asked(self, what: str) -> None:
        """:raises Unsure: the call does not arrive"""
        self.calls.append(what)
        if self.away:
            raise Unsure("away")
        if self.lose_before:
            self.lose_before -= 1
            raise Unsure("lost on the way")

    def answered(self) -> None:
        """:raises Unsure: what was asked has happened, and its answer is lost"""
        if self.lose_after:
            self.lose_after -= 1
            raise Unsure("answer lost")

    def order(self, merchant: MerchantKeys, order: Order) -> Prepaid:
        self.asked("order")
        if order.fen < 1 or not 1 <= len(order.title) <= 127 or not 6 <= len(order.number) <= 32:
            raise Declined("PARAM_ERROR", "参数错误")
        known = self.trades.setdefault(order.number, Taken(order, merchant.mch_id))
        if known.state in ("SUCCESS", "REFUND"):
            raise AlreadyPaid
        if known.state == "CLOSED":
            raise Declined("ORDER_CLOSED", "订单已关闭")
        if known.order != order:
            raise Declined("INVALID_REQUEST", "请求重入时，参数与首次请求时不一致")
        self.answered()
        return Prepaid(**{"jsapi": {"prepay_id": f"wx{order.number}"}, "native": {"code_url": f"weixin://{order.number}"},
                          "h5": {"h5_url": f"https://wx/{order.number}"}}[order.method])  # fmt: skip

    def query(self, merchant: MerchantKeys, number: str) -> Trade:
        self.asked("query")
        if number not in self.trades:
            raise NotThere
        self.answered()
        return self.shown(self.trades[number])

    def close(self, merchant: MerchantKeys, number: str) -> None:
        self.asked("close")
        trade = self.trades.get(number)
        if trade is None:
            raise NotThere
        if trade.state in ("SUCCESS", "REFUND"):
            raise AlreadyPaid
        trade.state = "CLOSED"
        self.answered()

    def refund(self, merchant: MerchantKeys, refund: RefundOrder) -> RefundNews:
        self.asked("refund")
        trade = self.trades[refund.order_number]
        if refund.number not in self.given:
            if self.no_money:
                raise Declined("NOT_ENOUGH", "基本账户余额不足")
            so_far = sum(self.given[one].asked.fen for one in trade.refunds if self.given[one].state != "CLOSED")
            assert so_far + refund.fen <= trade.order.fen, "more was asked back than came"
            self.given[refund.number] = Given(
                refund, f"503{next(self.numbers):09}", merchant.mch_id, self.now().replace(microsecond=0)
            )
            trade.refunds.append(refund.number)
            trade.state = "REFUND"
        assert self.given[refund.number].asked == refund, "the same number came with other contents"
        self.answered()
        return self.news(self.given[refund.number])

    def query_refund(self, merchant: MerchantKeys, number: str) -> RefundNews:
        self.asked("query_refund")
        if number not in self.given:
            raise NotThere
        self.answered()
        return self.news(self.given[number])

    def client_params(self, merchant: MerchantKeys, app_id: str, prepay_id: str) -> dict[str, str]:
        return {"appId": app_id, "package": f"prepay_id={prepay_id}"}

    def read_notice(self, merchant: MerchantKeys, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """A notice's body is its place in the list, signed by saying so."""
        if headers.get("Wechatpay-Signature") != "signed":
            raise Forged("signature or key do not fit")
        return self.notices[int(json.loads(body))]

    def shown(self, trade: Taken) -> Trade:
        one = trade.order
        return Trade(
            one.number,
            trade.state,
            trade.mch_id,
            one.app_id,
            trade.transaction_id,
            one.fen,
            "CNY",
            one.openid,
            trade.paid_at,
        )

    def news(self, one: Given, *, notice: bool = False) -> RefundNews:
        return RefundNews(
            one.asked.number, one.refund_id, one.state, one.asked.fen, one.asked.order_number,
            one.mch_id if notice else "", None if notice else one.asked_at, one.done_at,
        )  # fmt: skip

    # Its bills

    def statement(self, merchant: MerchantKeys, day: date, kind: str) -> tuple[bytes, str]:
        self.asked("statement")
        text = self.bills.get((day, kind)) or getattr(self, f"{kind}_bill")(day)
        if not text:
            raise NotThere
        return text, hashlib.sha1(text).hexdigest()

    def trade_bill(self, day: date) -> bytes:
        names = TRADE_NAMES.split()
        rows = [self.trade_row(one) for one in self.trades.values() if on(one.paid_at, day)]
        rows += [self.refund_row(one) for one in self.given.values() if on(one.asked_at, day) and one.state != "CLOSED"]
        return csv(names, [[row.get(name, "") for name in names] for row in rows], "总交易单数")

    def trade_row(self, one: Taken) -> dict[str, str]:
        return {
            "交易时间": stamp(one.paid_at), "公众账号ID": one.order.app_id, "商户号": one.mch_id,
            "微信订单号": one.transaction_id, "商户订单号": one.order.number, "交易类型": "JSAPI", "交易状态": "SUCCESS",
            "货币种类": "CNY", "应结订单金额": yuan(one.order.fen), "退款金额": "0.00", "商品名称": "空调,维修",
            "手续费": f"{fee(one.order.fen) / 100:.5f}", "费率": "0.60%", "订单金额": yuan(one.order.fen), "申请退款金额": "0.00",
        }  # fmt: skip

    def refund_row(self, one: Given) -> dict[str, str]:
        trade = self.trades[one.asked.order_number]
        return {
            "交易时间": stamp(one.asked_at), "公众账号ID": trade.order.app_id, "商户号": one.mch_id,
            "微信订单号": trade.transaction_id, "商户订单号": trade.order.number, "交易类型": "JSAPI", "交易状态": "REFUND",
            "货币种类": "CNY", "应结订单金额": "0.00", "微信退款单号": one.refund_id, "商户退款单号": one.asked.number,
            "退款金额": yuan(one.asked.fen), "退款类型": "ORIGINAL", "退款状态": one.state, "商品名称": "空调,维修",
            "手续费": f"-{fee(one.asked.fen) / 100:.5f}", "费率": "0.60%", "订单金额": "0.00", "申请退款金额": yuan(one.asked.fen),
        }  # fmt: skip

    def fund_bill(self, day: date) -> bytes:
        names = FUND_NAMES.split()
        rows: list[dict[str, str]] = []
        for one in self.trades.values():
            if on(one.paid_at, day):
                ids = (one.transaction_id, one.order.number, one.paid_at)
                rows += [
                    self.flow("交易", "收入", one.order.fen, *ids),
                    self.flow("扣除交易手续费", "支出", fee(one.order.fen), *ids),
                ]
        for back in self.given.values():
            if on(back.asked_at, day) and back.state != "CLOSED":
                back_ids = (back.refund_id, back.asked.number, back.asked_at)
                rows += [
                    self.flow("退款", "支出", back.asked.fen, *back_ids),
                    self.flow("退还交易手续费", "收入", fee(back.asked.fen), *back_ids),
                ]
        return csv(names, [[row.get(name, "") for name in names] for row in rows if row], "资金流水总笔数")

    def flow(self, kind: str, sign: str, fen: int, business: str, voucher: str, at: datetime | None) -> dict[str, str]:
        if not fen:
            return {}
        return {
            "记账时间": stamp(at), "微信支付业务单号": business, "资金流水单号": f"F{kind}{business}", "业务名称": kind, "业务类型": kind,
            "收支类型": sign, "收支金额(元)": yuan(fen), "账户结余(元)": "0.00", "业务凭证号": voucher,
        }  # fmt: skip


def fee(fen: int) -> int:
    return (fen * 60 + 5_000) // 10_000


def on(at: datetime | None, day: date) -> bool:
    return at is not None and at.astimezone(SHANGHAI).date() == day


def stamp(at: datetime | None) -> str:
    assert at
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def csv(names: list[str], rows: list[list[str]], total: str) -> bytes:
    """As the platform writes it: a backquote before every value, commas inside not escaped, two lines of sums at the end."""
    if not rows:
        return b""
    lines = [",".join(names), *(",".join(f"`{value}" for value in row) for row in rows), total, f"`{len(rows)}"]
    return "\ufeff".encode() + "".join(f"{line}\r\n" for line in lines).encode()
