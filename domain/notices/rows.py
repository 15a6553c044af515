"""What a row of the notices' table holds: `domain.notices.notices` and `domain.notices.of_sheets` are the table. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.access.roles import StaffRole
from domain.notices.channels import Channel, Purpose

CHAT, TEMPLATE, SMS, STAFF = Channel


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

BY_WECHAT = (CHAT, TEMPLATE)
BY_ALL = (CHAT, TEMPLATE, SMS)


@dataclass(frozen=True)
class Notice:
    """One row. ``key``: the same key is never said twice. ``instead`` names what it takes the place of while that still
    waits to be sent about the same order. ``must``: when no channel reaches the customer, somebody calls."""

    name: str
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


def of_order(move: str, state: str, tip: str, words: str, **more: object) -> Notice:
    """One about a move of the order or a visit; ``{line}`` is the line of the history."""
    key = f"order.{move}:{{line}}"
    return Notice(f"order.{move}", words, key, state=state, tip=tip, **more)  # type: ignore[arg-type]


def for_engineer(name: str, sms: str, key: str, urgency: Urgency = SOON) -> Notice:
    """One to an engineer's phone: until there is an app for them, nothing else reaches them."""
    return Notice(name, sms, key, to=To.ENGINEER, by=(SMS,), urgency=urgency, sms=sms, purpose=None)


def for_staff(name: str, words: str, key: str, role: StaffRole) -> Notice:
    """One to a role, by the pager: no personal data, the console has the rest."""
    return Notice(name, words, key, to=To.STAFF, by=(STAFF,), urgency=SOON, purpose=None, role=role)
