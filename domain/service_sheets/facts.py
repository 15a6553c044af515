"""Gathering what `rules` decides over: from the registers of a sheet, its signatures, and the content of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from domain.catalog.codes import code_key
from domain.catalog.model import Model, Part
from domain.inspections import library
from domain.inspections.checks import BadReading, Check, Prompt, Verdict
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.service_sheets.canonical import hash_of, signed_content
from domain.service_sheets.model import Register, SheetSignature
from domain.service_sheets.registers import below
from domain.service_sheets.rules import Facts
from domain.work_orders.model import Visit, WorkOrder

Values = Mapping[str, Mapping[str, Any] | None]
ANSWERED = "quote.answer"
"""The register of the customer's answer to a quote on the engineer's phone."""


@dataclass(frozen=True)
class Todo:
    """What has to be confirmed and measured on a visit: of the content in force on the day the visit was opened."""

    prompts: Sequence[Prompt]
    checks: Sequence[Check]


def todo_for(order: WorkOrder, visit: Visit) -> Todo:
    day = visit.opened_at.astimezone(SHANGHAI).date()
    return Todo(
        library.prompts_for(order.category_code, order.service_type, day),
        library.checks_for(order.category_code, order.service_type, day),
    )


def verdicts(todo: Todo, values: Values) -> dict[str, Verdict]:
    """Check → what its reading means; only those with a reading that is one."""
    read = below(values, "check")
    found = {}
    for check in todo.checks:
        if check.code in read:
            try:
                found[check.code] = check.verdict(str(read[check.code]["value"]))
            except BadReading:
                continue
    return found


def content_of(uow: UnitOfWork, order: WorkOrder, visit: Visit, values: Values) -> dict[str, Any]:
    """What would be signed now."""
    model = uow.session.get(Model, order.model_id) if order.model_id else None
    return signed_content(
        order_number=order.number,
        visit_id=visit.id,
        product=model.code if model else "",
        registers=values,
    )


def facts_of(uow: UnitOfWork, order: WorkOrder, visit: Visit, values: Values) -> tuple[Facts, str]:
    """The facts, and the hash of what would be signed now."""
    todo, photos = todo_for(order, visit), below(values, "photo")
    known = verdicts(todo, values)
    confirmed, parts, ends = below(values, "prompt"), below(values, "part"), below(values, "end")
    present = hash_of(content_of(uow, order, visit, values))
    signed = signatures_of(uow, visit.id)
    facts = Facts(
        service_type=order.service_type,
        checked_in="milestone.check_in" in values,
        prompts_open=[prompt.code for prompt in todo.prompts if prompt.code not in confirmed],
        checks_open=[check.code for check in todo.checks if check.code not in known],
        checks_blocking=[code for code, verdict in known.items() if verdict is Verdict.BLOCKS],
        photos=frozenset(str(photo["purpose"]) for photo in photos.values()),
        has_finding=bool(values.get("diagnosis")) or bool((values.get("field.fault_found") or {}).get("value")),
        parts_unfinished=unfinished(uow, order, parts),
        sheet_signed=any(one.purpose == "sheet" and one.hash == present for one in signed),
        receipt_signed=any(one.purpose == "receipt" for one in signed),
        parts_wanted=any(end.get("parts") for end in ends.values()),
        why=any(str(end.get("why") or end.get("reason_code") or "").strip() for end in ends.values()),
        to_pay_fen=to_pay(values),
        agreed_fen=agreed(uow, order, visit),
    )
    return facts, present


def to_pay(values: Values) -> int:
    """What the customer pays by the lines of the sheet."""
    return sum(int(fee["fen"]) for fee in below(values, "fee").values() if fee["payer"] == "customer")


def agreed(uow: UnitOfWork, order: WorkOrder, visit: Visit) -> int:
    """What the customer agreed to pay: as pricing says, or later than that on this engineer's phone."""
    row = uow.session.get(Register, (visit.id, ANSWERED))
    said = (row.value or {}).get("customer_fen") if row else None
    if row is None or said is None or (order.agreed_at and order.agreed_at >= row.at):
        return order.agreed_fen or 0
    return int(said)


def signatures_of(uow: UnitOfWork, visit_id: str) -> Sequence[SheetSignature]:
    """All of them, first to last."""
    uow.session.flush()
    found = select(SheetSignature).where(SheetSignature.visit_id == visit_id)
    return uow.session.scalars(found.order_by(SheetSignature.at, SheetSignature.id)).all()


def unfinished(uow: UnitOfWork, order: WorkOrder, parts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Lines whose part has a serial or goes back when old, and lacks the new or the old one's."""
    if not parts:
        return []
    keys = {code_key(str(line["part_code"])) for line in parts.values()}
    known = {
        part.code_key: part
        for part in uow.session.scalars(select(Part).where(Part.brand_id == order.brand_id, Part.code_key.in_(keys)))
    }
    return [line for line, value in parts.items() if lacks(value, known.get(code_key(str(value["part_code"]))))]


def lacks(value: Mapping[str, Any], part: Part | None) -> bool:
    if part is None:
        return False
    no_new = part.serial_kept and not value.get("new_serial")
    no_old = part.old_returned and not (value.get("old_serial") or value.get("old_part_kept"))
    return bool(no_new or no_old)
