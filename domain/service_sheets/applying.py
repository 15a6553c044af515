"""What one operation does: it writes its register, has its effect, and the visit follows from all registers together."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import exists, select

from domain.access import trail
from domain.capacity.model import Reservation
from domain.dispatch.model import Decision, Offer
from domain.files.uploads_model import Upload
from domain.kit.actors import Actor, Role
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.service_sheets import effects
from domain.service_sheets.events import SheetSigned, WorkKept
from domain.service_sheets.facts import facts_of
from domain.service_sheets.fields import BadOperation, Kind, checked
from domain.service_sheets.following import follow
from domain.service_sheets.model import ServiceSheet, SheetOperation, SheetSignature
from domain.service_sheets.registers import Stamp, registers_of, values_of, write
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder

CLOSED = frozenset({OrderStatus.AUDITED, OrderStatus.SETTLED, OrderStatus.CANCELLED})
"""The order was decided about: what comes now is kept for whoever decides again."""

PICTURES = {"photo.add": "photo", "signature.add": "signature"}
"""Kinds of operations that name a picture, and the kind it is of."""

Outcome = tuple[str, str, str, dict[str, Any]]
"""Outcome, code, words, and what else is said back."""
APPLIED: Outcome = ("applied", "", "", {})


def apply(uow: UnitOfWork, row: SheetOperation) -> Outcome:
    """Carry one operation out.

    :raises Refused: it cannot be; the words say why
    """
    kind, body = checked(row.kind, row.body.get("body"))
    by = Actor(Role.ENGINEER, row.engineer_id)
    if row.kind == "offer.answer":
        effects.answer_offer(uow, body, by)
        return APPLIED
    visit = uow.session.get(Visit, row.visit_id or "", with_for_update=True, populate_existing=True)
    if visit is None or not (is_coming(uow, visit, row.engineer_id) or was_coming(uow, visit, row.engineer_id)):
        raise NotFound("没有找到这个任务")
    row.at = max(row.at, visit.opened_at)  # before that nothing can have been done: the phone's clock was wrong
    order = uow.get(WorkOrder, visit.work_order_id, called="这张工单", lock=True)
    if not is_coming(uow, visit, row.engineer_id) or order.status in CLOSED:
        return keep(uow, row, visit, order)
    if not kind.register:
        effects.ask(uow, row, kind, body, visit, order, by)
        return APPLIED
    return record(uow, row, kind, body, visit, order, by)


def record(
    uow: UnitOfWork, row: SheetOperation, kind: Kind, body: dict[str, Any], visit: Visit, order: WorkOrder, by: Actor
) -> Outcome:
    """Write the register, let it have its effect, and let the visit follow."""
    if row.kind in PICTURES:
        must_be_of(uow, row, body["upload_id"], PICTURES[row.kind])
    sheet = sheet_of(uow, visit)
    sheet.version, sheet.changed_at = sheet.version + 1, uow.now
    value = None if kind.removes else body
    if row.kind == "signature.add":
        sign(uow, row, body, visit)
        value = {name: text for name, text in body.items() if name not in ("strokes", "content")}
    stamp = Stamp(row.at, row.id, row.device_id, row.base_version)
    written = write(uow, sheet, kind.register.format(**body), value, stamp)
    if written.stood:
        effects.after(uow, row, body, visit, order, by)
    words = follow(uow, sheet, visit, order, by)
    more: dict[str, Any] = {"version": sheet.version, **({"missing": words} if words else {})}
    if row.kind == "signature.add":
        uow.emit(SheetSigned(visit.id, order.id, body["signature_id"], body["sheet_hash"] == sheet.hash))
    if written.clash:
        more |= {"mine": value, "theirs": dict(written.theirs) if written.theirs else None, "stood": written.stood}
        return ("conflict", "conflict", "另一台手机也改过这一项，请核对", more)
    return ("applied", "missing" if words else "", "、".join(words), more)


def must_be_of(uow: UnitOfWork, row: SheetOperation, upload_id: str, kind: str) -> None:
    """A picture may come long after what it is of was written down; one that is here has to be of this visit.

    :raises BadOperation: it is another visit's, somebody else's, or no such picture
    """
    here = uow.session.get(Upload, upload_id)
    if here and (here.visit_id, here.engineer_id, here.kind) != (row.visit_id, row.engineer_id, kind):
        raise BadOperation("这张照片不是这次上门拍的，请重新拍")


def sheet_of(uow: UnitOfWork, visit: Visit) -> ServiceSheet:
    """The visit's sheet, locked; opened with the first thing written on it."""
    sheet = uow.session.get(ServiceSheet, visit.id, with_for_update=True, populate_existing=True)
    if sheet is None:
        code = hashlib.sha256(uow.keyring.fingerprint("sheet", visit.id).encode()).hexdigest()[:10].upper()
        sheet = ServiceSheet(
            visit_id=visit.id, work_order_id=visit.work_order_id, version=0, hash="", outcome="", verify_code=code,
            opened_at=uow.now, changed_at=uow.now,
        )  # fmt: skip
        uow.session.add(sheet)
        uow.session.flush()
        order = uow.get(WorkOrder, visit.work_order_id, called="这张工单")
        _, sheet.hash = facts_of(uow, order, visit, values_of(registers_of(uow, visit.id)))
    return sheet


def sign(uow: UnitOfWork, row: SheetOperation, body: dict[str, Any], visit: Visit) -> None:
    """Keep the signature with the very sheet that was signed.

    :raises BadOperation: the sheet sent along is not the one the hash is of
    """
    content = str(body.get("content") or "")
    if content and hashlib.sha256(content.encode()).hexdigest() != body["sheet_hash"]:
        raise BadOperation("签名和所签的单据对不上，请重新签名")
    if uow.session.get(SheetSignature, body["signature_id"]):
        raise BadOperation("这个签名的编号已经用过")
    uow.session.add(
        SheetSignature(
            id=body["signature_id"], visit_id=visit.id, purpose=body["purpose"], hash=body["sheet_hash"],
            upload_id=body["upload_id"], at=row.at, operation_id=row.id,
            content={"signed": content, "strokes": body.get("strokes", []), "name": body.get("name", "")},
        )
    )  # fmt: skip
    uow.session.flush()
    trail.record(uow, Actor(Role.ENGINEER, row.engineer_id), "sheet.sign", "work_order", visit.work_order_id,
                 visit=visit.id, signature=body["signature_id"], purpose=body["purpose"])  # fmt: skip


def keep(uow: UnitOfWork, row: SheetOperation, visit: Visit, order: WorkOrder) -> Outcome:
    """Nothing is changed; the work is kept beside the order, and the dispatcher told with the first of it."""
    first = ~exists().where(SheetOperation.visit_id == visit.id, SheetOperation.outcome == "kept",
                            SheetOperation.engineer_id == row.engineer_id)  # fmt: skip
    if uow.session.scalar(select(first)):
        uow.emit(WorkKept(visit.id, order.id, row.engineer_id))
    if order.status is OrderStatus.CANCELLED:
        return ("kept", "cancelled", "工单已取消，您的记录已留给调度", {})
    if order.status in CLOSED:
        return ("kept", "closed", "工单已审核，您的记录已留给审核人员", {})
    return ("kept", "reassigned", "任务已改派给别人，您的记录已留给调度", {})


def is_coming(uow: UnitOfWork, visit: Visit, engineer_id: str) -> bool:
    """Whether the visit is this engineer's, alone or with others."""
    return visit.engineer_id == engineer_id or uow.session.get(VisitEngineer, (visit.id, engineer_id)) is not None


def was_coming(uow: UnitOfWork, visit: Visit, engineer_id: str) -> bool:
    """Whether it once was: to nobody else is even told that there is such a visit."""
    asked = exists().where(Offer.visit_id == visit.id, Offer.engineer_id == engineer_id)
    chosen = exists().where(Decision.visit_id == visit.id, Decision.engineer_id == engineer_id)
    planned = exists().where(Reservation.work_order_id == visit.work_order_id, Reservation.engineer_id == engineer_id)
    worked = exists().where(
        SheetOperation.visit_id == visit.id,
        SheetOperation.engineer_id == engineer_id,
        SheetOperation.outcome.in_(("applied", "conflict")),
    )
    return bool(uow.session.scalar(select(asked | chosen | planned | worked)))
