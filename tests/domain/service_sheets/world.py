"""One accepted visit, two phones of its engineer, and operations as a phone makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.customers.address import AddressLine
from domain.customers.operations import new_customer
from domain.engineers.devices_model import EngineerDevice
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.products.operations import register_product
from domain.service_sheets.facts import facts_of, todo_for
from domain.service_sheets.model import Register, ServiceSheet, SheetSignature
from domain.service_sheets.operations import Answer, Incoming, sync
from domain.service_sheets.registers import registers_of, values_of
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import open_work_order
from domain.work_orders.visits import move_visit, offer_visit, put_engineers
from tests.brand import put_brand
from tests.network import Network, put_network
from tests.runtime import NOW

STAFF = Actor(Role.STAFF, "st_1")


@dataclass
class World:
    """Ids of what there is; ``phones`` are the engineer's two devices, ``other`` one of another engineer. ``product_id`` is "" where
    the order came without one."""

    runtime: Runtime
    network: Network
    order_id: str
    visit_id: str
    product_id: str
    phones: tuple[str, str]
    other: str
    made: dict[str, int] = field(default_factory=dict)

    def operation(
        self, phone: str, kind: str, at: float = 0, *, seq: int | None = None, base: int = 0, **body: Any
    ) -> Incoming:
        """The phone's next operation, ``at`` minutes after now."""
        number = seq or self.made.get(phone, 0) + 1
        self.made[phone] = max(number, self.made.get(phone, 0))
        return Incoming(f"op_{phone}_{number}", number, self.visit_id, base, NOW + timedelta(minutes=at), kind, body)

    def send(self, phone: str, *operations: Incoming, ahead: float = 0, now: datetime | None = None) -> list[Answer]:
        """A batch from a phone whose clock is ``ahead`` minutes ahead."""
        with self.runtime.transaction() as uow:
            return sync(uow, phone, (now or uow.now) + timedelta(minutes=ahead), operations)

    def outcomes(self, phone: str, *operations: Incoming) -> list[str]:
        return [answer.outcome for answer in self.send(phone, *operations)]

    def look(self) -> dict[str, Any]:
        """Everything operations can change, to be compared."""
        with self.runtime.transaction() as uow:
            visit, order = uow.get(Visit, self.visit_id, called=""), uow.get(WorkOrder, self.order_id, called="")
            rows = uow.session.query(Register).filter_by(visit_id=self.visit_id).all()
            sheet = uow.session.get(ServiceSheet, self.visit_id)
            return {
                "visit": visit.status,
                "order": order.status,
                "phone": order.phone,
                "hold": order.on_hold,
                "registers": {row.key: (row.value, row.at) for row in rows},
                "signatures": sorted(
                    one.id for one in uow.session.query(SheetSignature).filter_by(visit_id=self.visit_id)
                ),
                "outcome": sheet and sheet.outcome,
                "hash_is_of_the_sheet": sheet is None
                or sheet.hash == facts_of(uow, order, visit, values_of(registers_of(uow, visit.id)))[1],
            }

    def everything(self, phone: str, at: float = 1) -> list[Incoming]:
        """What a finished repair takes, but the signature and the end."""
        with self.runtime.transaction() as uow:
            visit, order = uow.get(Visit, self.visit_id, called=""), uow.get(WorkOrder, self.order_id, called="")
            todo = todo_for(order, visit)
        made = [self.operation(phone, "visit.move", at, move="check_in")]
        made += [self.operation(phone, "prompt.confirm", at, code=prompt.code) for prompt in todo.prompts]
        for check in todo.checks:
            value = {"number": str(check.least or check.most), "yes_no": "yes"}.get(check.kind) or check.options[0].code
            made.append(self.operation(phone, "check.record", at, code=check.code, value=value))
        made.append(self.operation(phone, "field.set", at, name="fault_found", value="电容失效"))
        made += [
            self.operation(phone, "photo.add", at, upload_id=f"up_{purpose}", purpose=purpose)
            for purpose in ("before", "after", "nameplate")
        ]
        return made

    def hash(self) -> str:
        """Of the sheet as it is now."""
        with self.runtime.transaction() as uow:
            visit, order = uow.get(Visit, self.visit_id, called=""), uow.get(WorkOrder, self.order_id, called="")
            return facts_of(uow, order, visit, values_of(registers_of(uow, visit.id)))[1]


def device(uow: UnitOfWork, engineer_id: str) -> str:
    row = EngineerDevice(
        id=uow.new_id("ed"), engineer_id=engineer_id, name="微信 8 · Android", secret_hash=uow.new_id("hash"), how="code",
        created_at=uow.now, seen_at=uow.now, ends_at=uow.now + timedelta(days=90), revoked_at=None, revoked_by="",
        last_seq=0, clock_offset_ms=0,
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    return row.id


def world_in(runtime: Runtime, *, service: ServiceType = ServiceType.REPAIR, with_product: bool = True) -> World:
    with runtime.transaction() as uow:
        brand = put_brand(uow)
        network = put_network(uow, brand)
        customer = new_customer(uow, brand.voice.brand_id)
        product_id = register_product(
            uow, by=STAFF, brand_id=brand.voice.brand_id, customer_id=customer.id,
            model_id=brand.models["KFR-35GW/N8A1"], serial=None, purchased_on=None, via="console",
        ).product.id if with_product else None  # fmt: skip
        order = open_work_order(
            uow, by=STAFF, brand_id=brand.voice.brand_id, service_type=service, customer_id=customer.id,
            category_code="air_conditioner", words="不制冷", phone="13800138000",
            address=AddressLine("440606004", "广东省佛山市顺德区大良街道某路 1 号"), product_id=product_id, via="console",
        ).order  # fmt: skip
        visit = offer_visit(uow, order.id, by=STAFF)
        put_engineers(uow, visit, network.an, {network.an: 100}, by=STAFF)
        move_visit(uow, visit.id, "accept", by=STAFF)
        phones = device(uow, network.an), device(uow, network.an)
        return World(runtime, network, order.id, visit.id, product_id or "", phones, device(uow, network.bo))
