"""Everything that can be done to a work order; what can be done to its visits is `domain.work_orders.visits`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from domain.access import trail
from domain.customers.address import AddressLine
from domain.customers.model import Customer
from domain.customers.queries import position_of
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict, Refused
from domain.kit.lifecycle import MoveRefused
from domain.kit.unit_of_work import UnitOfWork
from domain.products.model import Product
from domain.work_orders.events import WorkOrderChanged, WorkOrderMoved, WorkOrderOpened, WorkOrderUrged
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OPEN, ORDERS, OrderStatus
from domain.work_orders.model import ORDER_COUNT, WorkOrder, WorkOrderMove
from domain.work_orders.numbers import number_from
from domain.work_orders.visits import coming_visit as coming_visit
from domain.work_orders.visits import move_visit as move_visit
from domain.work_orders.visits import offer_visit as offer_visit

RE_REPAIR_PERIOD = timedelta(days=90)
"""A repair of the same product this long after the last one was finished is a second repair (requirements A7)."""

URGE_INTERVAL = timedelta(hours=2)


class UrgedAlready(Refused):
    """It was urged a short while ago; nothing was changed."""

    code = "urged_already"


DONE = frozenset({OrderStatus.FINISHED, OrderStatus.AUDITED, OrderStatus.SETTLED})


@dataclass(frozen=True)
class Opened:
    """The order that now stands for the report; ``joined`` when it was open already."""

    order: WorkOrder
    joined: bool


def open_work_order(
    uow: UnitOfWork, *, by: Actor, brand_id: str, service_type: ServiceType, customer_id: str, category_code: str,
    words: str, phone: str, address: AddressLine, contact_name: str | None = None, product_id: str | None = None,
    model_id: str | None = None, symptoms: Sequence[str] = (), error_code: str | None = None,
    wanted_time: str | None = None, account_id: str | None = None, openid: str | None = None, via: str,
    another: bool = False,
) -> Opened:  # fmt: skip
    """Open an order, or add the report to the customer's open order for the same thing (same fault again, A7).

    ``another``: the customer said that this is about another appliance than the one reported already.

    The customer's row is locked meanwhile, so two reports at once become one order.
    """
    if uow.get(Customer, customer_id, called="客户", lock=True).erased_at is not None:
        raise Conflict("您的资料刚刚注销了，请重新开始")
    product = uow.get(Product, product_id, called="这台产品") if product_id else None
    same = open_order_for(uow, customer_id, service_type, product_id, category_code)
    if same and not another:
        report_again(uow, same, words, by=by)
        return Opened(same, joined=True)
    whole, last4 = uow.keyring.phone_prints(phone)
    position = position_of(uow, customer_id, address)
    order = WorkOrder(
        id=uow.new_id("wo"), number=number_from(uow.session.scalar(ORDER_COUNT.next_value()) or 0),
        brand_id=brand_id, service_type=service_type, status=ORDERS.start, customer_id=customer_id,
        product_id=product_id, model_id=product.model_id if product else model_id, category_code=category_code,
        serial_key=product.serial_key if product else None, words=words, symptoms=list(symptoms),
        error_code=error_code, contact_name=contact_name,
        name_print=uow.keyring.name_print(contact_name) if contact_name else None,
        phone=phone, phone_print=whole, phone4_print=last4, division_code=address.division_code, address=address.line,
        position=position.to_json() if position else None,
        wanted_time=wanted_time, account_id=account_id, openid=openid, opened_via=via, opened_by=str(by),
        opened_at=uow.now, repair_of_id=earlier_repair(uow, service_type, product_id), version=1,
    )  # fmt: skip
    uow.session.add(order)
    uow.session.flush()
    write_history(uow, order, "open", order.status, by=by)
    trail.record(uow, by, "order.open", "work_order", order.id, via=via)
    uow.emit(WorkOrderOpened(order.id))
    return Opened(order, joined=False)


def open_order_for(
    uow: UnitOfWork, customer_id: str, service_type: ServiceType, product_id: str | None, category_code: str
) -> WorkOrder | None:
    """The open order the same thing was reported in: of the same product, or of the same kind where none is named."""
    found = select(WorkOrder).where(
        WorkOrder.customer_id == customer_id,
        WorkOrder.service_type == service_type,
        WorkOrder.category_code == category_code,
        WorkOrder.status.in_(OPEN),
    )
    if product_id:
        found = found.where((WorkOrder.product_id == product_id) | WorkOrder.product_id.is_(None))
    return uow.session.scalars(found.order_by(WorkOrder.opened_at.desc()).with_for_update().limit(1)).first()


def earlier_repair(uow: UnitOfWork, service_type: ServiceType, product_id: str | None) -> str | None:
    """The repair of the same product that was finished within the re-repair period, if this is a repair."""
    if service_type is not ServiceType.REPAIR or product_id is None:
        return None
    found = (
        select(WorkOrder.id)
        .join(WorkOrderMove, WorkOrderMove.work_order_id == WorkOrder.id)
        .where(
            WorkOrder.product_id == product_id,
            WorkOrder.service_type == ServiceType.REPAIR,
            WorkOrder.status.in_(DONE),
            WorkOrderMove.to == OrderStatus.FINISHED,
            WorkOrderMove.at >= uow.now - RE_REPAIR_PERIOD,
        )
        .order_by(WorkOrderMove.at.desc())
        .limit(1)
    )
    return uow.session.scalars(found).first()


def report_again(uow: UnitOfWork, order: WorkOrder, words: str, *, by: Actor) -> None:
    """The customer tells of the same fault once more: it is kept with the open order."""
    write_history(uow, order, "report", order.status, by=by, why=words)
    trail.record(uow, by, "order.report", "work_order", order.id)


def urge_order(uow: UnitOfWork, order_id: str, words: str, *, by: Actor) -> WorkOrder:
    """The customer asks to hurry (催单): it counts once in `URGE_INTERVAL` and raises the order's priority.

    :raises UrgedAlready: it was urged a short while ago; :raises MoveRefused: the order is over
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if order.status not in OPEN:
        raise lifecycle_over(order)
    if order.urged_at and uow.now - order.urged_at < URGE_INTERVAL:
        raise UrgedAlready("刚刚已经催过了，调度正在跟进")
    order.urged, order.urged_at = order.urged + 1, uow.now
    write_history(uow, order, "urge", order.status, by=by, why=words)
    trail.record(uow, by, "order.urge", "work_order", order.id, times=order.urged)
    uow.emit(WorkOrderUrged(order.id, order.urged))
    return order


def move_order(uow: UnitOfWork, order_id: str, name: str, *, by: Actor, why: str = "") -> WorkOrder:
    """Make one move of the lifecycle, keep it in the history and announce it.

    :raises MoveRefused: the lifecycle does not allow it
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    frm, to = ORDERS.move(order, name, by.role, why=why)
    order.version += 1
    write_history(uow, order, name, frm, by=by, why=why)
    trail.record(uow, by, f"order.{name}", "work_order", order.id, why=why)
    uow.emit(WorkOrderMoved(order.id, name, frm, to))
    return order


def change_order(
    uow: UnitOfWork, order_id: str, *, by: Actor, why: str, version: int, contact_name: str | None = None,
    phone: str | None = None, address: AddressLine | None = None, wanted_time: str | None = None,
    words: str | None = None,
) -> WorkOrder:  # fmt: skip
    """Correct what was confirmed at opening; None leaves a field as it is.

    :raises Conflict: somebody changed the order since ``version`` was looked at
    :raises MoveRefused: the order is over (for the engineer: audited), or no reason was given
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if order.version != version:
        raise Conflict("这张工单刚被别人改过，请刷新后再改")
    if order.status not in OPEN and not (by.role is Role.ENGINEER and order.status is OrderStatus.FINISHED):
        raise lifecycle_over(order)
    if not why.strip():
        raise MoveRefused("修改工单请写明原因")
    fields = []
    if contact_name is not None and contact_name != order.contact_name:
        order.contact_name, order.name_print = contact_name, uow.keyring.name_print(contact_name)
        fields.append("contact_name")
    if phone is not None and phone != order.phone:
        order.phone = phone
        order.phone_print, order.phone4_print = uow.keyring.phone_prints(phone)
        fields.append("phone")
    if address is not None and address.line != order.address:
        order.division_code, order.address = address.division_code, address.line
        position = position_of(uow, order.customer_id, address)
        order.position = position.to_json() if position else None
        fields.append("address")
    if wanted_time is not None and wanted_time != order.wanted_time:
        order.wanted_time = wanted_time
        fields.append("wanted_time")
    if words is not None and words != order.words:
        order.words = words
        fields.append("words")
    if fields:
        order.version += 1
        write_history(uow, order, "change", order.status, by=by, why=why, fields=fields)
        trail.record(uow, by, "order.change", "work_order", order.id, why=why, fields=fields)
        uow.emit(WorkOrderChanged(order.id, fields))
    return order


def lifecycle_over(order: WorkOrder) -> MoveRefused:
    return MoveRefused(f"工单{ORDERS.titles[order.status]}，不能再修改")


def write_history(
    uow: UnitOfWork, order: WorkOrder, move: str, frm: str, *, by: Actor, why: str = "", **detail: object
) -> None:
    uow.session.add(
        WorkOrderMove(
            work_order_id=order.id, move=move, frm=frm, to=order.status, by=str(by), at=uow.now, why=why, detail=detail
        )
    )


def put_responsible(
    uow: UnitOfWork, order: WorkOrder, provider_id: str | None, station_id: str | None, *, by: Actor
) -> None:
    """Say which provider answers for the order from now on: only its people see it. Saying it twice changes nothing."""
    if (order.provider_id, order.station_id) == (provider_id, station_id):
        return
    order.provider_id, order.station_id = provider_id, station_id
    trail.record(uow, by, "order.responsible", "work_order", order.id, provider=provider_id, station=station_id)
