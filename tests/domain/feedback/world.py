"""Finished orders of one customer, done by engineers of `tests.network`, and what runs after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.customers.address import AddressLine
from domain.customers.operations import new_customer
from domain.feedback import callbacks
from domain.feedback.complaints import Reported, open_complaint, own
from domain.feedback.consequences import decide
from domain.feedback.ratings import Given, rate
from domain.kit.actors import Actor, Role
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow, OutboxState
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.products.operations import register_product
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import move_order, open_work_order
from domain.work_orders.visits import move_visit, offer_visit, put_engineers
from jobs.reaction import Outside
from jobs.reactions import REACTIONS
from tests.brand import Brand, put_brand
from tests.network import Network, put_network

STAFF = Actor(Role.STAFF, "st_1")


@dataclass
class World:
    runtime: Runtime
    brand: Brand
    network: Network
    customer_id: str
    product_id: str

    @property
    def customer(self) -> Actor:
        return Actor(Role.CUSTOMER, self.customer_id)

    def open(self, uow: UnitOfWork, service: ServiceType = ServiceType.REPAIR, product: bool = True) -> WorkOrder:
        return open_work_order(
            uow, by=STAFF, brand_id=self.brand.voice.brand_id, service_type=service, customer_id=self.customer_id,
            category_code="air_conditioner", words="不制冷", phone="13800138000", contact_name="陈女士",
            address=AddressLine("440606004", "广东省佛山市顺德区大良街道某路 1 号"), another=True, via="console",
            product_id=self.product_id if product else None,
        ).order  # fmt: skip

    def finished(
        self, shares: Mapping[str, int] | None = None, service: ServiceType = ServiceType.REPAIR, product: bool = True
    ) -> str:
        """An order that was done, by 安师傅 unless said otherwise."""
        with self.runtime.transaction() as uow:
            order = self.open(uow, service, product)
            self.finish(uow, order, shares or {self.network.an: 100})
            return order.id

    def finish(self, uow: UnitOfWork, order: WorkOrder, shares: Mapping[str, int]) -> None:
        visit = offer_visit(uow, order.id, by=STAFF)
        put_engineers(uow, visit, next(iter(shares)), shares, by=STAFF)
        engineer = Actor(Role.ENGINEER, next(iter(shares)))
        for move in ("accept", "check_in", "finish"):
            move_visit(uow, visit.id, move, by=STAFF if move == "accept" else engineer)
        for name in ("schedule", "start", "finish"):
            move_order(uow, order.id, name, by=STAFF)

    def react(self, *, times: int = 1) -> None:
        """What the worker would do, ``times`` over: reactions are recorded there, here each must bear it."""
        with self.runtime.transaction() as uow:
            rows = uow.session.scalars(
                select(OutboxRow).filter_by(state=OutboxState.WAITING).order_by(OutboxRow.id)
            ).all()
            for row in rows:
                event = Event.from_json(row.kind, row.body)
                for reaction in REACTIONS[type(event)]:
                    for _ in range(times):
                        if not isinstance(reaction, Outside):
                            reaction(uow, event)
                row.state = OutboxState.DONE

    def settle(self) -> None:
        """Until nothing follows any more."""
        for _ in range(6):
            self.react()


def make_feedback(runtime: Runtime, brand: Brand, engineer_id: str) -> None:
    """One order rated low and put right, one called about, and a complaint somebody owns."""
    staff = uow_staff(runtime)
    with runtime.transaction() as uow:
        customer = new_customer(uow, brand.voice.brand_id)
        network = Network(brand.voice.brand_id, "", "", "", "", "", "", {"an": engineer_id})
        world = World(runtime, brand, network, customer.id, "")
        orders = [world.open(uow, ServiceType.MAINTENANCE, product=False) for _ in range(2)]
        for order in orders:
            world.finish(uow, order, {engineer_id: 100})
        rating = rate(uow, orders[0].id, Given(1, "page", tags=("careless",)), by=world.customer)
        decide(uow, rating.id, by=staff)
        callback = callbacks.put(uow, orders[1], "sample", uow.now, by=staff)
        callbacks.claim(uow, callback.id, by=staff)
        callbacks.note_round(uow, callback.id, callbacks.Round("refused"), by=staff)
        reported = Reported(brand.voice.brand_id, "等了三天", "page", work_order_id=orders[0].id)
        complaint = open_complaint(uow, by=world.customer, reported=reported)
        own(uow, complaint.id, by=staff)


def uow_staff(runtime: Runtime) -> Actor:
    with runtime.transaction() as uow:
        made = add_staff(uow, by=STAFF, username="owner", role=StaffRole.AGENT, password="云上的铁门有七扇窗户")
        return Actor(Role.STAFF, made.id)


def world_in(runtime: Runtime) -> World:
    with runtime.transaction() as uow:
        brand = put_brand(uow)
        network = put_network(uow, brand)
        customer = new_customer(uow, brand.voice.brand_id)
        product = register_product(
            uow, by=STAFF, brand_id=brand.voice.brand_id, customer_id=customer.id,
            model_id=brand.models["KFR-35GW/N8A1"], serial=None, purchased_on=None, via="console",
        ).product  # fmt: skip
        return World(runtime, brand, network, customer.id, product.id)
