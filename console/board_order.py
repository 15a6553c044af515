"""One order as dispatch sees it: who was considered and why not, who could come now, offers, visits, what was promised."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from console.board_rows import Colour, local, short_place, what_of
from console.board_seen import (
    AppointmentSeen,
    CandidateSeen,
    ChangeSeen,
    ComingSeen,
    DecisionSeen,
    DispatchSeen,
    OfferSeen,
    Said,
    ShareSeen,
    WaitingSeen,
)
from console.showing import mask_words
from domain.access import queries as access
from domain.appointments.lifecycle import APPOINTMENTS, CHANGES, ChangeStatus
from domain.appointments.model import Appointment, ChangeRequest
from domain.appointments.queries import appointments_of
from domain.appointments.reasons import WORDS as CHANGED
from domain.appointments.windows import window_words
from domain.dispatch.lifecycle import OFFERS
from domain.dispatch.model import Decision, Offer, WaitingOrder
from domain.dispatch.reasons import REASSIGN, REFUSE, WAITING
from domain.dispatch.standing import version_of
from domain.engineers.model import Engineer
from domain.kit.actors import Role
from domain.kit.personal import mask_name
from domain.kit.unit_of_work import UnitOfWork
from domain.service_levels.policies import CLOCKS
from domain.service_levels.queries import colours
from domain.work_orders.lifecycle import COMING
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder
from domain.work_orders.queries import visits

WHYS = {
    "opened": "新工单", "refused": "工程师拒单", "expired": "超时未答复", "again": "再次尝试", "manual": "调度员指派",
    "booked": "客户预约", "changed": "资料改了",
}  # fmt: skip
OUTCOMES = {"offered": "已询问", "assigned": "已指派", "kept": "维持不变"}


DECISIONS = 10
"""The newest, in full: an order that waits for days is decided about hundreds of times."""


def look_at_dispatch(uow: UnitOfWork, order_id: str) -> DispatchSeen:
    """:raises NotFound: there is no such order, or it is not this person's to see"""
    order = uow.get(WorkOrder, order_id, called="这张工单")
    found = select(Decision).where(Decision.work_order_id == order.id).order_by(Decision.at.desc(), Decision.id.desc())
    decisions = uow.session.scalars(found.limit(DECISIONS)).all()
    offers = uow.session.scalars(
        select(Offer).where(Offer.work_order_id == order.id).order_by(Offer.offered_at.desc(), Offer.id)
    ).all()
    coming = visits(uow, order.id)
    shares = uow.session.scalars(
        select(VisitEngineer).where(VisitEngineer.visit_id.in_([visit.id for visit in coming]))
    ).all()
    people = engineers_named(uow, mentioned(decisions, offers, shares))
    names = access.names_of(uow, [decision.by for decision in decisions])
    worst = colours(uow, [order.id]).get(order.id)
    waiting = uow.session.get(WaitingOrder, order.id)
    return DispatchSeen(
        order_id=order.id,
        number=order.number,
        version=version_of(uow, order.id),
        status=order.status,
        service_type=order.service_type,
        what=what_of(order),
        customer=mask_name(order.contact_name or ""),
        place=short_place(order),
        words=mask_words(order.words),
        wish=order.wanted_time or "",
        urged=order.urged,
        hard=order.hard,
        colour=Colour(worst.colour, local(worst.due_at), CLOCKS[worst.clock].title) if worst else Colour(),
        waiting=waiting_seen(waiting) if waiting else None,
        appointments=[appointment_seen(one) for one in appointments_of(uow, order.id)],
        changes=changes_of(uow, order.id),
        visits=[coming_seen(visit, shares, people) for visit in coming],
        offers=[offer_seen(offer, people) for offer in offers],
        decisions=[decision_seen(one, people, names) for one in decisions],
    )


Names = dict[str, tuple[str, str]]
"""Engineer → name and code."""


def mentioned(decisions: Iterable[Decision], offers: Iterable[Offer], shares: Iterable[VisitEngineer]) -> set[str]:
    told = {line["engineer_id"] for decision in decisions for line in decision.considered}
    told |= {decision.engineer_id for decision in decisions if decision.engineer_id}
    return told | {offer.engineer_id for offer in offers} | {share.engineer_id for share in shares}


def engineers_named(uow: UnitOfWork, ids: Collection[str]) -> Names:
    rows = uow.session.execute(select(Engineer.id, Engineer.name, Engineer.code).where(Engineer.id.in_(list(ids))))
    return {id_: (name, code) for id_, name, code in rows}


def named(people: Names, engineer_id: str | None) -> str:
    """Somebody outside one's scope is nobody in particular."""
    return people.get(engineer_id or "", ("其他服务商的工程师", ""))[0] if engineer_id else ""


def candidate_seen(line: dict[str, Any], people: Names) -> CandidateSeen | None:
    """None for somebody outside one's scope."""
    if line["engineer_id"] not in people:
        return None
    name, code = people[line["engineer_id"]]
    window = [datetime.fromisoformat(at) for at in line.get("window") or ()]
    return CandidateSeen(
        engineer_id=line["engineer_id"],
        name=name,
        code=code,
        score=line.get("score"),
        window=window_words(*window) if window else "",
        since=local(window[0]) if window else None,
        objections=[Said(one["code"], one["words"]) for one in line["objections"]],
        points=[Said(one["code"], one["words"], one["points"]) for one in line["points"]],
    )


def considered_seen(lines: Iterable[dict[str, Any]], people: Names) -> list[CandidateSeen]:
    return [seen for line in lines if (seen := candidate_seen(line, people))]


def decision_seen(decision: Decision, people: Names, names: dict[str, str]) -> DecisionSeen:
    why, _, code = decision.why.partition(":")
    reason = REASSIGN.get(code)
    return DecisionSeen(
        at=local(decision.at),
        by=names.get(decision.by, decision.by),
        why=f"改派：{reason.words}" if reason else WHYS.get(why, "重新安排"),
        outcome=OUTCOMES.get(decision.outcome) or WAITING.get(decision.outcome, decision.outcome),
        engineer=named(people, decision.engineer_id),
        override=mask_words(decision.override),
        considered=considered_seen(decision.considered, people),
    )


def with_words(reason: str, why: str) -> str:
    """A reason and what was said of it; once, where nothing but the reason was said."""
    return "：".join(dict.fromkeys(part for part in (reason, mask_words(why)) if part))


def offer_seen(offer: Offer, people: Names) -> OfferSeen:
    reason = REFUSE[offer.reason_code].words if offer.reason_code in REFUSE else ""
    words = with_words(reason, offer.why)
    if offer.taken_back in REASSIGN:
        words = f"后来改派：{REASSIGN[offer.taken_back].words}"
    return OfferSeen(
        offer.id, named(people, offer.engineer_id), offer.status, OFFERS.titles[offer.status], local(offer.offered_at),
        local(offer.answer_by), offer.answered_at and local(offer.answered_at), words,
    )  # fmt: skip


def coming_seen(visit: Visit, shares: Iterable[VisitEngineer], people: Names) -> ComingSeen:
    mine = [
        ShareSeen(one.engineer_id, named(people, one.engineer_id), one.share, one.lead)
        for one in shares
        if one.visit_id == visit.id
    ]
    lead_first = sorted(mine, key=lambda one: not one.lead)
    return ComingSeen(visit.id, visit.seq, visit.status, visit.status in COMING, lead_first)


def appointment_seen(one: Appointment) -> AppointmentSeen:
    words = window_words(one.window_since, one.window_until)
    reason = with_words(CHANGED.get(one.reason_code, ""), one.why)
    return AppointmentSeen(one.id, words, one.status, APPOINTMENTS.titles[one.status], local(one.at), reason)


def changes_of(uow: UnitOfWork, order_id: str) -> list[ChangeSeen]:
    rows = uow.session.scalars(select(ChangeRequest).filter_by(work_order_id=order_id).order_by(ChangeRequest.at)).all()
    return [
        ChangeSeen(
            one.id, window_words(one.window_since, one.window_until), CHANGES.titles[one.status],
            bool(CHANGES.allowed(one.status, Role.STAFF)) and one.status in (ChangeStatus.ASKED, ChangeStatus.UNCONFIRMED),
            with_words(CHANGED.get(one.reason_code, ""), one.why),
            local(one.at), local(one.answer_by),
        )
        for one in rows
    ]  # fmt: skip


def waiting_seen(waiting: WaitingOrder) -> WaitingSeen:
    return WaitingSeen(
        WAITING.get(waiting.reason, waiting.reason), waiting.words, local(waiting.since), local(waiting.tried_at),
        waiting.tries, local(waiting.again_at),
    )  # fmt: skip
