"""★ When people are asked for which subscription messages: right before they will want to know.

Consent can only be asked for in a tap. To ask at another step, add a `Moment` and a row of `ASKED`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Purpose
from domain.notices.subscriptions import ASKED_AT_ONCE
from domain.notices.subscriptions_model import SubscriptionCredit, SubscriptionTemplate


class Moment(StrEnum):
    """A step at whose tap people are asked."""

    REPORT = "report"
    BOOKING = "booking"
    QUOTE = "quote"
    PAYMENT = "payment"
    SHEET = "sheet"
    COVER = "cover"


ASKED: Mapping[Moment, Sequence[Purpose]] = {
    Moment.REPORT: (Purpose.APPOINTMENT, Purpose.PROGRESS, Purpose.QUOTE),
    Moment.BOOKING: (Purpose.APPOINTMENT, Purpose.QUESTION, Purpose.PROGRESS, Purpose.QUOTE),
    Moment.QUOTE: (Purpose.BILL, Purpose.PROGRESS, Purpose.QUOTE),
    Moment.PAYMENT: (Purpose.PAYMENT, Purpose.REFUND, Purpose.RATING),
    Moment.SHEET: (Purpose.RATING, Purpose.BILL),
    Moment.COVER: (Purpose.COVER, Purpose.REFUND),
}
"""The most wanted first: the platform shows one question for all of them."""
ENOUGH = 3
"""Who has so many consents left for a template is not asked for more."""
LEFT_ALONE = timedelta(days=30)
"""Whoever said no is not asked again for so long."""


class NoSuchMoment(Refused):
    """Nobody is asked then."""

    code = "no_such_moment"


def templates_to_ask(uow: UnitOfWork, account_id: str, moment: str, openid: str = "") -> list[str]:
    """The template ids to ask for at this step, at most five: of those the account has. With the ``openid`` without what
    the person has enough of, or said no to lately.

    :raises NoSuchMoment: there is no such step
    """
    if moment not in set(Moment):
        raise NoSuchMoment("没有这个订阅时机")
    purposes = ASKED[Moment(moment)]
    kept = (
        select(SubscriptionTemplate).filter_by(account_id=account_id).where(SubscriptionTemplate.purpose.in_(purposes))
    )
    ids = {row.purpose: row.template_id for row in uow.session.scalars(kept)}
    wanted = list(dict.fromkeys(ids[purpose] for purpose in purposes if purpose in ids))
    rows = select(SubscriptionCredit).filter_by(account_id=account_id, openid=openid)
    left_out = {
        row.template_id
        for row in (uow.session.scalars(rows) if openid else ())
        if row.credits >= ENOUGH or (row.refused_at and row.refused_at > uow.now - LEFT_ALONE)
    }
    return [template_id for template_id in wanted if template_id not in left_out][:ASKED_AT_ONCE]
