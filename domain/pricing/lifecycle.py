"""The lives of a quote and of a bill. A quote is never changed: a change is a new version, and the customer is asked again."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move

CUSTOMER, ENGINEER, STAFF, SYSTEM = Role


class QuoteStatus(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


ASKED, CONFIRMED, REJECTED, SUPERSEDED, WITHDRAWN, EXPIRED = QuoteStatus

QUOTES = Lifecycle(
    start=ASKED,
    titles={
        ASKED: "待客户确认", CONFIRMED: "客户已同意", REJECTED: "客户不同意", SUPERSEDED: "已被新报价替代",
        WITHDRAWN: "已撤回", EXPIRED: "逾期未答复",
    },
    moves=[
        #    name          title        from                to           by                                 needs, reason
        Move("confirm",   "同意报价",   {ASKED, EXPIRED},    CONFIRMED,   {CUSTOMER, ENGINEER, STAFF, SYSTEM}),
        Move("reject",    "不同意报价", {ASKED},             REJECTED,    {CUSTOMER, ENGINEER, STAFF}),
        Move("supersede", "另出报价",   {ASKED, CONFIRMED},  SUPERSEDED,  {SYSTEM}),
        Move("withdraw",  "撤回报价",   {ASKED},             WITHDRAWN,   {ENGINEER, STAFF, SYSTEM}, (), True),
        Move("fall",      "报价失效",   {ASKED, CONFIRMED},  WITHDRAWN,   {SYSTEM}, (), True),
        Move("expire",    "逾期失效",   {ASKED},             EXPIRED,     {SYSTEM}),
    ],
)  # fmt: skip
"""The moves name who may; ``confirm`` of an expired one is only the phone's, whose customer signed before it was over; ``fall``
is of what nobody pays any more who was to (`domain.pricing.falling`)."""


class BillStatus(StrEnum):
    ISSUED = "issued"
    NOTHING = "nothing"
    PAID = "paid"
    VOID = "void"


ISSUED, NOTHING, PAID, VOID = BillStatus

BILLS = Lifecycle(
    start=ISSUED,
    titles={ISSUED: "待付款", NOTHING: "无需付款", PAID: "已付清", VOID: "已作废"},
    moves=[
        #    name      title      from               to        by
        Move("free",  "无需付款", {ISSUED},           NOTHING,  {SYSTEM}),
        Move("pay",   "付清",    {ISSUED, VOID},     PAID,     {SYSTEM}),
        Move("void",  "作废",    {ISSUED, NOTHING},  VOID,     {STAFF, SYSTEM}, (), True),
    ],
)  # fmt: skip
