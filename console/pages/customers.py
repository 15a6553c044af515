"""客户: found by phone or name, with their products and orders."""

from __future__ import annotations

from console.customers import find_customers, look_at_customer
from console.page_door import Answer, Ask, Page, PageDoor, Part
from domain.access.roles import Permission


def search(ask: Ask) -> Answer:
    text = ask.said("q")[:100]
    values = {"rows": find_customers(ask.uow, text) if text else [], "asked": bool(text), "q": text}
    return Part("customers_found.html", values) if ask.htmx else Page("customers.html", values)


def customer_page(ask: Ask, customer_id: str) -> Answer:
    return Page("customer.html", {"customer": look_at_customer(ask.uow, customer_id, ask.me)})


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/customers", search, permission=Permission.CUSTOMERS_SEE)
    door.route("POST", "/customers", search, permission=Permission.CUSTOMERS_SEE)
    door.route("GET", "/customers/<customer_id>", customer_page, permission=Permission.CUSTOMERS_SEE)
