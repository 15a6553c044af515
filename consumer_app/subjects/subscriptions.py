"""Messages one may be sent once for each consent: which templates are worth asking about, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from consumer_app.counter import NotHere
from consumer_app.person import Person
from domain.notices.channels import PURPOSES, Purpose
from domain.notices.subscriptions import report_choices
from domain.notices.subscriptions_model import SubscriptionTemplate

AT_ONCE = 3
"""Templates one tap is asked about: more is not read."""


MOMENTS: Mapping[str, Sequence[Purpose]] = {
    "booking": (Purpose.APPOINTMENT, Purpose.QUESTION, Purpose.QUOTE),
    "quote": (Purpose.BILL, Purpose.PROGRESS, Purpose.RATING),
    "payment": (Purpose.PAYMENT, Purpose.REFUND, Purpose.COVER),
}
"""What one would want to hear of next, by what is being done now."""


def templates(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """Of the account one is in; a person without a chat has none."""
    wanted = MOMENTS[given["moment"]]
    found = select(SubscriptionTemplate).where(
        SubscriptionTemplate.account_id == person.account_id, SubscriptionTemplate.purpose.in_(wanted)
    )
    rows = {one.purpose: one for one in person.uow.session.scalars(found)} if person.account_id else {}
    told = [{"id": rows[one].template_id, "title": PURPOSES[one]} for one in wanted if one in rows]
    return {"templates": told[:AT_ONCE]}


def report(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """:raises NotHere: only in WeChat; :raises BadChoices: see there"""
    if person.account_id is None or person.openid is None:
        raise NotHere("请在微信里打开")
    key = given["key"] or f"{person.uow.now:%Y%m%d%H%M%S}"
    report_choices(person.uow, person.account_id, person.openid, given["answers"], key, by=person.by)
    return {"message": "好的，已记下。"}
