"""保修: the pieces of a product's and of an order's page, the proof of purchase, and what was found of an order's fault."""

from __future__ import annotations

from console import warranty
from console.asked import BadFilter
from console.page_door import Answer, Ask, Go, PageDoor, Part
from console.security import PATH
from domain.access.roles import Permission
from domain.products.warranty_facts import INVOICES, RESULTS, TITLES, Invoice, reason
from domain.products.warranty_operations import FINDINGS, Proof


def of_product(ask: Ask, product_id: str) -> Answer:
    seen = warranty.of_product(ask.uow, product_id)
    return Part("product_warranty.html", {"seen": seen, "reason": reason, "results": RESULTS, "invoices": INVOICES})


def of_order(ask: Ask, order_id: str) -> Answer:
    values = {
        "seen": warranty.of_order(ask.uow, order_id), "reason": reason, "results": RESULTS, "titles": TITLES, "findings": FINDINGS,
    }  # fmt: skip
    return Part("order_warranty.html", values)


def judge(ask: Ask, order_id: str) -> Answer:
    warranty.judge(ask.uow, order_id, ask.said("code"), ask.said("why")[:500], ask.me)
    return Go(f"{PATH}/orders/{order_id}", "已按现在的资料重新核定保修")


def withdraw(ask: Ask, order_id: str, finding_id: str) -> Answer:
    warranty.withdraw(ask.uow, order_id, finding_id, ask.me)
    return Go(f"{PATH}/orders/{order_id}", "认定已撤回，保修已重新核定")


def prove(ask: Ask, product_id: str) -> Answer:
    days = ask.said("days_in_repair") or "0"
    if ask.said("invoice") not in INVOICES or not (days.isdecimal() and len(days) < 5):
        raise BadFilter("请选择发票情况，天数填数字")
    try:
        bought, replaced = (warranty.day_said(ask.said(name)) for name in ("purchased_on", "replaced_on"))
    except ValueError as error:
        raise BadFilter("请选择日期") from error
    warranty.prove(ask.uow, product_id, Proof(Invoice(ask.said("invoice")), bought, replaced, int(days)), ask.me)
    return Go(f"{PATH}/products/{product_id}", "购买凭证已记下")


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/products/<product_id>/warranty", of_product, permission=Permission.PRODUCTS_SEE)
    door.route("POST", "/products/<product_id>/warranty", prove, permission=Permission.ORDERS_CHANGE)
    door.route("GET", "/orders/<order_id>/warranty", of_order, permission=Permission.ORDERS_SEE)
    door.route("POST", "/orders/<order_id>/warranty", judge, permission=Permission.ORDERS_CHANGE)
    door.route(
        "POST", "/orders/<order_id>/warranty/findings/<finding_id>/withdraw", withdraw,
        permission=Permission.ORDERS_CHANGE,
    )  # fmt: skip
