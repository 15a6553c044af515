"""Guiding a customer: offering an article, moving the case on, asking again, handing over to a repair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.events import Event
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge import library
from domain.knowledge.events import GuideSolved, GuideUnsolved, GuideWatching
from domain.knowledge.lifecycle import GUIDES, OPEN, SOLVED, UNSOLVED, WATCHING, GuideStatus
from domain.knowledge.model import GuidedCase

CALLBACK_AFTER = timedelta(minutes=30)
"""How long "再观察" waits before the customer is asked (requirements A8)."""

ANNOUNCED: Mapping[GuideStatus, type[GuideSolved] | type[GuideWatching] | type[GuideUnsolved]] = {
    SOLVED: GuideSolved,
    WATCHING: GuideWatching,
    UNSOLVED: GuideUnsolved,
}


class NoSelfHelp(Refused):
    """Nothing may be tried here: it is dangerous, or the code calls for an engineer."""

    code = "no_self_help"


class NotFailed(Refused):
    """Only a case whose steps did not help becomes a repair."""

    code = "guide_not_failed"


def offer_guide(
    uow: UnitOfWork, *, by: Actor, brand_id: str, account_id: str, openid: str, category_code: str, article_id: str,
    symptoms: Sequence[str] = (), error_code: str | None = None, brand_code: str | None = None,
    customer_id: str | None = None, answers: Mapping[str, Any] | None = None,
) -> GuidedCase:  # fmt: skip
    """Keep that this person was given this article. Given again before it is closed, it is the same case.

    :raises NoSelfHelp: nothing may be tried with these symptoms or this code
    :raises NotFound: there is no such article
    """
    if not library.is_self_help_allowed(symptoms, category_code, error_code, brand_code):
        raise NoSelfHelp("这个情况不建议自己处理，请停止使用并等待工程师")
    offered = library.article(article_id)
    if case := open_case(uow, account_id, openid, offered.id):
        return case
    case = GuidedCase(
        id=uow.new_id("gc"), brand_id=brand_id, account_id=account_id, openid=openid, customer_id=customer_id,
        category_code=category_code, article_id=offered.id, symptoms=list(symptoms), error_code=error_code,
        answers=dict(answers or {}), status=GUIDES.start, offered_at=uow.now,
    )  # fmt: skip
    uow.session.add(case)
    uow.session.flush()
    trail.record(uow, by, "guide.offer", "guided_case", case.id, article=offered.id)
    return case


def open_case(uow: UnitOfWork, account_id: str, openid: str, article_id: str) -> GuidedCase | None:
    found = select(GuidedCase).filter_by(account_id=account_id, openid=openid, article_id=article_id)
    return uow.session.scalars(found.where(GuidedCase.status.in_(OPEN))).first()


def move_guide(uow: UnitOfWork, case_id: str, name: str, *, by: Actor, why: str = "") -> GuidedCase:
    """``solve``, ``watch`` or ``fail`` a case and announce it. Watching sets, or sets anew, when to ask again.

    :raises MoveRefused: it is closed already, or not this role's to move
    """
    case = uow.get(GuidedCase, case_id, called="这次自助指导", lock=True)
    _, to = GUIDES.move(case, name, by.role, why=why)
    case.callback_at = uow.now + CALLBACK_AFTER if to is WATCHING else None
    case.called_back_at = None
    if to not in OPEN:
        case.closed_at, case.closed_by = uow.now, str(by)
    trail.record(uow, by, f"guide.{name}", "guided_case", case.id, why=why)
    announced: Event = ANNOUNCED[to](case.id)
    uow.emit(announced)
    return case


def called_back(uow: UnitOfWork, case_id: str, *, by: Actor) -> GuidedCase:
    """The customer was asked how it went: the case stays open for the answer, and is not due again."""
    case = uow.get(GuidedCase, case_id, called="这次自助指导", lock=True)
    case.called_back_at = uow.now
    trail.record(uow, by, "guide.call_back", "guided_case", case.id)
    return case


def put_off(uow: UnitOfWork, case_id: str) -> None:
    """Asking failed: it is tried again later, and does not stand before others meanwhile."""
    case = uow.get(GuidedCase, case_id, called="这次自助指导", lock=True)
    if case.callback_at:
        case.callback_at = uow.now + CALLBACK_AFTER


def became_order(uow: UnitOfWork, case_id: str, order_id: str, *, by: Actor) -> GuidedCase:
    """The steps did not help and this order was opened for it.

    :raises NotFailed: the case is not closed as unsolved
    """
    case = uow.get(GuidedCase, case_id, called="这次自助指导", lock=True)
    if case.status is not UNSOLVED:
        raise NotFailed(f"自助指导当前是“{GUIDES.titles[case.status]}”，不能转为工单")
    case.order_id = order_id
    trail.record(uow, by, "guide.order", "guided_case", case.id, order=order_id)
    return case
