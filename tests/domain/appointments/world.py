"""A brand with a network, an order in 顺德, and moments of Tuesday 12 May 2026, for tests of appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from domain.appointments.model import Appointment
from domain.appointments.operations import book_window
from domain.capacity.model import EngineerDay, Reservation, ReservationState
from domain.customers.address import AddressLine
from domain.customers.model import Customer
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import SHANGHAI, Runtime, UnitOfWork
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import open_work_order
from tests.brand import Brand, brand_in
from tests.network import Network, network_in

STAFF = Actor(Role.STAFF, "st_test")
CUSTOMER = Actor(Role.CUSTOMER, "cu_test")
ENGINEER = Actor(Role.ENGINEER, "en_test")
PLACE = AddressLine("440606004", "广东省佛山市顺德区大良街道凤山中路18号")
TODAY = date(2026, 5, 12)


def at(day: int, hour: float) -> datetime:
    """So many days after the tests' Tuesday, at an hour of Shanghai."""
    return datetime.combine(TODAY + timedelta(days=day), time(), SHANGHAI) + timedelta(hours=hour)


@dataclass(frozen=True)
class World:
    runtime: Runtime
    brand: Brand
    network: Network

    def order(self, *, service: ServiceType = ServiceType.REPAIR, category: str = "air_conditioner") -> str:
        """A new customer's order, at a place known to the metre."""
        with self.runtime.transaction() as uow:
            return new_order(uow, self.brand, service, category).id

    def booked(self, order_id: str, day: int, hour: int, **more: str) -> Appointment:
        with self.runtime.transaction() as uow:
            return book_window(
                uow, order_id, at(day, hour), at(day, hour + 2), by=CUSTOMER, via=more.pop("via", "chat"), **more
            )


def new_order(uow: UnitOfWork, brand: Brand, service: ServiceType, category: str) -> WorkOrder:
    customer = Customer(id=uow.new_id("cu"), brand_id=brand.voice.brand_id, created_at=uow.now)
    uow.session.add(customer)
    uow.session.flush()
    order = open_work_order(
        uow, by=STAFF, brand_id=brand.voice.brand_id, service_type=service, customer_id=customer.id,
        category_code=category, words="不制冷", phone="13800000009", address=PLACE, via="console",
    ).order  # fmt: skip
    order.position = {"lat": 22.8400, "lng": 113.2600, "source": "pin", "radius_m": 50}
    uow.session.flush()
    return order


def world_in(runtime: Runtime) -> World:
    brand = brand_in(runtime)
    return World(runtime, brand, network_in(runtime, brand))


def counts(runtime: Runtime) -> dict[tuple[str, date], tuple[int, int]]:
    """Per engineer and day: what the counter says, and how many reservations count."""
    with runtime.transaction() as uow:
        rows = uow.session.scalars(select(EngineerDay)).all()
        live = uow.session.scalars(select(Reservation).where(Reservation.state != ReservationState.RELEASED)).all()
    found = {(row.engineer_id, row.day): (row.taken, 0) for row in rows}
    for one in live:
        taken, counted = found.get((one.engineer_id, one.day), (0, 0))
        found[one.engineer_id, one.day] = taken, counted + 1
    return found
