"""What dispatch does because something happened, and what it does by itself. Each order has a transaction of its own.

`domain.dispatch.operations.dispatch` looks at how an order stands, so running any of this twice, or late, does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import structlog

from domain.appointments.events import AppointmentBooked, AppointmentEnded
from domain.capacity.events import LeaveTaken, RoomMade
from domain.dispatch import leaving, waiting
from domain.dispatch.events import OfferEnded
from domain.dispatch.lifecycle import OfferStatus
from domain.dispatch.operations import dispatch, expire_offer, stand_down
from domain.dispatch.standing import BY, due_offers
from domain.engineers.events import EngineerChanged, EngineerUnfit
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.events import CoverageChanged
from domain.work_orders.events import VisitMoved, WorkOrderChanged, WorkOrderMoved, WorkOrderOpened, WorkOrderUrged
from domain.work_orders.lifecycle import ORDERS, OrderStatus
from jobs.context import Jobs
from jobs.failures import place_of
from jobs.reaction import urgent

OVER = frozenset({OrderStatus.CANCELLED, OrderStatus.FINISHED, OrderStatus.AUDITED, OrderStatus.SETTLED})
BATCH = 50

log = structlog.get_logger()


@urgent
def dispatch_opened(uow: UnitOfWork, event: WorkOrderOpened) -> None:
    """Right after the order: somebody is asked within seconds."""
    dispatch(uow, event.work_order_id, "opened")


def dispatch_urged(uow: UnitOfWork, event: WorkOrderUrged) -> None:
    dispatch(uow, event.work_order_id, "urged")


def dispatch_changed(uow: UnitOfWork, event: WorkOrderChanged) -> None:
    """Who waits may find somebody now; who has somebody may have moved out of their reach."""
    dispatch(uow, event.work_order_id, "changed")
    if "address" in event.fields:
        leaving.look_again(uow, event.work_order_id, "address")


def dispatch_moved(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    """Somebody has to come again, or nobody any more."""
    if OrderStatus(event.to) not in OVER:
        dispatch(uow, event.work_order_id, event.move)
    elif event.move in ("cancel", "guide"):
        stand_down(uow, event.work_order_id, by=BY, why=ORDERS.moves[event.move].title)


def dispatch_after_visit(uow: UnitOfWork, event: VisitMoved) -> None:
    """A visit that came to nothing leaves the order without anybody."""
    if event.move in ("fail", "withdraw"):
        dispatch(uow, event.work_order_id, event.move)


@urgent
def dispatch_after_offer(uow: UnitOfWork, event: OfferEnded) -> None:
    """The next one is asked."""
    if event.how in (OfferStatus.REFUSED, OfferStatus.EXPIRED):
        dispatch(uow, event.work_order_id, event.how)


@urgent
def dispatch_booked(uow: UnitOfWork, event: AppointmentBooked) -> None:
    """The engineer whose time the customer chose is asked, unless the visit is theirs."""
    dispatch(uow, event.work_order_id, "booked")


def dispatch_after_appointment(uow: UnitOfWork, event: AppointmentEnded) -> None:
    if event.how == "given_up":
        dispatch(uow, event.work_order_id, "given_up")


def wake_for_room(uow: UnitOfWork, event: RoomMade) -> None:
    wake_for_engineer(uow, event.engineer_id)


def wake_for_change(uow: UnitOfWork, event: EngineerChanged) -> None:
    wake_for_engineer(uow, event.engineer_id)


def wake_for_engineer(uow: UnitOfWork, engineer_id: str) -> None:
    engineer = uow.session.get(Engineer, engineer_id)
    if engineer is not None:
        waiting.wake(uow, provider_id=engineer.provider_id)


def wake_for_coverage(uow: UnitOfWork, event: CoverageChanged) -> None:
    waiting.wake(uow, brand_id=event.brand_id)


def replace_unfit(jobs: Jobs, event: EngineerUnfit) -> None:
    """Everything planned for the engineer is looked at again: what they may not do any more goes to others."""
    with jobs.runtime.transaction() as uow:
        orders = leaving.touched(uow, event.engineer_id, date.fromisoformat(event.since))
    replace_in(jobs, orders, "left")


def replace_on_leave(jobs: Jobs, event: LeaveTaken) -> None:
    with jobs.runtime.transaction() as uow:
        orders = leaving.touched_by_leave(uow, event.leave_id)
    replace_in(jobs, orders, "leave")


def replace_in(jobs: Jobs, orders: Sequence[str], code: str) -> None:
    for order_id in orders:
        with jobs.runtime.transaction() as uow:
            leaving.look_again(uow, order_id, code)


def expire_offers(jobs: Jobs) -> int:
    """End the offers nobody answered in time; who is asked next follows from that."""
    with jobs.runtime.transaction() as uow:
        due = due_offers(uow, BATCH)
    return each(jobs, due, lambda uow, offer_id: expire_offer(uow, offer_id))


def try_waiting_again(jobs: Jobs) -> int:
    """Try the orders of the queue that are due: at least every few minutes, and soon after something changed."""
    with jobs.runtime.transaction() as uow:
        due = waiting.due(uow, BATCH)
    return each(jobs, due, lambda uow, order_id: dispatch(uow, order_id, "again"), waiting.put_off)


def find_forgotten(jobs: Jobs) -> int:
    """The net below everything else: orders nobody has, nobody is asked about, and that wait nowhere."""
    with jobs.runtime.transaction() as uow:
        lost = waiting.forgotten(uow)
    if lost:
        log.warning("orders without anybody", count=len(lost), first=lost[0])
    return each(jobs, lost, lambda uow, order_id: dispatch(uow, order_id, "forgotten"))


def each(
    jobs: Jobs, ids: Sequence[str], work: Callable[[UnitOfWork, str], object],
    failed: Callable[[UnitOfWork, str], object] | None = None,
) -> int:  # fmt: skip
    """One transaction each, so that nobody waits for another, and what fails holds nobody up."""
    for id_ in ids:
        try:
            with jobs.runtime.transaction() as uow:
                work(uow, id_)
        except Exception as error:
            log.error("dispatch fails", subject=id_, error=place_of(error))
            if failed is not None:
                with jobs.runtime.transaction() as uow:
                    failed(uow, id_)
    return len(ids)
