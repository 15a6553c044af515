"""Everything the snapshot needs, loaded in a constant number of queries however many jobs there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import and_, or_, select

from domain.capacity.model import Reservation, ReservationState
from domain.catalog.bills import Needed, bills_of
from domain.catalog.model import Model
from domain.cover.standing import Judged, judge
from domain.customers.model import Customer
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Offer
from domain.engineers.devices import SignedInEngineer
from domain.files.model import FileState, StoredFile
from domain.files.uploads_model import Upload, UploadState
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge.model import GuidedCase
from domain.organizations.model import Brand
from domain.payments.lifecycle import PayableStatus
from domain.payments.model import Payable
from domain.pricing.fee_facts import Facts
from domain.pricing.on_phones import phone_facts
from domain.pricing.queries import QuoteSeen, quotes_of
from domain.products.model import Product
from domain.products.warranty_model import WarrantyAnswer
from domain.products.warranty_queries import latest_answers
from domain.service_sheets.model import Register, ServiceSheet, SheetOperation, SheetSignature
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder

UNDER_WAY = (VisitStatus.ACCEPTED, VisitStatus.DEPARTED, VisitStatus.CHECKED_IN)
OVER = (VisitStatus.FINISHED, VisitStatus.FAILED)
DONE = timedelta(days=2)
"""How long a visit that has ended stays on the phone after its sheet was last changed."""
HISTORY = 10
"""Earlier orders of a product that are shown."""

T = TypeVar("T")


@dataclass
class Found:
    """One visit that is this engineer's, or that he is asked to take."""

    visit: Visit
    order: WorkOrder
    offer: Offer | None


@dataclass
class Loaded:
    """Rows by what they belong to."""

    found: Sequence[Found]
    models: dict[str, Model]
    products: dict[str, Product]
    brands: dict[str, Brand]
    customers: dict[str, Customer]
    warranty: Judged
    answers: dict[str, list[WarrantyAnswer]]
    """Order → what was answered for it last."""
    bills: dict[str, list[Needed]]
    history: dict[str, list[WorkOrder]]
    visits: dict[str, list[Visit]]
    reservations: dict[str, Reservation]
    tried: dict[str, list[GuidedCase]]
    files: dict[str, list[StoredFile]]
    upload_of: dict[str, str]
    """File → the phone's id of it."""
    unfinished: list[Upload]
    sheets: dict[str, ServiceSheet]
    registers: dict[str, list[Register]]
    signatures: dict[str, list[SheetSignature]]
    conflicts: dict[str, list[SheetOperation]]
    prices: dict[str, Facts]
    """Order → what a price is reckoned with, for visits that are still to be done."""
    quotes: dict[str, list[QuoteSeen]]
    """Visit → its order's quotes, the newest first."""
    owed: dict[str, list[Payable]]
    """Order → what its customer owes or paid, the newest first."""


def load(uow: UnitOfWork, who: SignedInEngineer, only: Collection[str] | None = None) -> Loaded:
    """What is on this engineer's phone; of ``only`` these visits, where they are given."""
    me = who.engineer.id
    found = [*offers(uow, me, only), *own(uow, me, only)]
    orders = {one.order.id: one.order for one in found}
    mine = [one.visit.id for one in found if one.offer is None]
    products = keyed(rows(uow, select(Product).where(Product.id.in_(ids(one.product_id for one in orders.values())))))
    model_ids = ids(one.model_id for one in orders.values()) | ids(one.model_id for one in products.values())
    models = keyed(rows(uow, select(Model).where(Model.id.in_(model_ids))))
    visits = rows(uow, select(Visit).where(Visit.work_order_id.in_(orders)).order_by(Visit.seq))
    uploads = rows(
        uow,
        select(Upload).where(
            or_(Upload.work_order_id.in_(orders), and_(Upload.engineer_id == me, Upload.state != UploadState.KEPT))
        ),
    )
    return Loaded(
        found=found,
        models=models,
        products=products,
        brands=keyed(rows(uow, select(Brand).where(Brand.id.in_({one.brand_id for one in orders.values()})))),
        customers=keyed(
            rows(uow, select(Customer).where(Customer.id.in_({one.customer_id for one in orders.values()})))
        ),
        warranty=judge(uow, list(models.values()), products.values(), orders),
        answers=latest_answers(uow, orders),
        bills=bills_of(uow, ids(one.model_id for one in orders.values()), uow.today),
        history=grouped(history(uow, products), lambda one: one.product_id),
        visits=grouped(visits, lambda one: one.work_order_id),
        reservations={one.visit_id or "": one for one in reservations(uow, me, mine)},
        tried=grouped(
            rows(uow, select(GuidedCase).where(GuidedCase.order_id.in_(orders)).order_by(GuidedCase.offered_at)),
            lambda one: one.order_id,
        ),
        files=grouped(pictures(uow, ids(one.order.id for one in found if one.offer is None)), lambda one: one.work_order_id),
        upload_of={one.file_id: one.id for one in uploads if one.file_id},
        unfinished=[one for one in uploads if one.engineer_id == me and one.state is not UploadState.KEPT],
        sheets={
            one.visit_id: one
            for one in rows(uow, select(ServiceSheet).where(ServiceSheet.visit_id.in_([one.id for one in visits])))
        },
        registers=grouped(
            rows(uow, select(Register).where(Register.visit_id.in_(mine)).order_by(Register.key)),
            lambda one: one.visit_id,
        ),
        signatures=grouped(
            rows(uow, select(SheetSignature).where(SheetSignature.visit_id.in_(mine)).order_by(SheetSignature.at)),
            lambda one: one.visit_id,
        ),
        conflicts=grouped(conflicts(uow, me, mine), lambda one: one.visit_id),
        prices=phone_facts(uow, [one.order for one in found if one.offer is None and one.visit.status not in OVER]),
        quotes=quotes_of(uow, mine),
        owed=grouped(payables(uow, ids(one.order.id for one in found if one.offer is None)), lambda one: one.work_order_id),
    )  # fmt: skip


def offers(uow: UnitOfWork, engineer_id: str, only: Collection[str] | None) -> list[Found]:
    """What waits for an answer, the most urgent first."""
    asked = (
        select(Visit, WorkOrder, Offer)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .join(Offer, Offer.visit_id == Visit.id)
        .where(Offer.engineer_id == engineer_id, Offer.status == OfferStatus.OPEN, Offer.answer_by > uow.now)
    )
    if only is not None:
        asked = asked.where(Visit.id.in_(only))
    return [Found(*row) for row in uow.session.execute(asked.order_by(Offer.answer_by, Offer.id))]


def own(uow: UnitOfWork, engineer_id: str, only: Collection[str] | None) -> list[Found]:
    """Visits under way, and those that ended a short while ago."""
    lately = and_(Visit.status.in_(OVER), ServiceSheet.changed_at > uow.now - DONE)
    with_me = select(VisitEngineer.visit_id).where(VisitEngineer.engineer_id == engineer_id)
    mine = (
        select(Visit, WorkOrder)
        .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
        .outerjoin(ServiceSheet, ServiceSheet.visit_id == Visit.id)
        .where(or_(Visit.engineer_id == engineer_id, Visit.id.in_(with_me)), or_(Visit.status.in_(UNDER_WAY), lately))
    )
    if only is not None:
        mine = mine.where(Visit.id.in_(only))
    return [Found(visit, order, None) for visit, order in uow.session.execute(mine.order_by(Visit.id))]


def reservations(uow: UnitOfWork, engineer_id: str, visit_ids: Collection[str]) -> Sequence[Reservation]:
    """The time kept for each visit; the engineer's own where two share it."""
    kept = select(Reservation).where(
        Reservation.visit_id.in_(visit_ids), Reservation.state != ReservationState.RELEASED
    )
    return rows(uow, kept.order_by(Reservation.engineer_id == engineer_id, Reservation.id))


def history(uow: UnitOfWork, products: Collection[str]) -> Sequence[WorkOrder]:
    found = select(WorkOrder).where(WorkOrder.product_id.in_(products))
    return rows(uow, found.order_by(WorkOrder.opened_at.desc(), WorkOrder.id))


def pictures(uow: UnitOfWork, order_ids: Collection[str]) -> Sequence[StoredFile]:
    found = select(StoredFile).where(StoredFile.work_order_id.in_(order_ids), StoredFile.state == FileState.KEPT)
    return rows(uow, found.order_by(StoredFile.created_at, StoredFile.id))


def conflicts(uow: UnitOfWork, engineer_id: str, visit_ids: Collection[str]) -> Sequence[SheetOperation]:
    """Not looked at yet."""
    found = select(SheetOperation).where(
        SheetOperation.visit_id.in_(visit_ids), SheetOperation.engineer_id == engineer_id,
        SheetOperation.outcome == "conflict", SheetOperation.seen_at.is_(None),
    )  # fmt: skip
    return rows(uow, found.order_by(SheetOperation.n))


def payables(uow: UnitOfWork, order_ids: Collection[str]) -> Sequence[Payable]:
    wanted = select(Payable).where(Payable.work_order_id.in_(order_ids), Payable.status != PayableStatus.VOID)
    return rows(uow, wanted.order_by(Payable.at.desc(), Payable.id.desc()))


def rows(uow: UnitOfWork, found: Any) -> Sequence[Any]:
    return list(uow.session.scalars(found))


def ids(found: Iterable[str | None]) -> set[str]:
    return {one for one in found if one}


def keyed(found: Iterable[T]) -> dict[str, T]:
    return {str(one.id): one for one in found}  # type: ignore[attr-defined]


def grouped(found: Iterable[T], by: Callable[[T], str | None]) -> dict[str, list[T]]:
    made: defaultdict[str, list[T]] = defaultdict(list)
    for one in found:
        made[by(one) or ""].append(one)
    return made
