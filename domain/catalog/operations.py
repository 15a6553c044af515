"""Changing the catalogue: categories, models by their codes, warranty terms that are ended and followed, never edited.

Every change of a brand's models counts its `catalogue_version` up, which is how processes know to read them again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import Date, Text, column, func, insert, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.access.trail import record
from domain.catalog.categories import KINDS
from domain.catalog.codes import LONGEST, code_key, written_code
from domain.catalog.model import Category, Model, WarrantyTerm
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand

T = TypeVar("T")

AT_ONCE = 5_000
"""Models in one statement: well under a second each, so that a long import shows its progress."""


class BadModel(Refused):
    """A model that cannot be: no code, no name, or an end before the beginning."""

    code = "bad_model"


class TermTaken(Refused):
    """Another term of the same kind already holds on those days; terms are not rewritten."""

    code = "warranty_term_taken"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """What is known of one model. ``code`` as on the nameplate; it is brought to one way of writing when put."""

    category_code: str
    code: str
    name: str
    sold_since: date | None = None
    sold_until: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of putting models: those not counted were there already, just the same."""

    new: int = 0
    changed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.new + other.new, self.changed + other.changed)


@dataclass(frozen=True, slots=True)
class TermRow:
    """One warranty term, for a model or for a whole category, of products bought in ``[since, until)``."""

    component: str
    months: int
    source: str
    since: date
    until: date | None = None
    category_code: str | None = None
    model_id: str | None = None


def put_categories(uow: UnitOfWork) -> None:
    """Bring the table of categories to what `KINDS` says. Harmless to repeat."""
    rows = [{"code": kind.code, "title": kind.title, "position": place} for place, kind in enumerate(KINDS)]
    put = upsert(Category).values(rows)
    put = put.on_conflict_do_update(
        index_elements=["code"],
        set_={"title": put.excluded.title, "position": put.excluded.position},
        where=or_(Category.title != put.excluded.title, Category.position != put.excluded.position),
    )
    uow.session.execute(put)


def put_model(uow: UnitOfWork, brand_id: str, row: ModelRow, *, by: Actor) -> Model:
    """Add a model, or correct the one of that brand whose code is the same but for dashes, width and case.

    :raises BadModel: it has no usable code or name, or its sale ended before it began
    """
    counts = put_models(uow, brand_id, [row])
    key = code_key(row.code)
    found = uow.session.scalars(
        select(Model).where(Model.brand_id == brand_id, Model.code_key == key).execution_options(populate_existing=True)
    ).one()
    if counts != Counts():
        record(uow, by, "catalog.put_model", "model", found.id, code=found.code)
    return found


def put_models(uow: UnitOfWork, brand_id: str, rows: Sequence[ModelRow], *, keep: Collection[str] = ()) -> Counts:
    """Add or correct many models; two rows may not mean the same one. Whoever calls writes the audit trail.

    Fields named in ``keep`` stay as they are in models that exist already: a file that has no such column.

    :raises BadModel: as for one
    """
    counts = Counts()
    for start in range(0, len(rows), AT_ONCE):
        counts += _put(uow, brand_id, rows[start : start + AT_ONCE], keep)
    if counts != Counts():
        uow.session.execute(
            update(Brand)
            .where(Brand.id == brand_id)
            .values(catalogue_version=Brand.catalogue_version + 1)
            .execution_options(synchronize_session="fetch")
        )
    return counts


def _put(uow: UnitOfWork, brand_id: str, rows: Sequence[ModelRow], keep: Collection[str]) -> Counts:
    """One statement for all rows, whatever their number: each column travels as one array."""
    columns: dict[str, tuple[type[Any], list[Any]]] = {
        "id": (Text, [uow.new_id("mo") for _ in rows]),
        "category_code": (Text, [row.category_code for row in rows]),
        "code": (Text, [written_code(row.code) for row in rows]),
        "code_key": (Text, list(_keys(rows))),
        "name": (Text, [row.name.strip() for row in rows]),
        "sold_since": (Date, [row.sold_since for row in rows]),
        "sold_until": (Date, [row.sold_until for row in rows]),
    }
    arrays = [literal(values, ARRAY(kind)) for kind, values in columns.values()]
    names = [column(name, kind) for name, (kind, _) in columns.items()]
    source = func.unnest(*arrays).table_valued(*names).render_derived()
    put = upsert(Model).from_select(["brand_id", *columns], select(literal(brand_id), *source.c))
    changing = [name for name in columns if name not in {"id", "code_key", *keep}]
    put = put.on_conflict_do_update(
        index_elements=["brand_id", "code_key"],
        set_={name: put.excluded[name] for name in changing},
        where=or_(*(getattr(Model, name).is_distinct_from(put.excluded[name]) for name in changing)),
    )
    # PostgreSQL leaves xmax at 0 in a row it inserted, and sets it in one it updated.
    inserted = list(uow.session.scalars(put.returning(text("models.xmax = 0"))))
    return Counts(new=sum(inserted), changed=len(inserted) - sum(inserted))


def _keys(rows: Sequence[ModelRow]) -> Iterator[str]:
    for row in rows:
        key = code_key(row.code)
        if not key or len(written_code(row.code)) > LONGEST:
            raise BadModel(f"“{row.code[:LONGEST]}”不是型号：应为 1–{LONGEST} 个字符，含字母或数字")
        if not row.name.strip():
            raise BadModel(f"型号 {row.code} 没有名称")
        if row.sold_since and row.sold_until and row.sold_until < row.sold_since:
            raise BadModel(f"型号 {row.code} 的停产日期早于上市日期")
        yield key


@dataclass(frozen=True, slots=True)
class Put(Generic[T]):
    """What was put, and what that changed."""

    thing: T
    counts: Counts


def put_warranty_term(uow: UnitOfWork, brand_id: str, row: TermRow, *, by: Actor) -> Put[WarrantyTerm]:
    """State a term. An open one of the same kind that began earlier ends the day this one begins.

    Of the same kind are terms with the same model or category, component and source: what the law grants and what
    the brand promises stand beside each other. The very same term again changes nothing, and may give it its end.

    :raises TermTaken: another term of the kind holds on some of those days
    """
    followed = None
    for old in same_kind(uow, brand_id, row):
        if (old.since, old.months) == (row.since, row.months) and (row.until is None or old.until in (row.until, None)):
            return Put(old, Counts(changed=int(end_warranty_term(uow, old, row.until or old.until, by=by))))
        if old.until is None and old.since < row.since:
            followed = old
        elif (row.until is None or old.since < row.until) and (old.until is None or row.since < old.until):
            raise TermTaken(f"{old.since} 起已有 {old.months} 个月的同类条款；条款不改写，请另起一条")
    if followed:
        end_warranty_term(uow, followed, row.since, by=by)
    new_id = uow.new_id("wt")
    uow.session.execute(insert(WarrantyTerm).values(id=new_id, brand_id=brand_id, **asdict(row)))
    record(uow, by, "catalog.put_warranty_term", "warranty_term", new_id, component=row.component, months=row.months)
    return Put(uow.get(WarrantyTerm, new_id, called="保修条款"), Counts(new=1))


def same_kind(uow: UnitOfWork, brand_id: str, row: TermRow) -> Sequence[WarrantyTerm]:
    """The terms a new one may follow or clash with, oldest first; the brand's row keeps two writers apart."""
    uow.get(Brand, brand_id, called="品牌", lock=True)
    found = select(WarrantyTerm).where(
        WarrantyTerm.brand_id == brand_id,
        WarrantyTerm.component == row.component,
        WarrantyTerm.source == row.source,
        WarrantyTerm.category_code.is_not_distinct_from(row.category_code),
        WarrantyTerm.model_id.is_not_distinct_from(row.model_id),
    )
    return uow.session.scalars(found.order_by(WarrantyTerm.since)).all()


def end_warranty_term(uow: UnitOfWork, term: WarrantyTerm, until: date | None, *, by: Actor) -> bool:
    """Let a term hold only for products bought before ``until``; False when it ends then already."""
    if term.until == until:
        return False
    term.until = until
    uow.session.flush()
    record(uow, by, "catalog.end_warranty_term", "warranty_term", term.id, until=str(until))
    return True
