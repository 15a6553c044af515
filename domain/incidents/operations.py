"""Opening a safety incident at once, calling people until one has taken it, closing it with what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from domain.access import trail
from domain.access.model import Staff
from domain.incidents.events import IncidentPaged
from domain.incidents.lifecycle import CLOSED, INCIDENTS, OPEN
from domain.incidents.model import IncidentPage, OnCall, SafetyIncident
from domain.kit import live
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork

EVERY = timedelta(minutes=2)
"""Until somebody has taken it, the next person is called after this long."""


def open_incident(
    uow: UnitOfWork, *, by: Actor, brand_id: str, dangers: Sequence[str], words: str, account_id: str, openid: str,
    customer_id: str | None = None, category_code: str | None = None, phone: str | None = None,
    address: str | None = None,
) -> tuple[SafetyIncident, bool]:  # fmt: skip
    """Open an incident and call the first person, or add to the one that is not closed in this chat.

    Returns it and whether it is new.
    """
    known = of_chat(uow, account_id, openid)
    if known:
        tell_more(uow, known, words, dangers=dangers, phone=phone, address=address)
        return known, False
    incident = SafetyIncident(
        id=uow.new_id("si"), brand_id=brand_id, dangers=list(dangers), status=INCIDENTS.start, words=words, phone=phone,
        address=address, category_code=category_code, account_id=account_id, openid=openid, customer_id=customer_id,
        opened_at=uow.now, pages=0, next_page_at=uow.now, finding="",
    )  # fmt: skip
    uow.session.add(incident)
    uow.session.flush()
    trail.record(uow, by, "incident.open", "incident", incident.id, dangers=list(dangers))
    page(uow, incident)
    live.incident_changed(uow)
    return incident, True


def of_chat(uow: UnitOfWork, account_id: str, openid: str) -> SafetyIncident | None:
    """The incident that is not closed in this chat."""
    found = select(SafetyIncident).filter_by(account_id=account_id, openid=openid)
    return uow.session.scalars(found.where(SafetyIncident.status != CLOSED).with_for_update()).first()


def tell_more(
    uow: UnitOfWork, incident: SafetyIncident, words: str = "", *, dangers: Sequence[str] = (),
    phone: str | None = None, address: str | None = None, work_order_id: str | None = None,
) -> None:  # fmt: skip
    """Add what became known since."""
    if words:
        incident.words = f"{incident.words}\n{words}"[-4000:]
    incident.dangers = list(dict.fromkeys([*incident.dangers, *dangers]))
    incident.phone = phone or incident.phone
    incident.address = address or incident.address
    incident.work_order_id = work_order_id or incident.work_order_id
    live.incident_changed(uow)


def page(uow: UnitOfWork, incident: SafetyIncident) -> IncidentPage:
    """Call the next person on the list; after the last the first again."""
    on_call = list(
        uow.session.scalars(
            select(OnCall.staff_id)
            .join(Staff, Staff.id == OnCall.staff_id)
            .where(OnCall.brand_id == incident.brand_id, Staff.disabled_at.is_(None))
            .order_by(OnCall.position)
        )
    )
    call = IncidentPage(
        incident_id=incident.id, staff_id=on_call[incident.pages % len(on_call)] if on_call else None, at=uow.now
    )
    uow.session.add(call)
    incident.pages += 1
    incident.next_page_at = uow.now + EVERY
    uow.session.flush()
    uow.emit(IncidentPaged(incident.id, call.id))
    return call


def page_due(uow: UnitOfWork, limit: int = 50) -> int:
    """Call again for every incident that nobody has taken in time; returns how many."""
    due = select(SafetyIncident).where(SafetyIncident.status == OPEN, SafetyIncident.next_page_at <= uow.now)
    found = uow.session.scalars(
        due.order_by(SafetyIncident.next_page_at).limit(limit).with_for_update(skip_locked=True)
    )
    incidents = found.all()
    for incident in incidents:
        page(uow, incident)
    return len(incidents)


def move_incident(uow: UnitOfWork, incident_id: str, name: str, *, by: Actor, why: str = "") -> SafetyIncident:
    """Take an incident, or close it with what was found.

    :raises MoveRefused: somebody was first, or it is closed
    """
    incident = uow.get(SafetyIncident, incident_id, called="这个安全事件", lock=True)
    INCIDENTS.move(incident, name, by.role, why=why)
    if name == "acknowledge":
        incident.taken_by, incident.taken_at = by.id, uow.now
    else:
        incident.closed_at, incident.finding = uow.now, why
    trail.record(uow, by, f"incident.{name}", "incident", incident.id, why=why)
    live.incident_changed(uow)
    return incident


def set_on_call(uow: UnitOfWork, brand_id: str, staff_ids: Sequence[str], *, by: Actor) -> None:
    """Say who is called for a brand, in order."""
    for old in uow.session.scalars(select(OnCall).filter_by(brand_id=brand_id)):
        uow.session.delete(old)
    uow.session.flush()
    for position, staff_id in enumerate(staff_ids):
        uow.session.add(OnCall(brand_id=brand_id, staff_id=staff_id, position=position))
    trail.record(uow, by, "incident.on_call", "brand", brand_id, staff=list(staff_ids))
