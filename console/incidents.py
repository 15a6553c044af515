"""Safety incidents as the staff see them, masked: what was told, who was called, who took it, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.understanding.lexicon import lexicon
from console.chats import Line, chat_lines
from console.showing import mask_words
from console.work_orders import MoveSeen
from domain.access import queries as access
from domain.access import trail
from domain.access.model import Staff
from domain.access.sessions import SignedIn
from domain.catalog.categories import TITLES as CATEGORIES
from domain.incidents import operations, queries
from domain.incidents.lifecycle import INCIDENTS, IncidentStatus
from domain.incidents.model import SafetyIncident
from domain.kit.actors import Role
from domain.kit.errors import Refused
from domain.kit.personal import mask_address, mask_phone
from domain.kit.unit_of_work import UnitOfWork

EVERYBODY = "所有人"


@dataclass(frozen=True)
class IncidentRow:
    """One line of the list."""

    id: str
    status: IncidentStatus
    dangers: str
    category: str
    words: str
    opened_at: datetime
    taken_by: str
    pages: int


@dataclass(frozen=True)
class CallSeen:
    """One call for somebody on duty."""

    at: datetime
    who: str
    sent: bool


@dataclass(frozen=True)
class IncidentSeen:
    row: IncidentRow
    phone: str
    address: str
    customer_id: str | None
    work_order_id: str | None
    taken_at: datetime | None
    closed_at: datetime | None
    finding: str
    moves: Sequence[MoveSeen]
    calls: Sequence[CallSeen]
    chat: Sequence[Line]


@dataclass(frozen=True)
class OnCallSeen:
    """Who is called for a brand, in order, and who else could be."""

    called: Sequence[Staff]
    others: Sequence[Staff]


def incident_rows(uow: UnitOfWork) -> list[IncidentRow]:
    """Those that wait for somebody first."""
    found = queries.incidents(uow)
    names = access.names_of(uow, [f"staff:{one.taken_by}" for one in found if one.taken_by])
    return [row_of(one, names) for one in found]


def row_of(one: SafetyIncident, names: dict[str, str]) -> IncidentRow:
    symptoms = lexicon().symptoms
    dangers = "、".join(symptoms[label].title if label in symptoms else label for label in one.dangers)
    return IncidentRow(
        one.id, one.status, dangers, CATEGORIES.get(one.category_code or "", ""), mask_words(one.words), one.opened_at,
        names.get(f"staff:{one.taken_by}", "") if one.taken_by else "", one.pages,
    )  # fmt: skip


def look_at_incident(uow: UnitOfWork, incident_id: str, who: SignedIn) -> IncidentSeen:
    """One incident, and the look itself on record.

    :raises NotFound: there is none
    """
    one = uow.get(SafetyIncident, incident_id, called="这个安全事件")
    trail.record(uow, who.actor, "incident.view", "incident", one.id)
    calls = queries.pages_of(uow, one.id)
    names = access.names_of(uow, [f"staff:{id_}" for id_ in (one.taken_by, *(call.staff_id for call in calls)) if id_])
    return IncidentSeen(
        row=row_of(one, names),
        phone=mask_phone(one.phone or ""),
        address=mask_address(one.address or ""),
        customer_id=one.customer_id,
        work_order_id=one.work_order_id,
        taken_at=one.taken_at,
        closed_at=one.closed_at,
        finding=mask_words(one.finding),
        moves=[MoveSeen(m.name, m.title, m.reason) for m in INCIDENTS.allowed(one.status, Role.STAFF)],
        calls=[
            CallSeen(call.at, names.get(f"staff:{call.staff_id}", EVERYBODY), call.sent_at is not None)
            for call in calls
        ],
        chat=chat_lines(uow, one.account_id, one.openid) if one.account_id and one.openid else [],
    )


def move(uow: UnitOfWork, incident_id: str, name: str, why: str, who: SignedIn) -> SafetyIncident:
    """Take an incident or close it with what was found.

    :raises MoveRefused: somebody was first, or nothing was found out
    """
    return operations.move_incident(uow, incident_id, name, by=who.actor, why=why[:1000])


def look_at_on_call(uow: UnitOfWork, brand_id: str) -> OnCallSeen:
    people = {one.id: one for one in access.staff_list(uow) if one.disabled_at is None}
    called = [people[id_] for id_ in queries.on_call(uow, brand_id) if id_ in people]
    return OnCallSeen(called, [one for one in people.values() if one not in called])


def set_on_call(uow: UnitOfWork, brand_id: str, staff_ids: Sequence[str], who: SignedIn) -> None:
    """:raises Refused: somebody twice, or who is not there"""
    known = {one.id for one in access.staff_list(uow) if one.disabled_at is None}
    if len(set(staff_ids)) != len(staff_ids) or not set(staff_ids) <= known:
        raise Refused("名单里有重复或已停用的人")
    operations.set_on_call(uow, brand_id, staff_ids, by=who.actor)
