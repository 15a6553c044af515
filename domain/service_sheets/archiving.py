"""What a signed sheet says of the machine goes into the archive: an order without a product gets one, one without a serial its own.

Nothing the customer signed is changed by it, and running it again changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from domain.access import trail
from domain.customers.model import Customer
from domain.desk.operations import put_task
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict
from domain.kit.unit_of_work import UnitOfWork
from domain.products import operations as products
from domain.products.model import Product, ProductTransfer
from domain.service_sheets.effects import COMPLETED, complete, note_change
from domain.service_sheets.events import MachineCorrected
from domain.service_sheets.facts import signatures_of
from domain.service_sheets.model import Register, ServiceSheet, SheetOperation
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import Visit, WorkOrder

WHY = "服务单上的机身编号"


def archive_machine(uow: UnitOfWork, visit_id: str) -> None:
    """Put the machine of an ended, signed sheet into the archive. A serial that is somebody else's goes to the desk.

    :raises Conflict: the order got another customer this very moment; try again
    """
    sheet = uow.session.get(ServiceSheet, visit_id)
    if sheet is None or not (order := held(uow, sheet.work_order_id)) or not is_signed(uow, sheet):
        return
    row = uow.session.get(Register, (visit_id, "field.serial"))
    serial = str((row.value or {}).get("value") or "") if row else ""
    if row is None or not products.is_serial(products.serial_key(serial)):
        return
    visit = uow.get(Visit, visit_id, called="这次上门")
    by = Actor(Role.ENGINEER, writer_of(uow, row, visit))
    before = uow.session.get(Product, order.product_id) if order.product_id else None
    try:
        with uow.session.begin_nested():
            if before is None and order.model_id is not None:
                register(uow, visit, order, order.model_id, serial, by)
            elif before is not None and before.serial_key is None:
                complete(uow, visit, order, serial, by)
                note_change(uow, order, "product", by)
            else:
                return
    except products.SerialTaken as taken:
        put_on_desk(uow, order, taken.product_id, serial, by)
        return
    uow.emit(MachineCorrected(visit.id, order.id))


def held(uow: UnitOfWork, order_id: str) -> WorkOrder | None:
    """The order, with its customer, both locked in the order in which erasing locks them; None where nothing is to be done:
    it was cancelled, or whoever it was for had themselves erased.

    :raises Conflict: see `archive_machine`
    """
    seen = uow.get(WorkOrder, order_id, called="这张工单").customer_id
    customer = uow.get(Customer, seen, called="客户", lock=True)
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if order.customer_id != seen:
        raise Conflict("工单刚刚换了客户，请再试一次")
    return None if customer.erased_at or order.status is OrderStatus.CANCELLED else order


def is_signed(uow: UnitOfWork, sheet: ServiceSheet) -> bool:
    """Whether the visit is over, and the customer's name stands under the sheet as it is, or under the receipt of a product
    that was taken in."""
    signed = signatures_of(uow, sheet.visit_id)
    if sheet.outcome == "taken_in":
        return any(one.purpose == "receipt" for one in signed)
    return bool(sheet.outcome) and any(one.purpose == "sheet" and one.hash == sheet.hash for one in signed)


def writer_of(uow: UnitOfWork, row: Register, visit: Visit) -> str:
    """The engineer who scanned or typed it."""
    wrote = uow.session.get(SheetOperation, row.operation_id)
    return wrote.engineer_id if wrote else visit.engineer_id or ""


def register(uow: UnitOfWork, visit: Visit, order: WorkOrder, model_id: str, serial: str, by: Actor) -> None:
    """The order's product from now on: a new one, or the one of this serial that the customer has, which is of the model that
    was read on the spot.

    :raises SerialTaken: somebody else has it
    """
    done = products.register_product(
        uow, by=by, brand_id=order.brand_id, customer_id=order.customer_id, model_id=model_id, serial=serial,
        purchased_on=None, via="visit",
    )  # fmt: skip
    if done.product.model_id != model_id:
        products.correct_model(uow, done.product.id, model_id, by=by)
    order.product_id, order.serial_key = done.product.id, done.product.serial_key
    note_change(uow, order, "product", by)
    if not done.already and uow.session.get(Register, (visit.id, COMPLETED)) is None:
        uow.session.add(
            Register(
                visit_id=visit.id, key=COMPLETED, value={"product_id": done.product.id}, at=uow.now, operation_id="",
                device_id="", version=0,
            )
        )  # fmt: skip


def put_on_desk(uow: UnitOfWork, order: WorkOrder, product_id: str, serial: str, by: Actor) -> None:
    """As where a customer registers what is somebody else's: staff decide whose it is, once for one order."""
    order.serial_key = products.serial_key(serial)
    if asked_since(uow, product_id, order.customer_id, order.opened_at):
        return
    transfer, is_new = products.ask_transfer(uow, product_id, order.customer_id, by=by)
    if is_new:
        put_task(
            uow, by=by, brand_id=order.brand_id, kind="transfer", subject_id=transfer.id,
            words=f"工单 {order.number}：工程师现场看到的机身编号登记在别的客户名下，请核实是否过户",
            account_id=order.account_id, openid=order.openid,
        )  # fmt: skip
        trail.record(uow, by, "order.change", "work_order", order.id, why=WHY, fields=["product"])


def asked_since(uow: UnitOfWork, product_id: str, customer_id: str, since: datetime) -> bool:
    asked = select(ProductTransfer.id).where(
        ProductTransfer.product_id == product_id,
        ProductTransfer.customer_id == customer_id,
        ProductTransfer.asked_at >= since,
    )
    return uow.session.scalars(asked.limit(1)).first() is not None


def archive_transferred(uow: UnitOfWork, transfer_id: str) -> None:
    """The product of a serial that had to be decided about is the customer's now: the orders that waited for it get it."""
    transfer = uow.get(ProductTransfer, transfer_id, called="这个过户申请")
    product = uow.get(Product, transfer.product_id, called="这台产品")
    waiting = (
        select(ServiceSheet.visit_id)
        .join(WorkOrder, WorkOrder.id == ServiceSheet.work_order_id)
        .where(
            WorkOrder.customer_id == transfer.customer_id,
            WorkOrder.product_id.is_(None),
            WorkOrder.serial_key == product.serial_key,
        )
        .order_by(ServiceSheet.opened_at, ServiceSheet.visit_id)
    )
    for visit_id in uow.session.scalars(waiting).all():
        archive_machine(uow, visit_id)
