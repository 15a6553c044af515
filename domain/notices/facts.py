"""What may be put into the words of a notice about an order: gathered once, for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, select

from domain.appointments.model import Appointment
from domain.appointments.queries import booked, called, found_nobody
from domain.appointments.windows import clock, window_words
from domain.capacity.model import Reservation
from domain.catalog.model import Category
from domain.engineers.model import Engineer
from domain.kit.money import Money
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Brand
from domain.work_orders.kinds import TITLES
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken

SOMEBODY = "师傅"


@dataclass
class Facts:
    """``words`` fill the placeholders of chats and text messages, ``values`` the fields of templates, ``keys`` the key."""

    words: dict[str, str]
    values: dict[str, str]
    keys: dict[str, str] = field(default_factory=dict)

    def add_window(self, since: datetime, until: datetime) -> None:
        """The time that holds."""
        self.words["window"] = window_words(since, until)
        self.values["time"] = time_value(since, until)
        self.values["window"] = self.values["time"].partition("年")[2]

    def add_wanted(self, since: datetime, until: datetime) -> None:
        """The time asked for."""
        self.words["wanted"] = window_words(since, until)
        self.values["new_time"] = time_value(since, until)

    def add_amount(self, amount: Money) -> None:
        """How much: of a quote, a payment, a refund."""
        self.words["amount"] = self.values["amount"] = str(amount)

    def add_engineer(self, engineer: Engineer | None) -> None:
        """Who comes; merely somebody where nobody is known."""
        self.words["engineer"] = called(engineer.name, engineer.code) if engineer else SOMEBODY
        self.values["engineer"] = self.words["engineer"]
        self.values["master"] = self.words["engineer"].partition("（")[0]
        self.keys["engineer_id"] = engineer.id if engineer else ""


def time_value(since: datetime, until: datetime) -> str:
    """As a template's time is written: 2026年5月13日 14:00~16:00."""
    here, end = since.astimezone(SHANGHAI), until.astimezone(SHANGHAI)
    return f"{here:%Y年%-m月%-d日} {here:%H:%M}~{clock(end, here)}"


def facts_of(uow: UnitOfWork, order: WorkOrder, **keys: str) -> Facts:
    """The order's own, and of its appointment where one stands."""
    brand = uow.get(Brand, order.brand_id, called="品牌")
    service = TITLES[order.service_type]
    category = uow.session.get_one(Category, order.category_code).title
    words = {"number": spoken(order.number), "service": service, "hotline": brand.hotline, "brand": brand.name}
    values = {"number": order.number, "service": f"{category}{service}", "hotline": brand.hotline, "brand": brand.name}
    now = uow.now.astimezone(SHANGHAI).strftime("%Y年%-m月%-d日 %H:%M")  # a time's field takes nothing but a time
    facts = Facts(words, values | {"window": "待定", "time": now, "new_time": now}, {"order": order.id, **keys})
    facts.add_engineer(None)
    standing = booked(uow, order.id)
    if standing:
        facts.add_window(standing.window_since, standing.window_until)
        facts.add_engineer(engineer_of(uow, standing.reservation_id))
    return facts


def engineer_of(uow: UnitOfWork, reservation_id: str) -> Engineer | None:
    """Whose time is kept; nobody while the order waits for somebody else who can come."""
    found = select(Engineer).join(Reservation, Reservation.engineer_id == Engineer.id)
    found = found.where(~exists().where(Appointment.reservation_id == Reservation.id, found_nobody()))
    return uow.session.scalars(found.where(Reservation.id == reservation_id)).first()
