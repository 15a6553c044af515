"""The lives of a contract (an extended warranty or a card), of one use of a card, and of a gift. A step more is a row more."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move


class CoverStatus(StrEnum):
    ORDERED = "ordered"
    ACTIVE = "active"
    REFUNDING = "refunding"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    VOID = "void"


ORDERED, ACTIVE, REFUNDING, EXPIRED, CANCELLED, VOID = CoverStatus
CUSTOMER, ENGINEER, STAFF, SYSTEM = Role

COVERS = Lifecycle(
    start=ORDERED,
    titles={
        ORDERED: "待付款", ACTIVE: "生效", REFUNDING: "退款中", EXPIRED: "已到期", CANCELLED: "已退订", VOID: "未成交",
    },
    moves=[
        #    name        title      from          to          by
        Move("activate", "生效",     {ORDERED},    ACTIVE,     {SYSTEM, CUSTOMER, STAFF}),
        Move("void",     "取消订购",  {ORDERED},    VOID,       {CUSTOMER, ENGINEER, STAFF, SYSTEM}),
        Move("refund",   "申请退订",  {ACTIVE},     REFUNDING,  {CUSTOMER, STAFF}),
        Move("restore",  "退款未通过", {REFUNDING},  ACTIVE,     {SYSTEM}),
        Move("cancel",   "退订",     {REFUNDING},  CANCELLED,  {SYSTEM, CUSTOMER, STAFF}),
        Move("expire",   "到期",     {ACTIVE},     EXPIRED,    {SYSTEM}),
    ],
)  # fmt: skip

LIVE = frozenset({ORDERED, ACTIVE, REFUNDING})
"""It stands in the way of another of the same component for the same days."""


class RedemptionStatus(StrEnum):
    HELD = "held"
    REDEEMED = "redeemed"
    RETURNED = "returned"


HELD, REDEEMED, RETURNED = RedemptionStatus

REDEMPTIONS = Lifecycle(
    start=HELD,
    titles={HELD: "已预留", REDEEMED: "已核销", RETURNED: "已退回"},
    moves=[
        #    name        title    from              to         by
        Move("redeem",   "核销",   {HELD},           REDEEMED,  {SYSTEM, STAFF, ENGINEER}),
        Move("return",   "退回",   {HELD},           RETURNED,  {SYSTEM, STAFF, CUSTOMER, ENGINEER}),
        Move("take_back", "撤回核销", {REDEEMED},    HELD,      {SYSTEM}, (), False, True),
    ],
)  # fmt: skip

COUNTED = frozenset({HELD, REDEEMED})
"""Uses that are gone from the card."""


class GiftStatus(StrEnum):
    ISSUED = "issued"
    REDEEMED = "redeemed"
    WITHDRAWN = "withdrawn"


ISSUED, GIVEN, WITHDRAWN = GiftStatus

GIFTS = Lifecycle(
    start=ISSUED,
    titles={ISSUED: "未兑换", GIVEN: "已兑换", WITHDRAWN: "已作废"},
    moves=[
        #    name        title  from       to          by
        Move("redeem",   "兑换", {ISSUED},  GIVEN,      {CUSTOMER, STAFF, ENGINEER, SYSTEM}),
        Move("withdraw", "作废", {ISSUED},  WITHDRAWN,  {STAFF}),
    ],
)  # fmt: skip
