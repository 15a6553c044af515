"""The visit and the order follow from the registers: whatever came first, the same registers make the same end.

This is the only place that moves a visit for what an engineer recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.engineers.model import Engineer
from domain.kit.actors import Actor, system
from domain.kit.unit_of_work import UnitOfWork
from domain.service_sheets.events import SignatureVoid, VisitEnded
from domain.service_sheets.facts import Values, facts_of, signatures_of
from domain.service_sheets.model import Register, ServiceSheet
from domain.service_sheets.registers import below, registers_of, values_of
from domain.service_sheets.rules import OUTCOMES, missing, rank, strongest
from domain.work_orders.lifecycle import OrderStatus, VisitStatus
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import move_order
from domain.work_orders.visits import move_visit, standing_visit

SHEET = system("service_sheets")
ON_HOLD = frozenset({"blocked", "absent"})
"""Nobody comes again before the customer has seen to it."""
OVER = (VisitStatus.FINISHED, VisitStatus.FAILED)


def follow(uow: UnitOfWork, sheet: ServiceSheet, visit: Visit, order: WorkOrder, by: Actor) -> list[str]:
    """Let visit and order stand as the registers say. Returns what is missing for the end that was asked for, in words."""
    rows = registers_of(uow, visit.id)
    values = values_of(rows)
    facts, present = facts_of(uow, order, visit, values)
    was_signed = any(one.purpose == "sheet" and one.hash == sheet.hash for one in signatures_of(uow, visit.id))
    if was_signed and not facts.sheet_signed:
        uow.emit(SignatureVoid(visit.id, order.id))
    changed, sheet.hash = sheet.hash != present, present
    arrive(uow, visit, order, rows, by)
    asked = sorted(below(values, "end"), key=rank)
    outcome = strongest(asked, facts)
    if changed and outcome == sheet.outcome == "finished":
        uow.emit(VisitEnded(visit.id, order.id, outcome))  # with other contents, which were signed before
    end(uow, sheet, visit, order, outcome, values, by)
    best = asked[0] if asked else ""
    return [wanted.words for wanted in missing(best, facts)] if best and best != sheet.outcome else []


def arrive(uow: UnitOfWork, visit: Visit, order: WorkOrder, rows: Mapping[str, Register], by: Actor) -> None:
    """On the way, and there: at the moment the phone says, by which promises are judged, also where it had no network."""
    left, there = rows.get("milestone.depart"), rows.get("milestone.check_in")
    if left and visit.status is VisitStatus.ACCEPTED and not there:
        move_visit(uow, visit.id, "depart", by=by, at=left.at)
    if there is None or visit.status not in (VisitStatus.ACCEPTED, VisitStatus.DEPARTED):
        return
    why = str((there.value or {}).get("far_reason") or "")
    move_visit(uow, visit.id, "check_in", by=by, why=why, at=there.at)
    if order.status is OrderStatus.REPORTED:
        move_order(uow, order.id, "schedule", by=SHEET)
    if order.status is OrderStatus.SCHEDULED:
        move_order(uow, order.id, "start", by=by)


def end(
    uow: UnitOfWork, sheet: ServiceSheet, visit: Visit, order: WorkOrder, outcome: str, values: Values, by: Actor
) -> None:
    """Come to this end, or back from another one: a stronger end takes over, and one that lacks something again is open.

    A visit that somebody on the staff ended by hand stays as they left it: what was done there is on the sheet all the same.
    """
    if outcome == sheet.outcome or (not sheet.outcome and visit.status in OVER):
        return
    if sheet.outcome and not reopen(uow, sheet, visit, order):
        return
    if outcome:
        row = OUTCOMES[outcome]
        why = reason_of(values.get(f"end.{outcome}"), row.title)
        move_visit(uow, visit.id, row.visit_move, by=by, why=why)
        if row.order_move:
            move_order(uow, order.id, row.order_move, by=by, why=why)
    sheet.outcome = outcome
    sheet.taken_to = station_of(uow, visit) if outcome == "taken_in" else ""
    order.on_hold = outcome if outcome in ON_HOLD else ""
    uow.emit(VisitEnded(visit.id, order.id, outcome))


def reopen(uow: UnitOfWork, sheet: ServiceSheet, visit: Visit, order: WorkOrder) -> bool:
    """Take the end back, unless the order has gone on to another visit."""
    if standing_visit(uow, order.id) not in (None, visit):
        return False
    why = f"现场记录有补正，原结果：{OUTCOMES[sheet.outcome].title}"
    move_visit(uow, visit.id, "reopen", by=SHEET, why=why)
    if order.status is not OrderStatus.IN_SERVICE:
        if order.status is OrderStatus.SCHEDULED:
            move_order(uow, order.id, "start", by=SHEET)
        else:
            move_order(uow, order.id, "reopen", by=SHEET, why=why)
    return True


def station_of(uow: UnitOfWork, visit: Visit) -> str:
    """Where whoever came brings what is taken in."""
    came = uow.session.get(Engineer, visit.engineer_id) if visit.engineer_id else None
    return came.station_id if came else ""


def reason_of(asked: Mapping[str, Any] | None, title: str) -> str:
    return str((asked or {}).get("why") or (asked or {}).get("reason_code") or title)
