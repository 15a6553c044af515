"""Finding somebody: what may be asked for, who is best, whose time can be had, and what is left when nobody is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from domain.capacity.model import Reservation
from domain.capacity.operations import NoRoom
from domain.capacity.travel import ROADS, Travel
from domain.dispatch.candidates import cells_of
from domain.dispatch.choosing import Line, Question, Window, compare, question, why_nobody, words_of
from domain.dispatch.deadlines import answer_by
from domain.dispatch.facts import Objection
from domain.dispatch.model import Decision
from domain.dispatch.offering import ask, decide, keep_time
from domain.dispatch.reasons import WAITING
from domain.dispatch.rules import hard_because
from domain.dispatch.standing import BY
from domain.dispatch.waiting import leave_queue, put_in_queue
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import Visit, WorkOrder
from domain.work_orders.operations import put_responsible
from domain.work_orders.visits import open_visit

TRIES = 8
"""Candidates whose time may be taken by somebody else between looking and locking, in one decision."""
LATEST_WISH = timedelta(days=14)
"""A wish further ahead is not planned for yet: the order gets the nearest time, and the customer picks a window."""


def find_somebody(
    uow: UnitOfWork, order: WorkOrder, visit: Visit | None, why: str, travel: Travel = ROADS, *, without: str = "",
    time: Reservation | None = None,
) -> Decision | None:  # fmt: skip
    """Consider everybody but ``without``, and ask the best one whose time can be had.

    ``visit`` is the standing one, locked; ``time`` what is kept for it.
    """
    lines: Sequence[Line] = ()
    for asked in questions(uow, order, time, travel):
        asked.without, order.hard = without, hard_because(asked.job, uow.today)
        lines = compare(uow, asked)
        for again in (False, True):
            stood = visit is not None
            if visit is None and any(line.window for line in lines):
                visit = open_visit(uow, order, by=BY)
            chosen = choose(uow, asked, visit, lines, time)
            if chosen is not None and visit is not None:
                visit.version += stood
                return offer_to(uow, asked, visit, lines, *chosen, why)
            if again or not asked.but:
                break
            asked.but.clear()  # everybody who seemed free was taken meanwhile: look at the days anew
            lines = compare(uow, asked)
    return nobody(uow, order, visit, lines, why)


def questions(uow: UnitOfWork, order: WorkOrder, time: Reservation | None, travel: Travel) -> Iterator[Question]:
    """What may be asked for, one after the other: the promise and nothing else; or the wish, then the nearest time."""
    if time is not None and time.promised:
        window = time.window_since, time.window_until
        yield question(uow, order, travel, uow.now, window=window, holder=time.engineer_id)
        return
    earliest = answer_by(order.service_type, uow.now)
    wish = wish_of(order, uow)
    if wish:
        yield question(uow, order, travel, earliest, wish=wish)
    yield question(uow, order, travel, max(earliest, wish[0]) if wish else earliest)


def wish_of(order: WorkOrder, uow: UnitOfWork) -> Window | None:
    since, until = order.wanted_since, order.wanted_until
    if since is None or until is None or until <= uow.now or since > uow.now + LATEST_WISH:
        return None
    return since, until


def choose(
    uow: UnitOfWork, asked: Question, visit: Visit | None, lines: Sequence[Line], time: Reservation | None
) -> tuple[Line, Reservation] | None:
    """Take the time of the best one who still has it. Those who have not are marked so."""
    for line in [line for line in lines if line.window][:TRIES]:
        try:
            return line, keep_time(uow, asked, line, time, by=BY, visit=visit)
        except NoRoom as no:
            line.window, line.objections = None, (Objection("room", str(no)),)
            asked.but.add(line.who.engineer_id)
    return None


def offer_to(
    uow: UnitOfWork,
    asked: Question,
    visit: Visit,
    lines: Sequence[Line],
    line: Line,
    time: Reservation,
    why: str,
) -> Decision:
    order = asked.order
    decision = decide(
        uow, order, [line, *(one for one in lines if one is not line)], by=BY, why=why, outcome="offered",
        visit=visit, engineer_id=line.who.engineer_id,
    )  # fmt: skip
    until = answer_by(order.service_type, uow.now, time.window_since if time.promised else None)
    ask(uow, order, visit, time, line, decision, until)
    if asked.job.waits:
        leave_queue(uow, order.id)
    return decision


def nobody(uow: UnitOfWork, order: WorkOrder, visit: Visit | None, lines: Sequence[Line], why: str) -> Decision | None:
    """The order waits for a dispatcher; whose it is says the grid."""
    reason = why_nobody(lines)
    first = next(iter(cells_of(uow, order)), None)
    if order.provider_id is None and first is not None:
        put_responsible(uow, order, first, None, by=BY)
    if put_in_queue(uow, order, order.provider_id, reason, words_of(lines, reason, WAITING)):
        return decide(uow, order, lines, by=BY, why=why, outcome=reason, visit=visit)
    return None
