"""Spare parts and bills of materials: which parts a model is made of, and which code was probably meant.

A code that is not the model's is never corrected silently: its neighbours are offered, the engineer picks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import or_, select

from domain.access.trail import record
from domain.catalog.codes import code_key, look_alike, written_code
from domain.catalog.model import BillLine, Part
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork

NEAR = 2
"""Slips of the finger: more is another part."""


class BadPart(Refused):
    """A part that cannot be."""

    code = "bad_part"


@dataclass(frozen=True, slots=True)
class Needed:
    """One line of a model's bill of materials, as an engineer picks from it."""

    part_id: str
    code: str
    name: str
    quantity: int
    component: str
    serial_kept: bool
    old_returned: bool
    superseded_by: str | None
    """The code to order instead 替代件."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a typed part code is: the line itself, or, when it is none, those it may have been meant to be."""

    exact: Needed | None
    near: Sequence[Needed]


def put_part(
    uow: UnitOfWork, brand_id: str, code: str, name: str, *, by: Actor, component: str = "", serial_kept: bool = False,
    old_returned: bool = False, superseded_by: str | None = None,
) -> Part:  # fmt: skip
    """Make a part, or bring the one with this code up to date.

    :raises BadPart: no code, no name, or it would replace itself
    """
    code, key = written_code(code), code_key(code)
    if not key or not name.strip() or superseded_by == code:
        raise BadPart("配件要有编码和名称，也不能替代自己")
    part = uow.session.scalars(select(Part).filter_by(brand_id=brand_id, code_key=key)).first()
    if part is None:
        part = Part(id=uow.new_id("pa"), brand_id=brand_id, code_key=key)
        uow.session.add(part)
    part.code, part.name, part.component = code, name.strip(), component
    part.serial_kept, part.old_returned = serial_kept, old_returned
    if superseded_by:
        part.superseded_by_id = part_by_code(uow, brand_id, superseded_by).id
    uow.session.flush()
    record(uow, by, "part.put", "part", part.id)
    return part


def part_by_code(uow: UnitOfWork, brand_id: str, code: str) -> Part:
    """:raises BadPart: the brand has none with this code"""
    part = uow.session.scalars(select(Part).filter_by(brand_id=brand_id, code_key=code_key(code))).first()
    if part is None:
        raise BadPart(f"没有编码为“{code}”的配件")
    return part


def put_bill_line(
    uow: UnitOfWork,
    model_id: str,
    part_id: str,
    since: date,
    *,
    by: Actor,
    quantity: int = 1,
    until: date | None = None,
) -> None:
    """The model has this part from a day on. Saying it twice changes nothing."""
    found = select(BillLine).filter_by(model_id=model_id, part_id=part_id, since=since)
    if uow.session.scalars(found).first() is None:
        line = BillLine(
            id=uow.new_id("bl"), model_id=model_id, part_id=part_id, quantity=quantity, since=since, until=until
        )
        uow.session.add(line)
        record(uow, by, "bill.put", "model", model_id, part=part_id)


def bill_of(uow: UnitOfWork, model_id: str | None, day: date) -> list[Needed]:
    """The model's parts on a day, by name; empty for an unknown model. One query."""
    return bills_of(uow, [model_id] if model_id else [], day).get(model_id or "", [])


def bills_of(uow: UnitOfWork, model_ids: Collection[str], day: date) -> dict[str, list[Needed]]:
    """Model → its parts on a day, by name; a model without a bill has an empty one. One query."""
    if not model_ids:
        return {}
    other = select(Part.id, Part.code).subquery()
    rows = (
        select(BillLine.model_id, Part, BillLine.quantity, other.c.code)
        .join(Part, BillLine.part_id == Part.id)
        .outerjoin(other, other.c.id == Part.superseded_by_id)
        .where(
            BillLine.model_id.in_(model_ids),
            BillLine.since <= day,
            or_(BillLine.until.is_(None), BillLine.until > day),
        )
        .order_by(Part.name, Part.code)
    )
    found: dict[str, list[Needed]] = {model_id: [] for model_id in model_ids}
    for model_id, part, quantity, instead in uow.session.execute(rows):
        found[model_id].append(
            Needed(
                part.id, part.code, part.name, quantity, part.component, part.serial_kept, part.old_returned, instead
            )
        )  # fmt: skip
    return found


def look(bill: Sequence[Needed], typed: str) -> Looked:
    """What a typed code is among these parts; ``engineer_app/web/src/rules/parts.ts`` is its twin (vectors/parts.json)."""
    key, seen = code_key(typed), look_alike(typed)
    exact = next((line for line in bill if code_key(line.code) == key), None)
    if exact or not key:
        return Looked(exact, ())
    scored = [(distance(key, seen, line.code), line) for line in bill]
    near = sorted(((far, line) for far, line in scored if far <= NEAR), key=lambda one: (one[0], one[1].code))
    return Looked(None, tuple(line for _, line in near))


def distance(key: str, seen: str, code: str) -> int:
    """Slips between a typed code and a part's: letters an eye takes for each other count as one slip in all."""
    other = code_key(code)
    if look_alike(code) == seen:
        return 1
    return DamerauLevenshtein.distance(key, other, score_cutoff=NEAR)
