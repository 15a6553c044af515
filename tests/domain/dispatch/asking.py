"""Orders in a small network, and everything dispatch does because of them: reactions are run as they fall due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import select

from domain.capacity.model import Reservation, ReservationState
from domain.customers.address import AddressLine
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.model import Decision, Offer, WaitingOrder
from domain.dispatch.operations import answer_offer
from domain.kit.actors import Actor, Role
from domain.kit.events import Event
from domain.kit.outbox import OutboxRow, OutboxState
from domain.kit.unit_of_work import SHANGHAI, Runtime
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.visits import standing_visit
from jobs import dispatching
from jobs.context import Jobs
from jobs.reaction import Outside, name_of
from jobs.reactions import REACTIONS
from tests.brand import Brand
from tests.domain.work_orders.opening import new_customer, opened
from tests.network import Network

DISPATCHER = Actor(Role.STAFF, "st_dispatcher")
HOME = AddressLine("440606004", "广东省佛山市顺德区大良街道文秀路5号")
ELSEWHERE = AddressLine("440106", "广东省广州市天河区体育西路1号")


@dataclass(frozen=True)
class OnlyRuntime:
    """As much of `Jobs` as these reactions need."""

    runtime: Runtime


@dataclass(frozen=True)
class World:
    runtime: Runtime
    brand: Brand
    network: Network

    @property
    def jobs(self) -> Jobs:
        return cast(Jobs, OnlyRuntime(self.runtime))

    def name(self, engineer_id: str | None) -> str:
        names = {id_: name for name, id_ in self.network.engineers.items()}
        return names.get(engineer_id or "", "")

    def order(self, customer_id: str | None = None, **changed: Any) -> str:
        """A reported order for an air conditioner in 大良, whose reactions are still to come."""
        given = {"address": HOME, **changed}
        return opened(
            self.runtime, self.brand, customer_id or new_customer(self.runtime, self.brand), **given
        ).order.id  # fmt: skip

    def dispatched(self, **changed: Any) -> str:
        """An order that somebody is asked about, if anybody fits."""
        order_id = self.order(**changed)
        follow(self)
        return order_id

    def offer(self, order_id: str) -> Offer | None:
        with self.runtime.transaction() as uow:
            return uow.session.scalars(select(Offer).filter_by(work_order_id=order_id, status=OfferStatus.OPEN)).first()

    def asked(self, order_id: str) -> str:
        """Who is asked now."""
        offer = self.offer(order_id)
        return self.name(offer.engineer_id) if offer else ""

    def all_asked(self, order_id: str) -> list[str]:
        with self.runtime.transaction() as uow:
            found = select(Offer).filter_by(work_order_id=order_id).order_by(Offer.offered_at, Offer.id)
            return [self.name(offer.engineer_id) for offer in uow.session.scalars(found)]

    def has_it(self, order_id: str) -> str:
        visit = self.visit(order_id)
        return self.name(visit.engineer_id) if visit else ""

    def visit(self, order_id: str) -> Visit | None:
        with self.runtime.transaction() as uow:
            return standing_visit(uow, order_id)

    def waits(self, order_id: str) -> WaitingOrder | None:
        with self.runtime.transaction() as uow:
            return uow.session.get(WaitingOrder, order_id)

    def times(self, order_id: str) -> Sequence[Reservation]:
        with self.runtime.transaction() as uow:
            return uow.session.scalars(
                select(Reservation).where(
                    Reservation.work_order_id == order_id, Reservation.state != ReservationState.RELEASED
                )
            ).all()

    def decisions(self, order_id: str) -> Sequence[Decision]:
        with self.runtime.transaction() as uow:
            return uow.session.scalars(
                select(Decision).filter_by(work_order_id=order_id).order_by(Decision.at, Decision.id)
            ).all()

    def row(self, order_id: str) -> WorkOrder:
        with self.runtime.transaction() as uow:
            return uow.session.get_one(WorkOrder, order_id)

    def answer(self, order_id: str, answer: str, **said: str) -> None:
        offer = self.offer(order_id)
        assert offer is not None, "nobody is asked"
        with self.runtime.transaction() as uow:
            answer_offer(uow, offer.id, answer, by=Actor(Role.ENGINEER, offer.engineer_id), **said)

    def events(self, kind: str) -> list[dict[str, Any]]:
        with self.runtime.transaction() as uow:
            rows = uow.session.scalars(select(OutboxRow).filter_by(kind=kind).order_by(OutboxRow.id)).all()
            return [row.body for row in rows]


def follow(world: World) -> None:
    """Run dispatch's reactions to everything that happened, until nothing more follows."""
    while True:
        with world.runtime.transaction() as uow:
            row = uow.session.scalars(
                select(OutboxRow).filter_by(state=OutboxState.WAITING).order_by(OutboxRow.id).limit(1)
            ).first()
            if row is None:
                return
            row.state = OutboxState.DONE
            event = Event.from_json(row.kind, row.body)
        for reaction in REACTIONS.get(type(event), ()):
            if name_of(reaction) not in vars(dispatching):
                continue
            if isinstance(reaction, Outside):
                reaction.run(world.jobs, event)
            else:
                with world.runtime.transaction() as uow:
                    reaction(uow, event)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of May 2026, Shanghai."""
    return datetime(2026, 5, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def two_hours(day: int, hour: int) -> tuple[datetime, datetime]:
    return local(day, hour), local(day, hour) + timedelta(hours=2)
