"""One's appliances: registering, the warranty in words, what was done to each, the invoice's photo for staff to look at."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from consumer_app.counter import Malformed
from consumer_app.person import Person
from consumer_app.subjects.codes import model_json
from domain.access import trail
from domain.appointments.queries import called
from domain.cover.standing import warranty_of
from domain.desk import operations as desk
from domain.engineers.model import Engineer
from domain.files.model import StoredFile
from domain.products.model import Product
from domain.products.operations import SerialTaken, ask_transfer, is_serial, register_product, serial_key
from domain.products.queries import Owned, products_of
from domain.products.warranty_facts import RESULTS, Answer, Invoice
from domain.products.warranty_model import WarrantyProof
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.reading import SheetRead, read_sheet
from domain.service_sheets.rules import OUTCOMES
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import ORDERS
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.numbers import spoken

PROOF = "proof"
"""The kind of desk task by which staff are asked to look at an invoice."""
WAITING = "waiting"
INVOICE_WORDS = {
    Invoice.UNKNOWN: "还没有", Invoice.TOLD: "还没有看到发票", Invoice.SEEN: "已核对", Invoice.NONE: "没有发票",
}  # fmt: skip
MOST_HISTORY = 20


def all_of(person: Person) -> dict[str, Any]:
    owned = products_of(person.uow, person.customer_id)
    return {"products": [product_json(person, one) for one in owned]}


def product_json(person: Person, owned: Owned) -> dict[str, Any]:
    product, model = owned.product, model_json(owned.model)
    invoice, title = invoice_of(person, product)
    return {
        "id": product.id, "name": model["name"], "code": model["code"], "category": model["category"],
        "category_title": model["category_title"], "serial": product.serial, "purchased_on": product.purchased_on,
        "registered_at": product.registered_at, "invoice": invoice, "invoice_title": title,
    }  # fmt: skip


def invoice_of(person: Person, product: Product) -> tuple[str, str]:
    proof = person.uow.session.get(WarrantyProof, product.id)
    known = proof.invoice if proof else (Invoice.TOLD if product.purchased_on else Invoice.UNKNOWN)
    if known is not Invoice.SEEN and desk.is_asked(person.uow, PROOF, product.id):
        return WAITING, "发票照片待核对"
    return known, INVOICE_WORDS[known]


def register(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """Put an appliance under one's name. A serial that is another's is told so, and may be asked for.

    :raises ConsentNeeded, NotFound, Malformed, BadDate: see there
    """
    model, customer = person.model(given["model_id"]), person.customer()
    serial = serial_key(given.get("serial") or "") or None
    if serial and not is_serial(serial):
        raise Malformed("机身编号是铭牌上 6 到 24 位的字母和数字")
    try:
        with person.uow.session.begin_nested():
            done = register_product(
                person.uow, by=person.by, brand_id=person.voice.brand_id, customer_id=customer.id, model_id=model.id,
                serial=serial, purchased_on=given.get("purchased_on"), via=person.via,
            )  # fmt: skip
    except SerialTaken as taken:
        return taken_json(person, taken.product_id, given.get("ask_transfer", False))
    words = "之前已经登记在您名下，资料已更新。" if done.already else "登记成功。以后报修可以直接选这台。"
    return {
        "product": product_json(person, Owned(done.product, model)), "already": done.already, "taken": False,
        "transfer_asked": False, "message": words,
    }  # fmt: skip


def taken_json(person: Person, product_id: str, ask: bool) -> dict[str, Any]:
    words = "这个机身编号已经登记过了。如果产品现在归您使用（转手、赠送、搬家接手），可以申请过户；编号写错了请改一改。"
    if ask:
        transfer, is_new = ask_transfer(person.uow, product_id, str(person.customer_id), by=person.by)
        if is_new:
            desk.put_task(
                person.uow, by=person.by, brand_id=person.voice.brand_id, kind="transfer", words="产品过户申请",
                subject_id=transfer.id, account_id=person.account_id, openid=person.openid,
            )  # fmt: skip
        words = "过户申请已提交，客服核实后会通知您。"
    return {"product": None, "already": False, "taken": True, "transfer_asked": ask, "message": words}


def page(person: Person, product_id: str) -> dict[str, Any]:
    """:raises NotFound: not theirs"""
    product = person.product(product_id)
    model = person.model(product.model_id)
    decision = warranty_of(person.uow, model, product)
    return {
        "product": product_json(person, Owned(product, model)),
        "warranty_start": decision.start.words if decision.start else "",
        "warranty": [warranty_json(one) for one in (*decision.answers, *decision.rights)],
        "doubts": list(decision.doubts), "history": history(person, product),
    }  # fmt: skip


def warranty_json(one: Answer) -> dict[str, Any]:
    return {
        "component": one.component, "title": one.title, "result": str(one.result), "result_title": RESULTS[one.result],
        "since": one.since, "until": one.until, "words": one.words, "source": one.source,
    }  # fmt: skip


def history(person: Person, product: Product) -> list[dict[str, Any]]:
    """Its orders, the latest first. Of an owner before only what was done is told."""
    found = select(WorkOrder).where(WorkOrder.product_id == product.id).order_by(WorkOrder.opened_at.desc())
    orders = person.uow.session.scalars(found.limit(MOST_HISTORY)).all()
    return [history_json(person, order) for order in orders]


def history_json(person: Person, order: WorkOrder) -> dict[str, Any]:
    mine = order.customer_id == person.customer_id
    done, engineer = last_work(person, order)
    return {
        "at": order.opened_at, "service": TITLES[order.service_type], "status": ORDERS.titles[order.status],
        "number": order.number if mine else None, "spoken": spoken(order.number) if mine else "", "done": done,
        "engineer": engineer,
    }  # fmt: skip


def last_work(person: Person, order: WorkOrder) -> tuple[list[str], str]:
    """What the last visit's sheet says was done, and who was there."""
    row = person.uow.session.execute(
        select(ServiceSheet, Visit)
        .join(Visit, Visit.id == ServiceSheet.visit_id)
        .where(ServiceSheet.work_order_id == order.id, ServiceSheet.outcome != "")
        .order_by(Visit.seq.desc())
        .limit(1)
    ).first()
    if row is None:
        return [], ""
    sheet, visit = row
    engineer = person.uow.session.get(Engineer, visit.engineer_id) if visit.engineer_id else None
    lines = work_lines(read_sheet(person.uow, sheet, visit, order))
    outcome = OUTCOMES[sheet.outcome].title if sheet.outcome in OUTCOMES else ""
    return [outcome, *lines] if outcome else lines, called(engineer.name, engineer.code) if engineer else ""


def work_lines(read: SheetRead) -> list[str]:
    found = [f"故障：{read.fields['fault_found']}"] if read.fields.get("fault_found") else []
    done = [f"处理：{read.fields['done']}"] if read.fields.get("done") else []
    parts = [f"配件：{one.name or one.code} × {one.quantity}" for one in read.parts]
    return [*found, *done, *parts]


def ask_for_proof(person: Person, product_id: str, picture: StoredFile, bought: date | None) -> dict[str, Any]:
    """The invoice's photo belongs to the product, and waits for staff to look at it; asking twice is one task.

    :raises NotFound: not theirs; :raises Malformed: a day to come
    """
    product = person.product(product_id)
    if bought and bought > person.uow.today:
        raise Malformed("发票日期不能晚于今天")
    picture.product_id = product.id
    if product.purchased_on is None and bought:
        product.purchased_on = bought
    if not desk.is_asked(person.uow, PROOF, product.id):
        day = f"，客户填的日期 {bought}" if bought else ""
        desk.put_task(
            person.uow, by=person.by, brand_id=person.voice.brand_id, kind=PROOF, subject_id=product.id,
            words=f"核对购买凭证：客户上传了发票照片{day}。产品 {product.id}", account_id=person.account_id,
            openid=person.openid,
        )  # fmt: skip
    trail.record(person.uow, person.by, "proof.ask", "product", product.id, picture=picture.id)
    return {"message": "发票照片已收到，客服核对后会更新保修。"}
