"""What follows from feedback, and what feedback follows from the end of an order; and what is looked after by the clock."""

from __future__ import annotations

from sqlalchemy import exists, select

from domain.feedback import callbacks, complaints, consequences, figures, surveys
from domain.feedback.events import CallbackEnded, RatingGiven
from domain.feedback.model import Callback, Rating
from domain.feedback.rules import is_low
from domain.kit.actors import system
from domain.kit.unit_of_work import UnitOfWork
from domain.service_levels import operations as service_levels
from domain.service_levels.lifecycle import LIVE
from domain.service_levels.model import Clock
from domain.work_orders.events import WorkOrderMoved
from domain.work_orders.lifecycle import FINISHED, IN_SERVICE
from jobs.context import Jobs
from jobs.turns import take_turns

BY = system("feedback")
CLOCK = "callback"
AT_ONCE = 200
NOT_WANTED = "按回访规则不用回访"


def order_ended(uow: UnitOfWork, event: WorkOrderMoved) -> None:
    """A finished order may be called about; one that goes on is not, until it is finished again."""
    if event.to == FINISHED:
        callbacks.plan(uow, event.work_order_id, by=BY)
    elif event.frm == FINISHED and event.to == IN_SERVICE:
        callbacks.drop(uow, event.work_order_id, "工单重新处理", by=BY)


def follow_rating(uow: UnitOfWork, event: RatingGiven) -> None:
    """A low one is decided, unless its reason is still waited for, and called about; a good one spares a call drawn by lot."""
    rating = uow.get(Rating, event.rating_id, called="这条评价")
    if not is_low(rating.stars, rating.solved):
        callbacks.drop(uow, rating.work_order_id, "客户已评价", by=BY, only_unrated=True)
        return
    if rating.via != "callback":
        callbacks.plan(uow, rating.work_order_id, by=BY)
    if rating.decide_at and rating.decide_at <= uow.now:
        consequences.decide(uow, rating.id, by=BY)


def renew_figures(uow: UnitOfWork, event: RatingGiven) -> None:
    for engineer_id in figures.engineers_of(uow, event.rating_id):
        figures.renew(uow, engineer_id, by=BY)


def end_callback_clock(uow: UnitOfWork, event: CallbackEnded) -> None:
    """The promise to call is kept by the end of the callback; a needless one is no promise."""
    clock = live_clock(uow, event.work_order_id)
    if clock is not None and event.outcome != "needless":
        service_levels.meet(uow, clock, by=BY, why="已回访")
    elif clock is not None:
        service_levels.void(uow, clock, by=BY, why=NOT_WANTED)


def live_clock(uow: UnitOfWork, order_id: str) -> str | None:
    found = select(Clock.id).where(Clock.work_order_id == order_id, Clock.clock == CLOCK, Clock.status.in_(LIVE))
    return uow.session.scalars(found.limit(1)).first()


def stop_needless_clocks(jobs: Jobs) -> int:
    """The clock 回访 begins with every end; where no call is planned it stops. A minute later, when all reactions have run."""
    with jobs.runtime.transaction() as uow:
        planned = exists().where(Callback.work_order_id == Clock.work_order_id, Callback.ended_at.is_(None))
        found = select(Clock.id).where(
            Clock.clock == CLOCK,
            Clock.ended_at.is_(None),
            Clock.status.in_(LIVE),
            Clock.started_at < uow.now - callbacks.SETTLED,
            ~planned,
        )
        needless = uow.session.scalars(
            found.order_by(Clock.work_order_id).limit(AT_ONCE).with_for_update(skip_locked=True)
        ).all()
        for clock_id in needless:
            service_levels.void(uow, clock_id, by=BY, why=NOT_WANTED)
    return len(needless)


def decide_low_ratings(jobs: Jobs) -> int:
    """Where nobody said why, it is decided by what is known."""

    def decide(uow: UnitOfWork, rating_id: str) -> None:
        consequences.decide(uow, rating_id, by=BY)

    return take_turns(jobs, "rating.decide", lambda uow: consequences.undecided(uow, uow.now), decide)


def escalate_complaints(jobs: Jobs) -> int:
    with jobs.runtime.transaction() as uow:
        return complaints.escalate_due(uow, by=BY)


def ask_surveys(jobs: Jobs) -> int:
    """One customer a transaction: their row is locked. Returns how many were asked."""
    asked: list[str] = []

    def ask(uow: UnitOfWork, order_id: str) -> None:
        if surveys.ask(uow, order_id, by=BY):
            asked.append(order_id)

    take_turns(jobs, surveys.TURN, surveys.due_orders, ask)
    return len(asked)


def age_figures(jobs: Jobs) -> int:
    """Ratings older than twelve months count no more."""

    def renew(uow: UnitOfWork, engineer_id: str) -> None:
        figures.renew(uow, engineer_id, by=BY)

    return take_turns(jobs, figures.TURN, figures.ageing, renew)
