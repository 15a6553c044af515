"""Telling masked things to whoever asks, one at a time and on record. A further thing is a row of `TELLS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from console.chats import Line, chat_lines
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.customers.model import Customer, CustomerAddress, CustomerPhone
from domain.customers.queries import contacts_of
from domain.desk.model import DeskTask
from domain.engineers.model import Engineer
from domain.feedback.model import Complaint, Rating
from domain.incidents.model import SafetyIncident
from domain.kit.errors import NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder

Tell = Callable[[UnitOfWork, Any, str], str | None]


def phone_of(uow: UnitOfWork, customer: Customer, key: str) -> str | None:
    found = uow.session.get(CustomerPhone, (customer.id, key))
    return found.number if found else None


def address_of(uow: UnitOfWork, customer: Customer, key: str) -> str | None:
    found = uow.session.get(CustomerAddress, key)
    return found.line if found and found.customer_id == customer.id else None


TELLS: dict[str, tuple[type[Any], dict[str, Tell]]] = {
    "work_order": (
        WorkOrder,
        {
            "contact_name": lambda uow, order, key: order.contact_name,
            "phone": lambda uow, order, key: order.phone,
            "address": lambda uow, order, key: order.address,
            "words": lambda uow, order, key: order.words,
        },
    ),
    "customer": (
        Customer,
        {"name": lambda uow, customer, key: customer.name, "phone": phone_of, "address": address_of},
    ),
    "desk_task": (
        DeskTask,
        {"words": lambda uow, task, key: task.words, "phone": lambda uow, task, key: task.phone},
    ),
    "rating": (Rating, {"words": lambda uow, rating, key: rating.words}),
    "complaint": (
        Complaint,
        {"words": lambda uow, complaint, key: complaint.words, "phone": lambda uow, complaint, key: complaint.phone},
    ),
    "engineer": (Engineer, {"phone": lambda uow, engineer, key: engineer.phone}),
    "incident": (
        SafetyIncident,
        {
            "words": lambda uow, incident, key: incident.words,
            "phone": lambda uow, incident, key: incident.phone,
            "address": lambda uow, incident, key: incident.address,
        },
    ),
}
"""Subject → its table and what of it can be told; ``key`` picks one of several phones or addresses."""


def reveal(uow: UnitOfWork, subject: str, subject_id: str, field: str, key: str, who: SignedIn) -> str:
    """The plain value, with a line in the audit trail saying who saw which field of what.

    :raises NotFound: there is no such thing
    """
    table, tells = TELLS.get(subject, (None, {}))
    tell = tells.get(field)
    if table is None or tell is None:
        raise NotFound("没有这一项")
    value = tell(uow, uow.get(table, subject_id, called="这条记录"), key)
    if value is None:
        raise NotFound("没有这一项")
    trail.record(uow, who.actor, "personal.reveal", subject, subject_id, field=field)
    return value


def reveal_chat(uow: UnitOfWork, subject: str, subject_id: str, who: SignedIn) -> Sequence[Line]:
    """The chat an order, a task or a customer came by, in plain words, on record.

    :raises NotFound: there is none
    """
    table, _ = TELLS.get(subject, (None, {}))
    thing = uow.get(table, subject_id, called="这条记录") if table else None
    contact = next(iter(contacts_of(uow, thing.id)), None) if isinstance(thing, Customer) else thing
    if contact is None or not contact.account_id or not contact.openid:
        raise NotFound("没有会话记录")
    trail.record(uow, who.actor, "personal.reveal", subject, subject_id, field="chat")
    return chat_lines(uow, contact.account_id, contact.openid, plain=True)
