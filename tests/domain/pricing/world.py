"""An order with a visit whose engineer is there, a price list, and what phone, staff and customer may do to its price."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from domain.catalog.bills import put_bill_line, put_part
from domain.kit.actors import Actor, Role
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow, OutboxState
from domain.kit.unit_of_work import Runtime
from domain.pricing.fee_facts import Wanted
from domain.pricing.fee_table import FeeDraft, put_fee, put_price
from domain.pricing.model import Bill, Quote
from domain.pricing.queries import bills_of_order, quotes_of_order
from domain.work_orders.model import WorkOrder
from jobs.reaction import Outside
from jobs.reactions import REACTIONS
from tests.domain.service_sheets.world import STAFF, World, world_in

ROWS = (
    FeeDraft("labour", "board", "更换电器件人工", "air_conditioner", fen=8_000, owner="provider"),
    FeeDraft("labour", "refill", "加制冷剂", "air_conditioner", fen=15_000, owner="provider"),
    FeeDraft("extra", "height", "高空作业", fen=10_000, owner="provider"),
    FeeDraft("material", "bracket", "支架", fen=6_000, unit="副"),
    FeeDraft("travel", "travel", "路费", owner="provider"),
    FeeDraft("inspection", "inspection", "上门检测费", fen=3_000, owner="provider"),
)
CAP, BOARD = "LH-CAP-35", "LH-MB-01"
PRICES = {CAP: ("电容", 3_500), BOARD: ("主板", 32_000)}


@dataclass
class Shop:
    """``world`` is the order's visit; ``customer`` whoever owns it."""

    world: World
    customer: Actor
    made: dict[str, int] = field(default_factory=dict)

    @property
    def runtime(self) -> Runtime:
        return self.world.runtime

    @property
    def phone(self) -> str:
        return self.world.phones[0]

    def quotes(self) -> list[Quote]:
        with self.runtime.transaction() as uow:
            return list(quotes_of_order(uow, self.world.order_id))

    def bills(self) -> list[Bill]:
        with self.runtime.transaction() as uow:
            return list(bills_of_order(uow, self.world.order_id))

    def order(self) -> WorkOrder:
        with self.runtime.transaction() as uow:
            return uow.get(WorkOrder, self.world.order_id, called="")

    def wanted(self, *codes: str) -> Wanted:
        return Wanted.of(
            {code: 1000 for code in codes if code in ("board", "refill", "height")},
            {code: 1000 for code in codes if code in PRICES},
        )

    def send(self, kind: str, at: float = 1, **body: Any) -> None:
        self.world.send(self.phone, self.world.operation(self.phone, kind, at, **body))

    def put_lines(self, quote: Quote, at: float = 1) -> None:
        """The phone writes the quote's lines onto the sheet, parts included, as its own reckoning says."""
        for n, line in enumerate(quote.lines):
            self.send(
                "fee.put", at, line=f"q{n}", code=line["key"], title=line["title"], fen=line["fen"], payer=line["payer"]
            )
            if line["kind"] == "part":
                self.send("part.put", at, line=f"q{n}", part_code=line["code"], quantity=line["quantity_milli"] // 1000)

    def ready(self, at: float = 1) -> None:
        self.world.send(self.phone, *self.world.everything(self.phone, at))

    def end(self, at: float = 5, outcome: str = "finished") -> None:
        """Sign the sheet as it is, and end the visit."""
        number = self.made["signed"] = self.made.get("signed", 0) + 1
        self.send(
            "signature.add", at, signature_id=f"s{number}", upload_id=f"u{number}", purpose="sheet",
            sheet_hash=self.world.hash(), strokes=[[[0, 0], [50, 20]]], name="王小明",
        )  # fmt: skip
        self.send("visit.end", at, outcome=outcome)

    def react(self) -> None:
        """What the worker would do, until nothing is left."""
        while True:
            with self.runtime.transaction() as uow:
                rows = uow.session.scalars(
                    select(OutboxRow).filter_by(state=OutboxState.WAITING).order_by(OutboxRow.id)
                ).all()
                if not rows:
                    return
                for row in rows:
                    event = Event.from_json(row.kind, row.body)
                    for reaction in REACTIONS[type(event)]:
                        if not isinstance(reaction, Outside):
                            reaction(uow, event)
                    row.state = OutboxState.DONE


def shop_in(runtime: Runtime) -> Shop:
    world = world_in(runtime)
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, world.order_id, called="")
        for draft in ROWS:
            put_fee(uow, order.brand_id, draft, uow.today, by=STAFF)
        for code, (name, fen) in PRICES.items():
            part = put_part(uow, order.brand_id, code, name, by=STAFF, component="whole")
            put_bill_line(uow, order.model_id or "", part.id, uow.today, by=STAFF)
            put_price(uow, part.id, fen, "board", uow.today, by=STAFF)
        return Shop(world, Actor(Role.CUSTOMER, order.customer_id))
