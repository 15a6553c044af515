"""The service sheets of an order as the staff see them: what is on them, who wrote what when, conflicts, and work that was kept.

Gathered once for the page and for the API; what people wrote is masked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from console.showing import mask_words
from domain.access import trail
from domain.access.roles import Permission, may
from domain.access.sessions import SignedIn
from domain.engineers.devices_model import EngineerDevice
from domain.engineers.model import Engineer
from domain.files.model import FileState, StoredFile
from domain.files.uploads_model import Upload
from domain.kit.errors import Forbidden, NotFound
from domain.kit.money import Money
from domain.kit.personal import mask_address, mask_name, mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Station
from domain.pricing.queries import settled_words
from domain.service_sheets.appraisals import FINDINGS
from domain.service_sheets.fields import KINDS
from domain.service_sheets.model import ServiceSheet, SheetOperation
from domain.service_sheets.paper import Printed, printed_of
from domain.service_sheets.reading import (
    PURPOSES,
    CheckRead,
    SheetRead,
    SignatureRead,
    checks_read,
    read_sheet,
    thousandths,
)
from domain.service_sheets.registers import registers_of, values_of
from domain.service_sheets.rules import OUTCOMES
from domain.work_orders import holds
from domain.work_orders.model import Visit, WorkOrder

STANDS: Mapping[str, str] = {
    "applied": "已记录", "conflict": "两台手机不一致", "refused": "没有采用", "held": "等前面的记录", "kept": "改派后留存",
}  # fmt: skip
FIELDS: Mapping[str, str] = {
    "fault_found": "故障情况", "done": "处理经过", "remark": "备注", "serial": "机身编号", "second_serial": "第二编号",
    "name": "联系人", "phone": "电话", "address": "地址", "product": "产品",
}  # fmt: skip
NOBODY = "其他服务商的工程师"
"""Somebody outside one's scope."""


@dataclass(frozen=True)
class PhotoSeen:
    """``file_id`` is None while the picture is on its way."""

    upload_id: str
    file_id: str | None
    title: str
    at: datetime


@dataclass(frozen=True)
class OperationSeen:
    """One thing done on a phone: the history that explains the sheet."""

    id: str
    engineer: str
    device: str
    kind: str
    title: str
    said: str
    device_at: datetime
    at: datetime
    received_at: datetime
    outcome: str
    outcome_title: str
    words: str
    theirs: str
    """In a conflict: what the other phone had written."""
    stood: bool | None
    seen_at: datetime | None


@dataclass(frozen=True)
class VisitSheetSeen:
    """The sheet of one visit; ``read`` is None where only work that was kept is there."""

    visit_id: str
    seq: int
    outcome: str
    outcome_title: str
    taken_to: str
    verify_code: str
    hash: str
    version: int
    read: SheetRead | None
    signatures: Sequence[SignatureRead]
    photos: Sequence[PhotoSeen]
    conflicts: Sequence[OperationSeen]
    kept: Sequence[OperationSeen]
    kept_unseen: int
    history: Sequence[OperationSeen]


@dataclass(frozen=True)
class SheetsSeen:
    """All sheets of an order, the newest visit's first."""

    order_id: str
    on_hold: str
    hold_title: str
    blocking: Sequence[CheckRead]
    """Of the newest visit, while the order waits for the customer."""
    findings: Mapping[str, str]
    sheets: Sequence[VisitSheetSeen]


def look_at_sheets(uow: UnitOfWork, order_id: str, who: SignedIn) -> SheetsSeen:
    """Everything engineers recorded for an order; the look is on record.

    :raises NotFound: there is no such order
    """
    order = uow.get(WorkOrder, order_id, called="这张工单")
    visits = uow.session.scalars(select(Visit).filter_by(work_order_id=order.id).order_by(Visit.seq.desc())).all()
    ids = [visit.id for visit in visits]
    sheets = {
        sheet.visit_id: sheet
        for sheet in uow.session.scalars(select(ServiceSheet).where(ServiceSheet.visit_id.in_(ids)))
    }
    done = operations_of(uow, ids)
    if sheets or done:
        trail.record(uow, who.actor, "sheet.view", "work_order", order.id)
    files = files_of(uow, ids)
    seen = [
        sheet_seen(uow, order, visit, sheets.get(visit.id), done.get(visit.id, []), files)
        for visit in visits
        if visit.id in sheets or visit.id in done
    ]
    return SheetsSeen(
        order.id, order.on_hold, holds.TITLES.get(order.on_hold, ""), blocking(uow, order, visits), FINDINGS, seen
    )


def blocking(uow: UnitOfWork, order: WorkOrder, visits: Sequence[Visit]) -> list[CheckRead]:
    if not order.on_hold or not visits:
        return []
    read = checks_read(order, visits[0], values_of(registers_of(uow, visits[0].id)))
    return [one for one in read if one.verdict == "blocks"]


def sheet_seen(
    uow: UnitOfWork, order: WorkOrder, visit: Visit, sheet: ServiceSheet | None, done: Sequence[OperationSeen],
    files: Mapping[str, str],
) -> VisitSheetSeen:  # fmt: skip
    read = read_sheet(uow, sheet, visit, order) if sheet else None
    kept = [one for one in done if one.outcome == "kept"]
    station = uow.session.get(Station, sheet.taken_to) if sheet and sheet.taken_to else None
    outcome = sheet.outcome if sheet else ""
    return VisitSheetSeen(
        visit_id=visit.id, seq=visit.seq, outcome=outcome, outcome_title=OUTCOMES[outcome].title if outcome else "",
        taken_to=station.name if station else "", verify_code=sheet.verify_code if sheet else "",
        hash=sheet.hash if sheet else "", version=sheet.version if sheet else 0, read=read,
        signatures=[replace(one, name=mask_name(one.name)) for one in read.signatures] if read else (),
        photos=[PhotoSeen(one.upload_id, files.get(one.upload_id), one.title, one.at) for one in read.photos] if read else (),
        conflicts=[one for one in done if one.outcome == "conflict"], kept=kept,
        kept_unseen=sum(one.seen_at is None for one in kept), history=done,
    )  # fmt: skip


def files_of(uow: UnitOfWork, visit_ids: Sequence[str]) -> dict[str, str]:
    """Upload → the kept picture."""
    found = (
        select(Upload.id, StoredFile.id)
        .join(StoredFile, StoredFile.id == Upload.file_id)
        .where(Upload.visit_id.in_(visit_ids), StoredFile.state == FileState.KEPT)
    )
    return dict(uow.session.execute(found).all())


def operations_of(uow: UnitOfWork, visit_ids: Sequence[str]) -> dict[str, list[OperationSeen]]:
    """By visit, in the order they were done; two phones' by their corrected times."""
    rows = uow.session.scalars(
        select(SheetOperation)
        .where(SheetOperation.visit_id.in_(visit_ids))
        .order_by(SheetOperation.at, SheetOperation.device_id, SheetOperation.seq)
    ).all()
    people = names_of(uow, Engineer, {row.engineer_id for row in rows})
    devices = names_of(uow, EngineerDevice, {row.device_id for row in rows})
    found: dict[str, list[OperationSeen]] = {}
    for row in rows:
        found.setdefault(row.visit_id or "", []).append(operation_seen(row, people, devices))
    return found


def names_of(uow: UnitOfWork, kind: Any, ids: set[str]) -> dict[str, str]:
    return {row.id: row.name for row in uow.session.scalars(select(kind).where(kind.id.in_(ids)))}


def operation_seen(row: SheetOperation, people: Mapping[str, str], devices: Mapping[str, str]) -> OperationSeen:
    known, answer = KINDS.get(row.kind), row.answer
    body = row.body.get("body")
    theirs = answer.get("theirs")
    return OperationSeen(
        id=row.id, engineer=people.get(row.engineer_id, NOBODY), device=devices.get(row.device_id, ""), kind=row.kind,
        title=known.title if known else row.kind, said=said_of(row.kind, body if isinstance(body, dict) else {}),
        device_at=row.device_at, at=row.at, received_at=row.received_at, outcome=row.outcome,
        outcome_title=STANDS.get(row.outcome, row.outcome), words=mask_words(str(answer.get("words") or "")),
        theirs=said_of(row.kind, theirs) if isinstance(theirs, dict) else "", stood=answer.get("stood"),
        seen_at=row.seen_at,
    )  # fmt: skip


def corrected(body: Mapping[str, Any]) -> str:
    masks: dict[str, Callable[[str], str]] = {"name": mask_name, "phone": mask_phone, "address": mask_address}
    field, value = str(body.get("field", "")), str(body.get("value", ""))
    return f"{FIELDS.get(field, field)}改为 {masks.get(field, mask_words)(value)}"


def ended(body: Mapping[str, Any]) -> str:
    outcome = OUTCOMES.get(str(body.get("outcome", "")))
    wanted = "、".join(str(code) for code in body.get("parts") or ())
    return "　".join(part for part in (outcome.title if outcome else "", wanted, str(body.get("why") or "")) if part)


SAID: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "visit.move": lambda b: ("签到" if b.get("move") == "check_in" else "出发") + (f"：{b['far_reason']}" if b.get("far_reason") else ""),
    "visit.end": ended,
    "correct": corrected,
    "field.set": lambda b: f"{FIELDS.get(str(b.get('name')), b.get('name'))}：{b.get('value')}",
    "check.record": lambda b: f"{b.get('code')} = {b.get('value')} {b.get('unit') or ''}".strip(),
    "prompt.confirm": lambda b: str(b.get("code", "")),
    "part.put": lambda b: " ".join(str(b.get(name) or "") for name in ("part_code", "quantity", "new_serial", "old_serial")).strip(),
    "fee.put": lambda b: f"{b.get('title')} {Money(int(b.get('fen') or 0))}",
    "material.put": lambda b: f"{b.get('code')} {thousandths(int(b.get('quantity') or 0))}",
    "photo.add": lambda b: PURPOSES.get(str(b.get("purpose")), ""),
    "signature.add": lambda b: mask_name(str(b.get("name") or "")),
    "help.ask": lambda b: str(b.get("words") or ""),
    "diagnosis.record": lambda b: " ".join(str(b.get(name) or "") for name in ("cause", "said")).strip(),
    "change.ask": lambda b: str(b.get("why") or ""),
    "offer.answer": lambda b: "接单" if b.get("answer") == "accept" else f"拒单 {b.get('why') or ''}".strip(),
}  # fmt: skip
"""Kind → what an operation said, in few words; a line that was removed says which."""


def line_of(body: Mapping[str, Any]) -> str:
    return str(body.get("line") or "")


def said_of(kind: str, body: Mapping[str, Any]) -> str:
    """Bodies come as phones sent them, also those that were refused: what cannot be read is left out."""
    say = SAID.get(kind, line_of)
    try:
        return mask_words(say(body)) if kind != "correct" else say(body)
    except (TypeError, ValueError):
        return ""


def paper_of(uow: UnitOfWork, visit_id: str, who: SignedIn, *, full: bool) -> Printed:
    """What is printed of a visit's sheet; printing is on record, ``full`` as a look at personal data.

    :raises Forbidden: ``full``, by somebody who may not see personal data; :raises NotFound: no such sheet
    """
    if full and not may(who.staff.role, Permission.PERSONAL_REVEAL):
        raise Forbidden("您没有权限打印客户的完整资料")
    sheet = uow.session.get(ServiceSheet, visit_id)
    if sheet is None:
        raise NotFound("这次上门还没有服务单")
    trail.record(uow, who.actor, "sheet.print", "work_order", sheet.work_order_id, visit=visit_id, full=full)
    return replace(printed_of(uow, sheet, full=full), settled=settled_words(uow, sheet.work_order_id, sheet.visit_id))


def see_kept(uow: UnitOfWork, visit_id: str, who: SignedIn) -> str:
    """The dispatcher has looked at the work that was kept. Returns the order.

    :raises NotFound: no such visit
    """
    visit = uow.get(Visit, visit_id, called="这次上门")
    rows = select(SheetOperation).where(
        SheetOperation.visit_id == visit.id, SheetOperation.outcome == "kept", SheetOperation.seen_at.is_(None)
    )
    for row in uow.session.scalars(rows.with_for_update()):
        row.seen_at = uow.now
    trail.record(uow, who.actor, "sheet.seen", "work_order", visit.work_order_id, visit=visit.id)
    return visit.work_order_id
