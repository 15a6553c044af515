"""What a row of the notices' table holds: `domain.notices.notices` says how the table is put together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.access.roles import StaffRole
from domain.notices.channels import BY_ALL as BY_ALL
from domain.notices.channels import BY_WECHAT as BY_WECHAT
from domain.notices.channels import Channel, Purpose


class To(StrEnum):
    CUSTOMER = "customer"
    ENGINEER = "engineer"
    STAFF = "staff"


class Urgency(StrEnum):
    """``now`` goes at any hour and is worth nothing an hour later; ``soon`` goes at any hour; ``can_wait`` not at night."""

    NOW = "now"
    SOON = "soon"
    CAN_WAIT = "can_wait"


NOW, SOON, CAN_WAIT = Urgency
LASTS: Mapping[Urgency, timedelta] = {NOW: timedelta(hours=1), SOON: timedelta(days=1), CAN_WAIT: timedelta(days=2)}
"""After this long nobody wants to be told any more."""

MATTERS: Mapping[str, str] = {
    "order": "工单进度", "appointment": "上门时间", "change": "改约", "transfer": "产品登记", "sheet": "服务单",
    "quote": "报价", "payment": "付款", "refund": "退款", "invoice": "发票", "cover": "延保凭证", "card": "卡券凭证",
    "rating": "评价", "callback": "回访", "complaint": "投诉处理", "rectification": "整改",
    "offer": "派单", "visit": "派单", "appraisal": "鉴定", "help": "支援", "dispatch": "派单", "clock": "时效",
    "money": "对账", "risk": "风险",
}  # fmt: skip
"""★ What people may be told of unasked, by the first word of a notice's name. Each is something the person has already
bought, asked for or been promised; marketing is none of them and has no channel here (wechat-protocol §9.1)."""


class NotAMatter(ValueError):
    """A notice about something people may not be told of unasked."""


@dataclass(frozen=True)
class Notice:
    """One row. ``title`` is for the staff's pages. ``key``: the same key is never said twice. ``instead`` names what it takes
    the place of while that still waits to be sent about the same order. ``must``: when no channel reaches the customer,
    somebody calls."""

    name: str
    title: str
    words: str
    key: str
    to: To = To.CUSTOMER
    by: Sequence[Channel] = BY_WECHAT
    urgency: Urgency = CAN_WAIT
    sms: str = ""
    purpose: Purpose | None = Purpose.PROGRESS
    state: str = ""
    tip: str = ""
    instead: Sequence[str] = ()
    must: bool = False
    role: StaffRole | None = None

    def __post_init__(self) -> None:
        if self.name.partition(".")[0] not in MATTERS:
            raise NotAMatter(self.name)


def of_order(move: str, title: str, state: str, tip: str, words: str, **more: object) -> Notice:
    """One about a move of the order or a visit; ``{line}`` is the line of the history."""
    key = f"order.{move}:{{line}}"
    return Notice(f"order.{move}", title, words, key, state=state, tip=tip, **more)  # type: ignore[arg-type]


def for_engineer(name: str, title: str, state: str, sms: str, key: str, urgency: Urgency = SOON) -> Notice:
    """One to an engineer's phone by text message; ``state`` is what a gateway's template says of it."""
    return Notice(
        name, title, sms, key, to=To.ENGINEER, by=(Channel.SMS,), urgency=urgency, sms=sms, purpose=None, state=state
    )


def for_staff(name: str, title: str, words: str, key: str, role: StaffRole) -> Notice:
    """One to a role, by the pager: no personal data, the console has the rest."""
    return Notice(name, title, words, key, to=To.STAFF, by=(Channel.STAFF,), urgency=SOON, purpose=None, role=role)
