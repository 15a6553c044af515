"""工单: the list with its search, the page of one order, and what is done there."""

from __future__ import annotations

from console.asked import number_asked, place_asked, place_written, search_asked
from console.coming import coming
from console.opening import Malformed, read_address, read_phone
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from console.shelves import brand_meant, brands
from console.work_orders import look_at_order, move
from domain.access.roles import Permission
from domain.catalog.queries import categories
from domain.customers.address import AddressLine
from domain.reports.searching import kept_for
from domain.work_orders import operations, queries
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import ORDERS
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import read_number
from domain.work_orders.search import find_orders


def order_list(ask: Ask) -> Answer:
    """The list. What is searched for comes as a form, never in the address: it may be a phone number."""
    fields = ask.query.to_dict() | ask.form.to_dict()
    number = read_number(fields.get("q", ""))
    if number and "more" not in fields and (found := queries.by_number(ask.uow, number)):
        return Go(f"{PATH}/orders/{found.id}")
    known = brands(ask.uow)
    brand_id = fields.get("brand") or (known[0].id if known else "")
    page = find_orders(ask.uow, search_asked(fields, brand_id), after=place_asked(fields.get("after", "")))
    values = {
        "rows": page.rows,
        "comes": coming(ask.uow, page.rows),
        "after": place_written(page.after),
        "fields": fields,
    }
    if ask.htmx:
        return Part("orders_rows.html" if "more" in fields else "orders_found.html", values)
    choices = {
        "brands": known,
        "brand_id": brand_id,
        "statuses": ORDERS.titles,
        "service_types": TITLES,
        "categories": categories(ask.uow),
        "kept": kept_for(ask.uow, ask.me.staff),
        "me": ask.me.staff.id,
        "room": "orders",
    }
    return Page("orders.html", values | choices)


def order_page(ask: Ask, order_id: str) -> Answer:
    return Page("order.html", {"order": look_at_order(ask.uow, order_id, ask.me)})


def make_move(ask: Ask, order_id: str) -> Answer:
    order = move(ask.uow, order_id, ask.said("move"), ask.said("why"), ask.me)
    return Go(f"{PATH}/orders/{order.id}", f"已{ORDERS.moves[ask.said('move')].title}")


def make_visit_move(ask: Ask, order_id: str, visit_id: str) -> Answer:
    operations.move_visit(ask.uow, visit_id, ask.said("move"), by=ask.by, why=ask.said("why"))
    return Go(f"{PATH}/orders/{order_id}", "上门状态已更新")


def change(ask: Ask, order_id: str) -> Answer:
    """A field left empty stays as it is: the form does not show what is masked."""
    address = None
    if text := ask.said("address"):
        order = ask.uow.get(WorkOrder, order_id, called="这张工单")
        found = read_address(ask.uow, brand_meant(ask.uow, order.brand_id).id, text)
        if not found.usable:
            raise Malformed({"address": found.problem})
        address = AddressLine(found.code, found.line)
    phone = read_phone(ask.said("phone")) if ask.said("phone") else None
    version = number_asked(ask.said("version")) if ask.said("version").isdecimal() else 0
    operations.change_order(
        ask.uow, order_id, by=ask.by, why=ask.said("why"), version=version, phone=phone, address=address,
        contact_name=ask.said("contact_name") or None, wanted_time=ask.said("wanted_time") or None,
        words=ask.said("words") or None,
    )  # fmt: skip
    return Go(f"{PATH}/orders/{order_id}", "已修改")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/orders", order_list, permission=Permission.ORDERS_SEE)
    door.route("POST", "/orders", order_list, permission=Permission.ORDERS_SEE)
    door.route("GET", "/orders/<order_id>", order_page, permission=Permission.ORDERS_SEE)
    door.route("POST", "/orders/<order_id>/moves", make_move, permission=Permission.ORDERS_MOVE)
    door.route("POST", "/orders/<order_id>/visits/<visit_id>", make_visit_move, permission=Permission.ORDERS_MOVE)
    door.route("POST", "/orders/<order_id>/change", change, permission=Permission.ORDERS_CHANGE)
