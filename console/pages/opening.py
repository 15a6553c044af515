"""开单: an order typed in for somebody on the phone; each look-up is a part of the page."""

from __future__ import annotations

from console.asked import day_asked
from console.chat_refs import chat_meant
from console.customers import CustomerSeen, look_at_customer
from console.opening import Malformed, OrderAsked, models_meant, open_order, read_address, who_calls
from console.page_door import Answer, Ask, Go, Page, PageDoor, Part
from console.security import PATH
from console.shelves import brand_meant, brands
from console.showing import mask_words
from domain.access import trail
from domain.access.roles import Permission
from domain.catalog.queries import categories
from domain.customers.model import Contact
from domain.customers.queries import known
from domain.desk.board import last_heard
from domain.notices.chat import words_of
from domain.organizations.queries import voice
from domain.work_orders.kinds import TITLES
from domain.work_orders.lifecycle import OPEN
from domain.work_orders.numbers import spoken
from domain.work_orders.search import OrderRow


def form(ask: Ask) -> Answer:
    """The empty form, or with what is known of a chat, or what was filled in with what is wrong with it."""
    fields = ask.form.to_dict() or from_chat(ask)
    known = brands(ask.uow)
    problems = ask.error.fields if isinstance(ask.error, Malformed) else {}
    values = {
        "fields": fields,
        "problems": problems,
        "problem": str(ask.error) if ask.error and not problems else "",
        "brands": known,
        "brand_id": fields.get("brand") or (known[0].id if known else ""),
        "service_types": TITLES,
        "categories": categories(ask.uow),
    }
    found = again_found(ask) if ask.form else found_in_chat(ask, fields.get("chat", ""))
    return Page("opening.html", values | found, 422 if ask.error else 200)


def from_chat(ask: Ask) -> dict[str, str]:
    """What a chat tells for the form: telling the number is on record."""
    ref = ask.query.get("chat", "")
    if not ref:
        return {}
    chat = chat_meant(ask.uow, ref)
    contact = ask.uow.session.get(Contact, (chat.account_id, chat.openid))
    archive = known(ask.uow, contact.customer_id if contact else None)
    if archive.phones and contact and contact.customer_id and ask.may(Permission.PERSONAL_REVEAL):
        trail.record(ask.uow, ask.by, "personal.reveal", "customer", contact.customer_id, field="phone")
    last = last_heard(ask.uow, [(chat.account_id, chat.openid)]).get((chat.account_id, chat.openid))
    return {
        "chat": ref,
        "brand": voice(ask.uow, account_id=chat.account_id).brand_id,
        "phone": archive.phones[0] if archive.phones and ask.may(Permission.PERSONAL_REVEAL) else "",
        "contact_name": archive.name or "",
        "words": mask_words(words_of(last.said)) if last else "",
    }


def caller_in_chat(ask: Ask, ref: str) -> CustomerSeen | None:
    """The archive of whoever is in the chat the order comes out of."""
    if not ref:
        return None
    chat = chat_meant(ask.uow, ref)
    contact = ask.uow.session.get(Contact, (chat.account_id, chat.openid))
    customer_id = contact.customer_id if contact else None
    return look_at_customer(ask.uow, customer_id, ask.me, with_chat=False) if customer_id else None


def found_in_chat(ask: Ask, ref: str) -> dict[str, object]:
    caller = caller_in_chat(ask, ref)
    return {"caller_asked": bool(ref), "caller": caller, "open_orders": open_ones(caller)}


def open_ones(caller: CustomerSeen | None) -> list[OrderRow]:
    return [row for row in caller.orders if row.status in OPEN] if caller else []


def again_found(ask: Ask) -> dict[str, object]:
    """The look-ups once more, when the form is shown again."""
    found: dict[str, object] = {}
    if ask.said("phone"):
        found |= caller_values(ask)
    if ask.said("code"):
        found |= model_values(ask)
    if ask.said("address"):
        found["place"] = read_address(ask.uow, brand_meant(ask.uow, ask.said("brand")).id, ask.said("address"))
    return found


def caller_values(ask: Ask) -> dict[str, object]:
    brand = brand_meant(ask.uow, ask.said("brand"))
    try:
        chat = ask.said("chat")
        caller = caller_in_chat(ask, chat) if chat else who_calls(ask.uow, brand.id, ask.said("phone"), ask.me)
    except Malformed as error:
        return {"caller_asked": True, "caller_problem": str(error)}
    return {"caller_asked": True, "caller": caller, "open_orders": open_ones(caller), "fields": ask.form.to_dict()}


def model_values(ask: Ask) -> dict[str, object]:
    brand = brand_meant(ask.uow, ask.said("brand"))
    return {"models": models_meant(ask.uow, ask.shelves, brand.id, ask.said("code")), "fields": ask.form.to_dict()}


def caller_part(ask: Ask) -> Answer:
    return Part("opening_caller.html", caller_values(ask))


def model_part(ask: Ask) -> Answer:
    return Part("opening_model.html", model_values(ask))


def address_part(ask: Ask) -> Answer:
    brand = brand_meant(ask.uow, ask.said("brand"))
    return Part("opening_address.html", {"place": read_address(ask.uow, brand.id, ask.said("address"))})


def open_it(ask: Ask) -> Answer:
    product_id = ask.said("product_id")
    opened = open_order(
        ask.uow,
        ask.shelves,
        OrderAsked(
            brand_id=brand_meant(ask.uow, ask.said("brand")).id,
            service_type=ask.said("service_type"),
            phone=ask.said("phone"),
            words=ask.said("words"),
            contact_name=ask.said("contact_name"),
            product_id=product_id,
            model_id="" if product_id else model_chosen(ask),
            serial=ask.said("serial"),
            purchased_on=day_asked(ask.said("purchased_on")),
            category_code=ask.said("category_code"),
            error_code=ask.said("error_code"),
            address=ask.said("address"),
            address_id=ask.said("address_id"),
            address_confirmed=ask.said("address_confirmed") == "1",
            wanted_time=ask.said("wanted_time"),
            chat=chat_meant(ask.uow, ask.said("chat")) if ask.said("chat") else None,
        ),
        ask.me,
    )
    number = spoken(opened.order.number)
    words = f"同一故障已有未完成的工单 {number}，本次内容已并入" if opened.joined else f"已开单，工单号 {number}"
    return Go(f"{PATH}/orders/{opened.order.id}", words)


def model_chosen(ask: Ask) -> str:
    """The model picked, or the one whose very code was typed; a code that only comes close is asked about.

    :raises Malformed: a code was typed and no model picked
    """
    if ask.said("model_id") or not ask.said("code"):
        return ask.said("model_id")
    brand = brand_meant(ask.uow, ask.said("brand"))
    exact = models_meant(ask.uow, ask.shelves, brand.id, ask.said("code")).exact
    if exact is None:
        raise Malformed({"code": "目录里没有这个型号，请从相近的型号里选，或清空型号只选品类"})
    return exact.id


def open_doors(door: PageDoor) -> None:
    door.route("GET", "/orders/new", form, permission=Permission.ORDERS_OPEN)
    door.route("POST", "/orders/new", open_it, permission=Permission.ORDERS_OPEN, again=form)
    door.route("POST", "/orders/new/caller", caller_part, permission=Permission.CUSTOMERS_SEE)
    door.route("POST", "/orders/new/model", model_part, permission=Permission.ORDERS_OPEN)
    door.route("POST", "/orders/new/address", address_part, permission=Permission.ORDERS_OPEN)
