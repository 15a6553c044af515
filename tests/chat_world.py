"""What transcripts may say of engineers and their time: the lines ``@network``, ``@visit``, ``@full`` and ``@asks``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from adapters.demo.parts import put_parts
from adapters.demo.prices import put_prices
from domain.appointments.changes import ask_change
from domain.capacity.operations import take_leave
from domain.catalog.model import BillLine, Model, Part
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Offer
from domain.dispatch.operations import answer_offer
from domain.engineers.model import Engineer
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.payments.cash import take_cash
from domain.payments.model import Payable
from domain.pricing.billing import issue, quote_to_bill
from domain.pricing.fee_facts import Wanted
from domain.pricing.queries import lines_of
from domain.pricing.quoting import quote_for
from domain.service_sheets.operations import Incoming, sync
from domain.work_orders.model import WorkOrder
from domain.work_orders.visits import coming_visit, move_visit
from tests import chat_covers
from tests.brand import Brand
from tests.domain.service_sheets.world import device
from tests.network import network_in

STAFF, ENGINEER = Actor(Role.STAFF, "st_test"), Actor(Role.ENGINEER, "en_test")


def network(runtime: Runtime, brand: Brand) -> None:
    network_in(runtime, brand)


def visit(runtime: Runtime, brand: Brand, move: str) -> None:
    """The engineer moves the visit of the newest order."""
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, newest(runtime), called="这张工单", lock=True)
        coming = coming_visit(uow, order, by=STAFF)
        offered = uow.session.scalars(select(Offer).filter_by(visit_id=coming.id, status=OfferStatus.OPEN)).first()
        if move == "accept" and offered:
            answer_offer(uow, offered.id, "accept", by=Actor(Role.ENGINEER, offered.engineer_id))
        else:
            move_visit(uow, coming.id, move, by=ENGINEER, why="核实过")


def full(runtime: Runtime, brand: Brand, day: str, since: str = "0", until: str = "24") -> None:
    """Nobody works on that day, or in these hours of it."""
    midnight = datetime.combine(date.fromisoformat(day), time(), SHANGHAI)
    with runtime.transaction() as uow:
        for engineer_id in uow.session.scalars(select(Engineer.id).order_by(Engineer.id)).all():
            begins, ends = (midnight + timedelta(hours=float(hour)) for hour in (since, until))
            take_leave(uow, engineer_id, begins, ends, "training", by=STAFF)


def asks(runtime: Runtime, brand: Brand, days: str, hour: str) -> None:
    """The engineer asks for a window so many days from today."""
    with runtime.transaction() as uow:
        midnight = datetime.combine(uow.today + timedelta(days=int(days)), time(), SHANGHAI)
        since = midnight + timedelta(hours=int(hour))
        ask_change(uow, newest(runtime), since, since + timedelta(hours=2), by=ENGINEER, reason_code="overrun")


def newest(runtime: Runtime) -> str:
    with runtime.transaction() as uow:
        return uow.session.scalars(select(WorkOrder.id).order_by(WorkOrder.number.desc())).first() or ""


def blocked(runtime: Runtime, brand: Brand) -> None:
    """The engineer of the newest order's visit is there, finds the socket without earth, and cannot work."""
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, newest(runtime), called="这张工单")
        visit = coming_visit(uow, order, by=STAFF)
        phone = device(uow, visit.engineer_id or "")
        done = [
            ("visit.move", {"move": "check_in"}), ("check.record", {"code": "socket_earth", "value": "no"}),
            ("visit.end", {"outcome": "blocked"}),
        ]  # fmt: skip
        sync(uow, phone, uow.now, [
            Incoming(f"op_{visit.id}_{seq}", seq, visit.id, 0, uow.now, kind, body)
            for seq, (kind, body) in enumerate(done, 1)
        ])  # fmt: skip


def prices(runtime: Runtime, brand: Brand) -> None:
    """The demo's price list and parts, as the brand's own."""
    with runtime.transaction() as uow:
        put_parts(uow, brand.voice.brand_id, list(uow.session.scalars(select(Model))), by=STAFF)
        put_prices(uow, {"YF": brand.voice.brand_id}, by=STAFF)


def quote(runtime: Runtime, brand: Brand, *names: str) -> None:
    """Staff quote the newest order for parts by name; with ``work:`` for labour by its code."""
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, newest(runtime), called="这张工单")
        fees = {one.removeprefix("work:"): 1000 for one in names if one.startswith("work:")}
        mine = select(Part).join(BillLine, BillLine.part_id == Part.id).join(Model, Model.id == BillLine.model_id)
        mine = mine.where(Part.name.in_(names), Model.category_code == order.category_code)
        parts = {one.code: 1000 for one in uow.session.scalars(mine)}
        quote_for(uow, order.id, Wanted.of(fees, parts), by=STAFF)


def bills(runtime: Runtime, brand: Brand) -> None:
    """The newest order's confirmed quote is billed, as it is when the work is done."""
    with runtime.transaction() as uow:
        order = uow.get(WorkOrder, newest(runtime), called="这张工单", lock=True)
        quote, kind = quote_to_bill(uow, order.id)
        assert quote is not None
        issue(uow, order, coming_visit(uow, order, by=STAFF).id, quote, kind, tuple(lines_of(quote)))


def paid(runtime: Runtime, brand: Brand) -> None:
    """What was owed last is paid in cash to an engineer."""
    with runtime.transaction() as uow:
        owed = uow.session.scalars(select(Payable).order_by(Payable.at.desc(), Payable.id.desc())).first()
        engineer = uow.session.scalars(select(Engineer.id).order_by(Engineer.id)).first()
        assert owed is not None
        take_cash(uow, owed.id, engineer or "", owed.due_fen, by=Actor(Role.ENGINEER, engineer or ""))


WORLD: Mapping[str, Callable[..., None]] = {
    "prices": prices,
    "quote": quote,
    "network": network,
    "visit": visit,
    "full": full,
    "asks": asks,
    "blocked": blocked,
    "sells": chat_covers.sells,
    "pays": chat_covers.pays,
    "gift": chat_covers.gift,
    "bills": bills,
    "paid": paid,
}
"""Line → what it does, with the words after it."""
