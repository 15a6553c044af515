"""A service sheet in words: what was found and measured, every line, who signed what. One reading for paper, pages and messages.

A further register is shown by a line of `LineRead` below; its title is that of the kind of operation that writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from domain.catalog.codes import code_key
from domain.catalog.materials import MATERIALS
from domain.catalog.model import Part
from domain.inspections.checks import Check, CheckKind, Verdict
from domain.kit.personal import mask_words
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.diagnosis.trees import trees
from domain.service_sheets.facts import Values, signatures_of, todo_for, verdicts
from domain.service_sheets.model import Register, ServiceSheet, SheetSignature
from domain.service_sheets.registers import below, registers_of, values_of
from domain.work_orders.model import Visit, WorkOrder

PAYERS: Mapping[str, str] = {
    "customer": "客户付", "warranty": "保修", "cover": "延保", "card": "服务卡", "brand": "品牌承担",
}  # fmt: skip
PURPOSES: Mapping[str, str] = {
    "before": "服务前", "after": "服务后", "nameplate": "铭牌", "check": "环境检查", "part": "配件", "receipt": "取走的机器",
    "door": "门牌",
}  # fmt: skip
VERDICTS: Mapping[Verdict | None, str] = {
    Verdict.FINE: "合格", Verdict.WARNS: "需注意", Verdict.BLOCKS: "不合格", None: "未记录",
}  # fmt: skip
READINGS: Mapping[str, str] = {"yes": "是", "no": "否"}


@dataclass(frozen=True)
class CheckRead:
    """One check with what was found; ``verdict`` is None where nothing was recorded."""

    code: str
    title: str
    reading: str
    verdict: Verdict | None
    verdict_title: str
    put_right: str
    uploads: Sequence[str]


@dataclass(frozen=True)
class DiagnosisRead:
    """The way through the tree in words, and where it led."""

    steps: Sequence[tuple[str, str]]
    cause: str
    remedy: str
    parts: Sequence[str]
    deviates: bool
    said: str


@dataclass(frozen=True)
class PartRead:
    line: str
    code: str
    name: str
    quantity: int
    new_serial: str
    old_serial: str
    old_kept: bool
    """The customer keeps the old part."""
    uploads: Sequence[str]


@dataclass(frozen=True)
class MaterialRead:
    line: str
    code: str
    title: str
    quantity: str
    """With its unit: 3.5 米."""


@dataclass(frozen=True)
class FeeRead:
    line: str
    title: str
    fen: int
    payer: str


@dataclass(frozen=True)
class PhotoRead:
    upload_id: str
    purpose: str
    title: str
    at: datetime


@dataclass(frozen=True)
class SignatureRead:
    """``holds``: it stands under the sheet as it is now."""

    id: str
    purpose: str
    name: str
    at: datetime
    hash: str
    holds: bool
    upload_id: str
    strokes: Sequence[Sequence[Sequence[int]]]


@dataclass(frozen=True)
class SheetRead:
    """One sheet."""

    sheet: ServiceSheet
    checked_in_at: datetime | None
    far_reason: str
    fields: Mapping[str, str]
    prompts: Sequence[str]
    """What was confirmed, in words."""
    checks: Sequence[CheckRead]
    diagnosis: DiagnosisRead | None
    parts: Sequence[PartRead]
    materials: Sequence[MaterialRead]
    fees: Sequence[FeeRead]
    total_fen: int
    """What the customer pays."""
    photos: Sequence[PhotoRead]
    signatures: Sequence[SignatureRead]

    def signature(self, purpose: str) -> SignatureRead | None:
        """The one that counts: the last that holds, else the last of all."""
        mine = [one for one in self.signatures if one.purpose == purpose]
        return next((one for one in reversed(mine) if one.holds), mine[-1] if mine else None)


def read_sheet(uow: UnitOfWork, sheet: ServiceSheet, visit: Visit, order: WorkOrder) -> SheetRead:
    """Everything on it. Removed lines are left out: the operations tell of them."""
    rows = registers_of(uow, visit.id)
    values = values_of(rows)
    todo, arrived = todo_for(order, visit), rows.get("milestone.check_in")
    confirmed, fees = below(values, "prompt"), below(values, "fee")
    return SheetRead(
        sheet=sheet,
        checked_in_at=arrived.at if arrived else None,
        far_reason=str((arrived.value or {}).get("far_reason") or "") if arrived else "",
        fields={name: str(value.get("value") or "") for name, value in below(values, "field").items()},
        prompts=[prompt.words for prompt in todo.prompts if prompt.code in confirmed],
        checks=checks_read(order, visit, values),
        diagnosis=diagnosis_read(order, values),
        parts=parts_read(uow, order, values),
        materials=[material_read(line, value) for line, value in below(values, "material").items()],
        fees=[
            FeeRead(line, str(fee["title"]), int(fee["fen"]), PAYERS[str(fee["payer"])]) for line, fee in fees.items()
        ],
        total_fen=sum(int(fee["fen"]) for fee in fees.values() if fee["payer"] == "customer"),
        photos=photos_read(rows),
        signatures=[signature_read(one, sheet) for one in signatures_of(uow, visit.id)],
    )


OWN_WORDS = ("fault_found", "done", "remark")
"""Fields in which engineers write sentences; the others hold numbers of machines."""


def masked(read: SheetRead) -> SheetRead:
    """The same with what engineers wrote in their own words as it may be shown: no number of a phone or a door."""
    found = read.diagnosis
    return replace(
        read,
        far_reason=mask_words(read.far_reason),
        fields={name: mask_words(text) if name in OWN_WORDS else text for name, text in read.fields.items()},
        fees=[replace(fee, title=mask_words(fee.title)) for fee in read.fees],
        diagnosis=found and replace(found, said=mask_words(found.said), remedy=mask_words(found.remedy)),
    )


def checks_read(order: WorkOrder, visit: Visit, values: Values) -> list[CheckRead]:
    todo, read = todo_for(order, visit), below(values, "check")
    known = verdicts(todo, values)
    found = []
    for check in todo.checks:
        value, verdict = read.get(check.code), known.get(check.code)
        found.append(
            CheckRead(
                check.code, check.title, reading_of(check, str(value["value"])) if value else "", verdict,
                VERDICTS[verdict], check.put_right, [str(id_) for id_ in (value or {}).get("photo_ids") or ()],
            )
        )  # fmt: skip
    return found


def reading_of(check: Check, value: str) -> str:
    if check.kind is CheckKind.NUMBER:
        return f"{value} {check.unit}"
    chosen = next((option.words for option in check.options if option.code == value), "")
    return chosen or READINGS.get(value, value)


def diagnosis_read(order: WorkOrder, values: Values) -> DiagnosisRead | None:
    """Codes of a tree that was changed since are shown as they are."""
    made = values.get("diagnosis")
    if not made:
        return None
    tree = trees().get(order.category_code)
    steps = []
    for one in made.get("path") or ():
        step = tree.steps.get(one["node"]) if tree else None
        finding = next((f.words for f in step.findings if f.code == one["finding"]), "") if step else ""
        steps.append((step.title if step else str(one["node"]), finding or str(one["finding"])))
    cause = tree.causes.get(str(made["cause"])) if tree else None
    return DiagnosisRead(
        steps=steps, cause=cause.title if cause else str(made["cause"]),
        remedy=str(made.get("remedy") or (cause.remedy if cause else "")), parts=list(made.get("parts") or ()),
        deviates=bool(made.get("deviates")), said=str(made.get("said") or ""),
    )  # fmt: skip


def parts_read(uow: UnitOfWork, order: WorkOrder, values: Values) -> list[PartRead]:
    lines = below(values, "part")
    names = part_names(uow, order, [str(value["part_code"]) for value in lines.values()])
    return [
        PartRead(
            line, str(value["part_code"]), names.get(code_key(str(value["part_code"])), ""), int(value["quantity"]),
            str(value.get("new_serial") or ""), str(value.get("old_serial") or ""), bool(value.get("old_part_kept")),
            [str(id_) for id_ in value.get("photo_ids") or ()],
        )
        for line, value in lines.items()
    ]  # fmt: skip


def part_names(uow: UnitOfWork, order: WorkOrder, codes: Sequence[str]) -> dict[str, str]:
    """Key of a code → what the part is called."""
    if not codes:
        return {}
    keys = [code_key(code) for code in codes]
    found = select(Part.code_key, Part.name).where(Part.brand_id == order.brand_id, Part.code_key.in_(keys))
    return {row.code_key: row.name for row in uow.session.execute(found)}


def material_read(line: str, value: Mapping[str, Any]) -> MaterialRead:
    known = next((one for one in MATERIALS if one.code == value["code"]), None)
    quantity = thousandths(int(value["quantity"]))
    title = known.title if known else str(value["code"])
    return MaterialRead(line, str(value["code"]), title, f"{quantity} {known.unit}" if known else quantity)


def thousandths(quantity: int) -> str:
    """3500 → 3.5: whole numbers have no point."""
    return f"{(Decimal(quantity) / 1000).normalize():f}"


def photos_read(rows: Mapping[str, Register]) -> list[PhotoRead]:
    """In the order they were taken."""
    found = [
        PhotoRead(str(row.value["upload_id"]), str(row.value["purpose"]), PURPOSES[str(row.value["purpose"])], row.at)
        for key, row in rows.items()
        if key.startswith("photo.") and row.value
    ]
    return sorted(found, key=lambda one: (one.at, one.upload_id))


def signature_read(one: SheetSignature, sheet: ServiceSheet) -> SignatureRead:
    strokes: Any = one.content.get("strokes") or []
    return SignatureRead(
        one.id, one.purpose, str(one.content.get("name") or ""), one.at, one.hash, one.hash == sheet.hash, one.upload_id,
        strokes,
    )  # fmt: skip


def to_be_put_right(uow: UnitOfWork, order: WorkOrder, visit: Visit) -> list[str]:
    """What the customer has to see to, in the words of the checks that block."""
    read = checks_read(order, visit, values_of(registers_of(uow, visit.id)))
    return [one.put_right for one in read if one.verdict is Verdict.BLOCKS]


def parts_waited_for(uow: UnitOfWork, order: WorkOrder, visit: Visit) -> list[str]:
    """The parts the visit's end names, by name where we know them."""
    end = values_of(registers_of(uow, visit.id)).get("end.waiting_part") or {}
    codes = [str(code) for code in end.get("parts") or ()]
    names = part_names(uow, order, codes)
    return [names.get(code_key(code)) or code for code in codes]
