"""回访 as the agents see it: whom to call, the call one has, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from console.asked import BadFilter
from console.feedback import RatingRow, rows_seen
from console.showing import mask_words
from domain.access import queries as access
from domain.access.sessions import SignedIn
from domain.catalog.model import Category
from domain.feedback import callbacks, policies, queries
from domain.feedback.callbacks import Round
from domain.feedback.lifecycle import CALLBACKS, CLAIMED, CallbackStatus
from domain.feedback.model import Callback, CallbackRound, Rating
from domain.kit.personal import mask_name, mask_phone
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.work_orders.kinds import TITLES
from domain.work_orders.model import WorkOrder


@dataclass(frozen=True)
class CallRow:
    """One call: ``late`` when what was promised is past, ``now`` when it may be made."""

    id: str
    order_id: str
    number: str
    service: str
    contact: str
    reason: str
    status: CallbackStatus
    status_title: str
    due_at: datetime
    next_at: datetime
    rounds: int
    claimed_by: str
    mine: bool
    late: bool
    now: bool
    outcome: str
    ended_at: datetime | None


@dataclass(frozen=True)
class CallSeen:
    """The call on its page: phone and words masked."""

    row: CallRow
    phone: str
    words: str
    rating: RatingRow | None
    rounds: Sequence[CallbackRound]
    answers: Mapping[str, str]


def call_rows(uow: UnitOfWork, who: SignedIn, found: Sequence[Callback]) -> list[CallRow]:
    wanted = select(WorkOrder).where(WorkOrder.id.in_([one.work_order_id for one in found]))
    orders = {one.id: one for one in uow.session.scalars(wanted)}
    categories = dict(uow.session.execute(select(Category.code, Category.title)).all())
    names = access.names_of(uow, [f"staff:{one.claimed_by}" for one in found if one.claimed_by])
    return [call_row(uow, who, one, orders[one.work_order_id], categories, names) for one in found]


def call_row(
    uow: UnitOfWork, who: SignedIn, one: Callback, order: WorkOrder, categories: Mapping[str, str],
    names: Mapping[str, str],
) -> CallRow:  # fmt: skip
    return CallRow(
        one.id, order.id, order.number, f"{categories.get(order.category_code, '')}{TITLES[order.service_type]}",
        mask_name(order.contact_name or ""), policies.CALLS[one.reason].title, one.status, CALLBACKS.titles[one.status],
        one.due_at, one.next_at, one.rounds, names.get(f"staff:{one.claimed_by}", "") if one.status == CLAIMED else "",
        one.status == CLAIMED and one.claimed_by == who.staff.id, one.due_at < uow.now and one.ended_at is None,
        one.next_at <= uow.now, policies.OUTCOMES.get(one.outcome, ""), one.ended_at,
    )  # fmt: skip


def to_call(uow: UnitOfWork, who: SignedIn, *, done: bool = False) -> list[CallRow]:
    """Who is to be called, the first promised first; or what came of calls of late."""
    return call_rows(uow, who, queries.called(uow) if done else queries.calls(uow))


def look(uow: UnitOfWork, callback_id: str, who: SignedIn) -> CallSeen:
    """:raises NotFound: there is no such call"""
    one = uow.get(Callback, callback_id, called="这条回访")
    order = uow.get(WorkOrder, one.work_order_id, called="这张工单")
    rating = uow.session.scalars(select(Rating).filter_by(work_order_id=order.id)).all()
    return CallSeen(
        call_rows(uow, who, [one])[0], mask_phone(order.phone), mask_words(order.words),
        next(iter(rows_seen(uow, rating)), None), queries.rounds_of(uow, one.id),
        {policies.QUESTIONS[name].title: policies.QUESTIONS[name].answers[said] for name, said in one.answers.items()},
    )  # fmt: skip


def take_next(uow: UnitOfWork, who: SignedIn) -> Callback | None:
    """The next call for whoever asks; None when nobody is to be called now."""
    return callbacks.claim_next(uow, by=who.actor)


def round_from(fields: Mapping[str, str]) -> Round:
    """What the form says of a call.

    :raises BadFilter: a day or a time that cannot be
    """
    answers = {name: fields[f"q-{name}"] for name in policies.QUESTIONS if fields.get(f"q-{name}")}
    result = fields.get("result", "")
    return Round(
        result, answers if result == "answered" else {}, fields.get("words", "").strip(),
        moment_from(fields.get("next_day", ""), fields.get("next_time", "")) if result in ("later", "no_answer") else None,
    )  # fmt: skip


def moment_from(day: str, at: str) -> datetime | None:
    """:raises BadFilter: no such day or time"""
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(at or "10:00"), SHANGHAI)
    except ValueError:
        raise BadFilter("下次回访时间不对") from None


def note(uow: UnitOfWork, callback_id: str, made: Round, who: SignedIn) -> Callback:
    """:raises Refused: the words say why"""
    return callbacks.note_round(uow, callback_id, made, by=who.actor)
