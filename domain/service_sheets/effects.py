"""What operations do besides writing on the sheet: corrections of the archive, positions, questions to others."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from domain.access import trail
from domain.appointments import changes
from domain.catalog.model import Model
from domain.customers.address import AddressLine
from domain.desk.operations import put_task
from domain.dispatch import operations as dispatch
from domain.engineers import whereabouts
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.products import operations as products
from domain.products.model import Product
from domain.regions.datums import gcj_from_wgs
from domain.regions.divisions import divisions
from domain.regions.positions import Position, Source
from domain.service_sheets.events import HelpAsked, MachineCorrected, QuoteAskedOnSheet, SerialRead
from domain.service_sheets.fields import Kind
from domain.service_sheets.model import Register, ServiceSheet, SheetOperation
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import change_order, write_history

PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
HELP = {"senior": "工程师请求高级工程师支援", "appraisal": "工程师申请质量鉴定"}
WHY = "工程师现场更正"
COMPLETED = "archive.serial"
"""Register that says that this sheet gave the product its serial."""


class BadCorrection(Refused):
    """What was corrected cannot be so."""

    code = "bad_correction"


def answer_offer(uow: UnitOfWork, body: dict[str, Any], by: Actor) -> None:
    dispatch.answer_offer(
        uow, body["offer_id"], body["answer"], by=by, reason_code=body.get("reason_code", ""), why=body.get("why", "")
    )


def ask(
    uow: UnitOfWork, row: SheetOperation, kind: Kind, body: dict[str, Any], visit: Visit, order: WorkOrder, by: Actor
) -> None:
    """Questions to others: to the customer for another time, to a senior, for an appraisal."""
    if row.kind == "change.ask":
        since, until = moment(body["window_since"]), moment(body["window_until"])
        changes.ask_change(uow, order.id, since, until, by=by, reason_code=body["reason_code"], why=body.get("why", ""))
        return
    task = put_task(
        uow, by=by, brand_id=order.brand_id, kind=f"help_{body['to']}", words=f"{HELP[body['to']]}：{body['words']}",
        subject_id=order.id,
    )  # fmt: skip
    uow.emit(HelpAsked(visit.id, order.id, row.engineer_id, body["to"], task.id))


def moment(text: str) -> datetime:
    """:raises BadCorrection: it is none, or has no zone"""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadCorrection("时间不对") from None
    if at.tzinfo is None:
        raise BadCorrection("时间不对")
    return at


def after(
    uow: UnitOfWork, row: SheetOperation, body: dict[str, Any], visit: Visit, order: WorkOrder, by: Actor
) -> None:
    """What follows from a register that stands now as this operation wrote it."""
    if row.kind == "visit.move":
        note_position(uow, body, by)
    elif row.kind == "correct":
        correct(uow, body["field"], body["value"], body.get("division_code") or order.division_code, order, by)
        if body["field"] in MACHINE:
            uow.emit(MachineCorrected(visit.id, order.id))
    elif row.kind.startswith("quote."):
        uow.emit(QuoteAskedOnSheet(visit.id, order.id))
    elif row.kind == "field.set" and body["name"] == "serial" and body["value"]:
        if order.product_id:
            complete(uow, visit, order, body["value"], by)
        elif uow.get(ServiceSheet, visit.id, called="这张服务单").outcome:
            uow.emit(SerialRead(visit.id, order.id))


def note_position(uow: UnitOfWork, body: dict[str, Any], by: Actor) -> None:
    said = body.get("position")
    if said:
        lat, lng = float(said["lat"]), float(said["lng"])
        if said["datum"] == "wgs84":
            lat, lng = gcj_from_wgs(lat, lng)
        position = Position(lat, lng, Source.PIN, int(said["radius_m"]))
        how = "check_in" if body["move"] == "check_in" else "departure"
        whereabouts.note_position(uow, by.id, position, how=how, by=by)


def correct(uow: UnitOfWork, field: str, value: str, division: str, order: WorkOrder, by: Actor) -> None:
    """:raises BadCorrection: it cannot be so"""
    if field == "phone" and not PHONE.fullmatch(value):
        raise BadCorrection("电话号码不对，手机号为 11 位，座机请带区号")
    if field in MACHINE:
        MACHINE[field](uow, order, value, by)
        return
    change_order(
        uow, order.id, by=by, why=WHY, version=order.version,
        contact_name=value if field == "name" else None,
        phone=value if field == "phone" else None,
        address=AddressLine(division, whole_line(division, value)) if field == "address" else None,
    )  # fmt: skip


def whole_line(division: str, typed: str) -> str:
    """From the province to the door: on the phone the street and the door are typed, and more by whoever is thorough.

    :raises BadCorrection: there is no such division
    """
    found = divisions().today(division)
    if found is None:
        raise BadCorrection("没有这个地区，请重新选")
    names = divisions().path(found.code)
    for name in names:
        typed = typed.strip().removeprefix(name)
    return "".join(names) + typed


def put_product(uow: UnitOfWork, order: WorkOrder, product_id: str, by: Actor) -> None:
    """The order is about another appliance of the same customer than was thought.

    :raises BadCorrection: it is not this customer's
    """
    product = uow.session.get(Product, product_id)
    if product is None or product.customer_id != order.customer_id:
        raise BadCorrection("这台产品不在这位客户名下")
    order.product_id, order.model_id, order.serial_key = product.id, product.model_id, product.serial_key
    note_change(uow, order, "product", by)


def put_model(uow: UnitOfWork, order: WorkOrder, model_id: str, by: Actor) -> None:
    """The nameplate says another model than the order, or the first one: the customer's product becomes that, too.

    :raises BadCorrection: it is no model of this brand, or another appliance
    """
    model = uow.session.get(Model, model_id)
    if model is None or model.brand_id != order.brand_id:
        raise BadCorrection("没有这个型号，请重新选")
    if model.category_code != order.category_code:
        raise BadCorrection("这个型号和工单不是一类产品，请让网点改派或另开工单")
    order.model_id = model.id
    if order.product_id:
        products.correct_model(uow, order.product_id, model.id, by=by)
    note_change(uow, order, "model", by)


MACHINE = {"product": put_product, "model": put_model}
"""Corrections of the machine rather than of the customer."""


def note_change(uow: UnitOfWork, order: WorkOrder, field: str, by: Actor) -> None:
    order.version += 1
    write_history(uow, order, "change", order.status, by=by, why=WHY, fields=[field])
    trail.record(uow, by, "order.change", "work_order", order.id, why=WHY, fields=[field])


def complete(uow: UnitOfWork, visit: Visit, order: WorkOrder, serial: str, by: Actor) -> None:
    """The scanned serial completes the archive, where there was none before this visit; another one stays as it is, for the
    audit to see. That this sheet completed it is kept, so that of two scans the later one stands."""
    product = uow.get(Product, order.product_id, called="这台产品", lock=True)
    ours = uow.session.get(Register, (visit.id, COMPLETED))
    if product.serial_key is not None and ours is None:
        return
    products.complete_serial(uow, product.id, serial, by=by)
    order.serial_key = product.serial_key
    if ours is None:
        uow.session.add(
            Register(
                visit_id=visit.id, key=COMPLETED, value={"product_id": product.id}, at=uow.now, operation_id="",
                device_id="", version=0,
            )
        )  # fmt: skip
