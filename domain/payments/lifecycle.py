"""The lives of what is owed, of an attempt to pay it, of a refund, of a request for an invoice and of a difference in a bill.

To add a step, add a status and the moves into and out of it.
"""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move

CUSTOMER, ENGINEER, STAFF, SYSTEM = Role
ANYBODY = frozenset(Role)


class PayableStatus(StrEnum):
    OPEN = "open"
    PAID = "paid"
    REFUNDED = "refunded"
    VOID = "void"


PAYABLES = Lifecycle(
    start=PayableStatus.OPEN,
    titles={
        PayableStatus.OPEN: "待付款", PayableStatus.PAID: "已付款", PayableStatus.REFUNDED: "已全部退款",
        PayableStatus.VOID: "已作废",
    },
    moves=[
        #    name         title     from                  to                      by
        Move("pay",       "付清",   {PayableStatus.OPEN}, PayableStatus.PAID,     ANYBODY),
        Move("give_back", "全部退款", {PayableStatus.PAID}, PayableStatus.REFUNDED, ANYBODY),
        Move("void",      "作废",   {PayableStatus.OPEN}, PayableStatus.VOID,     ANYBODY),
    ],
)  # fmt: skip


class PaymentStatus(StrEnum):
    CREATED = "created"
    PENDING = "pending"
    UNKNOWN = "unknown"
    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    CLOSED = "closed"


CREATED, PENDING, UNKNOWN, PAID, REFUNDING, REFUNDED, CLOSED = PaymentStatus
LIVE = (CREATED, PENDING, UNKNOWN)
"""An attempt that may still be paid: a payable has at most one."""
TAKEN = (PAID, REFUNDING, REFUNDED)
"""Money came."""

PAYMENTS = Lifecycle(
    start=CREATED,
    titles={
        CREATED: "已创建", PENDING: "待付款", UNKNOWN: "结果待查", PAID: "已付款", REFUNDING: "退款中",
        REFUNDED: "已退款", CLOSED: "已关闭",
    },
    moves=[
        #    name       title         from                                to         by
        Move("order",   "下单",       {CREATED, UNKNOWN},                 PENDING,   ANYBODY),
        Move("doubt",   "结果待查",   {CREATED, PENDING},                 UNKNOWN,   ANYBODY),
        Move("pay",     "收到款",     {CREATED, PENDING, UNKNOWN, CLOSED}, PAID,      ANYBODY),
        Move("close",   "关闭",       {CREATED, PENDING, UNKNOWN},        CLOSED,    ANYBODY),
        Move("refund",  "退款",       {PAID},                             REFUNDING, ANYBODY),
        Move("keep",    "退款结束",   {REFUNDING},                        PAID,      ANYBODY),
        Move("empty",   "全部退完",   {REFUNDING},                        REFUNDED,  ANYBODY),
    ],
)  # fmt: skip
"""Nothing but an answer the platform signed, or a refusal that proves it, ends `UNKNOWN`. Money that comes after closing is money."""


class RefundStatus(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    UNKNOWN = "unknown"
    SENT = "sent"
    ABNORMAL = "abnormal"
    SUCCEEDED = "succeeded"
    REJECTED = "rejected"
    CLOSED = "closed"


HELD_BACK = (
    RefundStatus.ASKED, RefundStatus.APPROVED, RefundStatus.UNKNOWN, RefundStatus.SENT, RefundStatus.ABNORMAL,
    RefundStatus.SUCCEEDED,
)  # fmt: skip
"""Refunds whose money nobody else may have."""
ON_THE_WAY = (RefundStatus.APPROVED, RefundStatus.UNKNOWN, RefundStatus.SENT)

REFUNDS = Lifecycle(
    start=RefundStatus.ASKED,
    titles={
        RefundStatus.ASKED: "待审批", RefundStatus.APPROVED: "已批准", RefundStatus.UNKNOWN: "结果待查",
        RefundStatus.SENT: "退款中", RefundStatus.ABNORMAL: "退款异常", RefundStatus.SUCCEEDED: "已退款",
        RefundStatus.REJECTED: "不同意", RefundStatus.CLOSED: "退款失败",
    },
    moves=[
        Move("approve", "批准", {RefundStatus.ASKED}, RefundStatus.APPROVED, {STAFF, SYSTEM}),
        Move("reject", "不同意退款", {RefundStatus.ASKED}, RefundStatus.REJECTED, {STAFF, SYSTEM}, reason=True),
        Move("doubt", "结果待查", {RefundStatus.APPROVED}, RefundStatus.UNKNOWN, {SYSTEM}),
        Move("send", "受理", {RefundStatus.APPROVED, RefundStatus.UNKNOWN}, RefundStatus.SENT, {SYSTEM}),
        Move("succeed", "退款成功", {*ON_THE_WAY, RefundStatus.ABNORMAL}, RefundStatus.SUCCEEDED, {SYSTEM}),
        Move("fail", "退款异常", set(ON_THE_WAY), RefundStatus.ABNORMAL, {SYSTEM}),
        Move("close", "退款失败", {*ON_THE_WAY, RefundStatus.ABNORMAL}, RefundStatus.CLOSED, {SYSTEM}),
        Move("give_up", "放弃退款", {RefundStatus.ABNORMAL}, RefundStatus.CLOSED, {STAFF}, reason=True),
        Move("pay_out", "另行退还", {RefundStatus.APPROVED, RefundStatus.ABNORMAL}, RefundStatus.SUCCEEDED, {STAFF}, reason=True),
    ],
)  # fmt: skip


class InvoiceStatus(StrEnum):
    ASKED = "asked"
    ISSUED = "issued"
    REFUSED = "refused"


INVOICES = Lifecycle(
    start=InvoiceStatus.ASKED,
    titles={InvoiceStatus.ASKED: "待开票", InvoiceStatus.ISSUED: "已开票", InvoiceStatus.REFUSED: "未开"},
    moves=[
        Move("issue", "开票", {InvoiceStatus.ASKED}, InvoiceStatus.ISSUED, {STAFF}),
        Move("refuse", "不开票", {InvoiceStatus.ASKED}, InvoiceStatus.REFUSED, {STAFF}, reason=True),
    ],
)


class DifferenceStatus(StrEnum):
    OPEN = "open"
    SETTLED = "settled"


DIFFERENCES = Lifecycle(
    start=DifferenceStatus.OPEN,
    titles={DifferenceStatus.OPEN: "待处理", DifferenceStatus.SETTLED: "已处理"},
    moves=[
        Move("settle", "处理", {DifferenceStatus.OPEN}, DifferenceStatus.SETTLED, {STAFF}, reason=True),
        Move("vanish", "再次核对一致", {DifferenceStatus.OPEN}, DifferenceStatus.SETTLED, {SYSTEM}),
    ],
)
