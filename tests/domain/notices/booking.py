"""An order of somebody who chats, in a town with engineers: what notices about times need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.appointments.model import Appointment
from domain.appointments.operations import book_window
from domain.customers.address import AddressLine
from domain.customers.model import Contact, Customer
from domain.kit.actors import Actor, Role
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.notices.model import MessageTemplate, OutgoingMessage
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import open_work_order
from jobs.reaction import Outside
from jobs.reactions import REACTIONS
from tests.brand import put_brand
from tests.network import Network, put_network

STAFF = Actor(Role.STAFF, "st_1")
CUSTOMER = Actor(Role.CUSTOMER, "cu_1")
OPENID, PHONE = "oPerson", "13800138000"
TOMORROW = datetime(2026, 5, 13, 14, tzinfo=SHANGHAI)
"""The day after the tests' clock, 14:00."""
TWO_HOURS = timedelta(hours=2)


def put_order(uow: UnitOfWork, *, openid: str = OPENID, app_id: str | None = None) -> tuple[WorkOrder, Network]:
    """Opened in the chat by a follower; the account has a template for every purpose."""
    brand = put_brand(uow)
    network = put_network(uow, brand)
    account_id = brand.voice.account_id
    uow.session.add(Customer(id=CUSTOMER.id, brand_id=brand.voice.brand_id, created_at=uow.now))
    uow.session.flush()
    uow.session.add(
        Contact(account_id=account_id, openid=openid, customer_id=CUSTOMER.id, first_heard_at=uow.now, followed_at=uow.now)
    )  # fmt: skip
    uow.session.flush()
    order = open_work_order(
        uow, by=CUSTOMER, brand_id=brand.voice.brand_id, service_type=ServiceType.REPAIR, customer_id=CUSTOMER.id,
        category_code="air_conditioner", words="不制冷", phone=PHONE, account_id=account_id, openid=openid, via="chat",
        address=AddressLine("440606004", "广东省佛山市顺德区大良街道文明西路1号"),
    ).order  # fmt: skip
    return order, network


def put_templates(uow: UnitOfWork, account_id: str, templates: dict[str, tuple[str, dict[str, str]]]) -> None:
    """Purpose → template id and fields."""
    for purpose, (template_id, fields) in templates.items():
        uow.session.add(
            MessageTemplate(
                account_id=account_id, purpose=purpose, template_id=template_id, fields=fields, changed_by=str(STAFF),
                changed_at=uow.now,
            )
        )  # fmt: skip
    uow.session.flush()


def book(
    uow: UnitOfWork, order: WorkOrder, since: datetime = TOMORROW, *, by: Actor = STAFF, via: str = "console"
) -> Appointment:
    return book_window(uow, order.id, since, since + TWO_HOURS, by=by, via=via)


def react(uow: UnitOfWork, *kinds: type[Event]) -> None:
    """Let the notices' reactions to all events of these kinds happen, every time again: what is said once stays so."""
    for row in uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all():
        event = Event.from_json(row.kind, row.body)
        for reaction in REACTIONS[type(event)] if type(event) in kinds else ():
            if not isinstance(reaction, Outside) and reaction.__module__.startswith("domain.notices"):
                reaction(uow, event)


def told(uow: UnitOfWork) -> Sequence[OutgoingMessage]:
    return uow.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.seq)).all()
