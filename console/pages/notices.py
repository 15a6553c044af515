"""通知: what was told about an order or to a customer, and which templates the accounts use."""

from __future__ import annotations

from console import notices
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from domain.access.roles import Permission


def of_order(ask: Ask, order_id: str) -> Answer:
    return Part("notices_told.html", {"told": notices.notices_of_order(ask.uow, order_id), "one_order": True})


def of_customer(ask: Ask, customer_id: str) -> Answer:
    told, consents = (
        notices.notices_of_customer(ask.uow, customer_id),
        notices.consents_of_customer(ask.uow, customer_id),
    )
    return Part("notices_told.html", {"told": told, "one_order": False, "consents": consents})


def templates(ask: Ask) -> Answer:
    values = {"libraries": notices.libraries(ask.uow), "values": notices.values(), "error": str(ask.error or "")}
    return Page("notices_templates.html", {**values, "given": ask.form.to_dict() if ask.error else {}})


def set_template(ask: Ask) -> Answer:
    notices.set_template(ask.uow, ask.form.to_dict(), ask.me)
    return Go(f"{PATH}/notices/templates", "已保存")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/orders/<order_id>/notices", of_order, permission=Permission.ORDERS_SEE)
    door.route("GET", "/customers/<customer_id>/notices", of_customer, permission=Permission.CUSTOMERS_SEE)
    door.route("GET", "/notices/templates", templates, permission=Permission.DESK_KEEP)
    door.route("POST", "/notices/templates", set_template, permission=Permission.DESK_KEEP, again=templates)
