"""Calling customers after the work: who is called, the next call for whoever asks, and what came of each round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from domain.access import trail
from domain.feedback import policies
from domain.feedback.events import CallbackEnded
from domain.feedback.hours import in_hours
from domain.feedback.lifecycle import CALLBACKS, CLAIMED, DONE, DROPPED, WAITING
from domain.feedback.model import Callback, CallbackRound
from domain.feedback.ratings import CannotRate, Given, RatedAlready, finished_at, rate, rating_of
from domain.feedback.rules import is_low
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder
from domain.work_orders.operations import DONE as ORDER_DONE

LONGEST_NOTE = 1000
SETTLED = timedelta(minutes=10)
"""So long after the end of an order it is certain whether a call was planned."""


class BadRound(Refused):
    """A result, an answer or a next date that cannot be."""

    code = "bad_round"


@dataclass(frozen=True)
class Round:
    """What came of one call. ``answers`` by question, for one that was answered; ``next_at`` when to call again."""

    result: str
    answers: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    next_at: datetime | None = None


def plan(uow: UnitOfWork, order_id: str, *, by: Actor) -> Callback | None:
    """The work is finished: call the customer, if the rules want it. Running it twice changes nothing; of what ended longer
    ago than the promise lasts nobody calls any more."""
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    ended = finished_at(uow, order.id)
    if order.status not in ORDER_DONE or ended is None or uow.now - ended > policies.CALL_WITHIN:
        return None
    reason = policies.call_for(order.id, order.service_type, rectifies=order.rectifies_id is not None)
    rating = rating_of(uow, order.id)
    if rating is not None and is_low(rating.stars, rating.solved):
        reason = "low"
    if not reason or (rating is not None and policies.CALLS[reason].only_unrated):
        return None
    return put(uow, order, reason, ended, by=by)


def put(uow: UnitOfWork, order: WorkOrder, reason: str, ended: datetime, *, by: Actor) -> Callback:
    """One callback an order; one that ended before the work was finished again begins anew. The order's row is locked."""
    after = in_hours(ended + policies.CALLS[reason].after)
    found = select(Callback).filter_by(work_order_id=order.id).with_for_update()
    callback = uow.session.scalars(found.execution_options(populate_existing=True)).first()
    if callback is None:
        callback = Callback(
            id=uow.new_id("cb"), work_order_id=order.id, brand_id=order.brand_id, customer_id=order.customer_id,
            status=CALLBACKS.start, reason=reason, planned_at=uow.now, due_at=ended + policies.CALL_WITHIN, next_at=after,
        )  # fmt: skip
        uow.session.add(callback)
        uow.session.flush()
        trail.record(uow, by, "callback.plan", "work_order", order.id, reason=reason)
    elif callback.status in (DONE, DROPPED) and callback.ended_at and callback.ended_at < ended:
        CALLBACKS.move(callback, "plan", by.role, why="又完工了")
        callback.reason, callback.planned_at, callback.rounds, callback.outcome = reason, uow.now, 0, ""
        callback.due_at, callback.next_at, callback.ended_at = ended + policies.CALL_WITHIN, after, None
        callback.claimed_by = callback.claimed_at = None
        trail.record(uow, by, "callback.plan", "work_order", order.id, reason=reason)
    elif callback.status == WAITING and reason == "low" and callback.reason != "low":
        callback.reason, callback.next_at = "low", min(callback.next_at, uow.now)
    uow.session.flush()
    return callback


def drop(uow: UnitOfWork, order_id: str, why: str, *, by: Actor, only_unrated: bool = False) -> None:
    """Nobody need call: the order goes on, or (``only_unrated``) a good rating has said all. One that is being made goes on."""
    found = select(Callback).filter_by(work_order_id=order_id, status=WAITING).with_for_update()
    callback = uow.session.scalars(found).first()
    if callback is None or (only_unrated and not policies.CALLS[callback.reason].only_unrated):
        return
    CALLBACKS.move(callback, "drop", by.role, why=why)
    end(uow, callback, "needless", by=by)


def claim_next(uow: UnitOfWork, *, by: Actor) -> Callback | None:
    """The call this person has, else the first that is due and nobody has; None when there is none.

    Of two who ask at once each gets another one. What somebody took and left is free after `policies.CLAIM_LASTS`.
    """
    mine = select(Callback).filter_by(status=CLAIMED, claimed_by=by.id).order_by(Callback.claimed_at).limit(1)
    if (held := uow.session.scalars(mine.with_for_update()).first()) is not None:
        held.claimed_at = uow.now
        return held
    left = and_(Callback.status == CLAIMED, Callback.claimed_at < uow.now - policies.CLAIM_LASTS)
    due = or_(and_(Callback.status == WAITING, Callback.next_at <= uow.now), left)
    first = select(Callback).where(due).order_by(Callback.due_at, Callback.id).limit(1)
    callback = uow.session.scalars(first.with_for_update(skip_locked=True)).first()
    if callback is None:
        return None
    if callback.status == CLAIMED:
        CALLBACKS.move(callback, "put_back", by.role)
    return take(uow, callback, by=by)


def claim(uow: UnitOfWork, callback_id: str, *, by: Actor) -> Callback:
    """Take this one, also before its time.

    :raises Conflict: a colleague has it; :raises MoveRefused: it is over
    """
    callback = uow.get(Callback, callback_id, called="这条回访", lock=True)
    if callback.status == CLAIMED and callback.claimed_by == by.id:
        return callback
    if callback.status == CLAIMED:
        if callback.claimed_at and callback.claimed_at >= uow.now - policies.CLAIM_LASTS:
            raise Conflict("同事正在回访这位客户")
        CALLBACKS.move(callback, "put_back", by.role)
    return take(uow, callback, by=by)


def take(uow: UnitOfWork, callback: Callback, *, by: Actor) -> Callback:
    CALLBACKS.move(callback, "claim", by.role)
    callback.claimed_by, callback.claimed_at = by.id, uow.now
    trail.record(uow, by, "callback.claim", "work_order", callback.work_order_id)
    uow.session.flush()
    return callback


def put_back(uow: UnitOfWork, callback_id: str, *, by: Actor) -> Callback:
    """Let somebody else call.

    :raises Conflict: a colleague has it; :raises MoveRefused: nobody has it
    """
    callback = claimed_by(uow, callback_id, by)
    CALLBACKS.move(callback, "put_back", by.role)
    callback.claimed_by = callback.claimed_at = None
    trail.record(uow, by, "callback.put_back", "work_order", callback.work_order_id)
    return callback


def note_round(uow: UnitOfWork, callback_id: str, made: Round, *, by: Actor) -> Callback:
    """Write down what came of a call: it ends the callback, or says when to call again. An answered one rates the order, where
    the customer said so and nothing stands yet.

    :raises BadRound: a result, an answer or a date that cannot be
    :raises Conflict: a colleague has it; :raises MoveRefused: nobody has it
    """
    check(uow, made)
    about = uow.get(Callback, callback_id, called="这条回访")
    uow.get(WorkOrder, about.work_order_id, called="这张工单", lock=True)  # before the callback, as whoever plans does
    callback = claimed_by(uow, callback_id, by)
    callback.rounds += 1
    over = made.result in ("answered", "refused") or (
        made.result == "no_answer" and callback.rounds >= policies.MOST_ROUNDS
    )
    next_at = None if over else made.next_at or retry_at(uow, callback.rounds)
    uow.session.add(
        CallbackRound(
            callback_id=callback.id, seq=last_seq(uow, callback.id) + 1, result=made.result, words=made.words.strip(),
            by=str(by), at=uow.now, next_at=next_at,
        )
    )  # fmt: skip
    trail.record(uow, by, "callback.round", "work_order", callback.work_order_id, result=made.result)
    if next_at is not None:
        CALLBACKS.move(callback, "again", by.role)
        callback.next_at, callback.claimed_by, callback.claimed_at = next_at, None, None
        return callback
    if made.result == "answered":
        callback.answers = dict(made.answers)
        rate_by_phone(uow, callback, made, by=by)
    CALLBACKS.move(callback, "finish", by.role)
    end(uow, callback, outcome_of(made), by=by)
    return callback


def check(uow: UnitOfWork, made: Round) -> None:
    """:raises BadRound: the words say what is wrong"""
    if made.result not in policies.RESULTS:
        raise BadRound("请选择回访结果")
    wrong = [name for name, said in made.answers.items() if said not in policies.QUESTIONS.get(name, NOTHING).answers]
    if wrong:
        raise BadRound("问卷里没有这个选项")
    if made.result == "answered" and not made.answers:
        raise BadRound("接通的回访请填问卷")
    if len(made.words) > LONGEST_NOTE:
        raise BadRound(f"备注最多 {LONGEST_NOTE} 个字")
    if made.result == "later" and made.next_at is None:
        raise BadRound("请选择下次回访时间")
    if made.next_at is not None and made.next_at <= uow.now:
        raise BadRound("下次回访时间要在现在之后")


NOTHING = policies.Asked("", {})


def rate_by_phone(uow: UnitOfWork, callback: Callback, made: Round, *, by: Actor) -> None:
    """What was said on the phone is the customer's rating, unless there is one."""
    if "stars" not in made.answers:
        return
    solved = {"yes": True, "no": False}.get(made.answers.get("solved", ""))
    given = Given(int(made.answers["stars"]), "callback", words=made.words.strip()[:500], solved=solved)
    try:
        rate(uow, callback.work_order_id, given, by=by)
    except (RatedAlready, CannotRate):
        trail.record(uow, by, "callback.rated_before", "work_order", callback.work_order_id)


def outcome_of(made: Round) -> str:
    if made.result == "no_answer":
        return "unreachable"
    if made.result == "refused":
        return "refused"
    bad = any(said in policies.QUESTIONS[name].bad for name, said in made.answers.items())
    return "dissatisfied" if bad else "satisfied"


def end(uow: UnitOfWork, callback: Callback, outcome: str, *, by: Actor) -> None:
    callback.outcome, callback.ended_at = outcome, uow.now
    callback.claimed_at = None
    trail.record(uow, by, "callback.end", "work_order", callback.work_order_id, outcome=outcome)
    uow.emit(CallbackEnded(callback.id, callback.work_order_id, outcome))
    uow.session.flush()


def claimed_by(uow: UnitOfWork, callback_id: str, by: Actor) -> Callback:
    """:raises Conflict: a colleague has it"""
    callback = uow.get(Callback, callback_id, called="这条回访", lock=True)
    if callback.claimed_by not in (None, by.id):
        raise Conflict("同事正在回访这位客户")
    return callback


def retry_at(uow: UnitOfWork, rounds: int) -> datetime:
    """When to try again after so many vain rounds: within the hours of calls."""
    pause = policies.RETRY[min(rounds, len(policies.RETRY)) - 1]
    return in_hours(uow.now + pause)


def last_seq(uow: UnitOfWork, callback_id: str) -> int:
    return uow.session.scalar(select(func.max(CallbackRound.seq)).filter_by(callback_id=callback_id)) or 0
