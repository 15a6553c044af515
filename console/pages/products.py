"""产品: an appliance by its serial, with all that was done to it."""

from __future__ import annotations

from console.page_door import Answer, Ask, Page, PageDoor, Part
from console.products import find_products, look_at_product
from domain.access.roles import Permission


def search(ask: Ask) -> Answer:
    serial = ask.query.get("serial", "").strip()[:100]
    values = {"rows": find_products(ask.uow, serial) if serial else [], "serial": serial}
    return Part("products_found.html", values) if ask.htmx else Page("products.html", values)


def product_page(ask: Ask, product_id: str) -> Answer:
    return Page("product.html", {"product": look_at_product(ask.uow, product_id, ask.me)})


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/products", search, permission=Permission.PRODUCTS_SEE)
    door.route("GET", "/products/<product_id>", product_page, permission=Permission.PRODUCTS_SEE)
