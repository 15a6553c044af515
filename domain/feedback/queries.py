"""Looking at feedback: ratings page by page, figures made of them, calls to make, complaints, and the NPS.

Every query is narrowed by the session to what whoever asks may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select, true, tuple_

from domain.feedback import policies
from domain.feedback.lifecycle import CLAIMED, TO_ANSWER, WAITING
from domain.feedback.lifecycle import OPEN as OPEN_COMPLAINTS
from domain.feedback.model import Callback, CallbackRound, Complaint, ComplaintStep, Rating, RatingEngineer, Survey
from domain.feedback.rules import LOW
from domain.feedback.surveys import nps
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork

MOST_LOOKED_AT = 2000
"""Ratings that one page reads to find some with words."""


@dataclass(frozen=True)
class Wanted:
    """Which ratings. ``stars``: "" all, "low", or one number. Days are Shanghai's, ``until`` is the last one."""

    stars: str = ""
    brand_id: str = ""
    provider_id: str = ""
    engineer_id: str = ""
    since: date | None = None
    until: date | None = None
    with_words: bool = False


@dataclass(frozen=True)
class Figure:
    """One line of figures: whose, how many ratings, their mean in hundredths of stars, and how many were low."""

    key: str
    count: int
    mean: int
    low: int

    @property
    def low_percent(self) -> int:
        return round(100 * self.low / self.count) if self.count else 0


@dataclass(frozen=True)
class Score:
    """One line of the NPS."""

    key: str
    asked: int
    answered: int
    promoters: int
    detractors: int

    @property
    def nps(self) -> int | None:
        return nps(self.promoters, self.detractors, self.answered)


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.stars == "low":
        found.append(or_(Rating.stars <= LOW, Rating.solved.is_(False)))
    elif wanted.stars:
        found.append(Rating.stars == int(wanted.stars))
    if wanted.brand_id:
        found.append(Rating.brand_id == wanted.brand_id)
    if wanted.provider_id:
        found.append(Rating.provider_id == wanted.provider_id)
    if wanted.engineer_id:
        of = select(RatingEngineer.rating_id).where(RatingEngineer.engineer_id == wanted.engineer_id)
        found.append(Rating.id.in_(of))
    if wanted.since:
        found.append(Rating.at >= midnight(wanted.since))
    if wanted.until:
        found.append(Rating.at < midnight(wanted.until + timedelta(days=1)))
    return found


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def ratings(
    uow: UnitOfWork, wanted: Wanted, *, after: tuple[datetime, str] | None = None, limit: int = 50
) -> tuple[list[Rating], tuple[datetime, str] | None]:
    """The newest first, and where the next page begins. Words are sealed, so those without are left out here: a page that
    looked at `MOST_LOOKED_AT` and found few is a short one, and the next goes on."""
    found = select(Rating).where(*conditions(wanted)).order_by(Rating.at.desc(), Rating.id.desc())
    rows: list[Rating] = []
    looked_at = 0
    while True:
        page = found if after is None else found.where(tuple_(Rating.at, Rating.id) < after)
        got = uow.session.scalars(page.limit(limit + 1)).all()
        rows += [row for row in got[:limit] if row.words or not wanted.with_words]
        if len(got) <= limit:
            return rows, None
        after, looked_at = (got[limit - 1].at, got[limit - 1].id), looked_at + limit
        if len(rows) >= limit or looked_at >= MOST_LOOKED_AT:
            return rows, after


def spread(uow: UnitOfWork, wanted: Wanted) -> dict[int, int]:
    """How many ratings of each number of stars."""
    counted = select(Rating.stars, func.count()).where(*conditions(wanted)).group_by(Rating.stars)
    found = dict(uow.session.execute(counted).all())
    return {stars: found.get(stars, 0) for stars in range(5, 0, -1)}


MEAN: ColumnElement[Any] = func.round(func.avg(Rating.stars) * 100)
LOWS: ColumnElement[Any] = func.count().filter(or_(Rating.stars <= LOW, Rating.solved.is_(False)))


def month_of(column: Any) -> ColumnElement[str]:
    return func.to_char(func.timezone("Asia/Shanghai", column), "YYYY-MM")


def figures_of(uow: UnitOfWork, counted: Select[Any]) -> list[Figure]:
    return [
        Figure(key or "", int(count), int(mean), int(low)) for key, count, mean, low in uow.session.execute(counted)
    ]


def by_provider(uow: UnitOfWork, wanted: Wanted, limit: int = 20) -> list[Figure]:
    """Those with most ratings first."""
    counted = select(Rating.provider_id, func.count(), MEAN, LOWS).where(*conditions(wanted))
    return figures_of(uow, counted.group_by(Rating.provider_id).order_by(func.count().desc()).limit(limit))


def by_month(uow: UnitOfWork, wanted: Wanted) -> list[Figure]:
    """By Shanghai's months, in order."""
    month = month_of(Rating.at)
    counted = select(month, func.count(), MEAN, LOWS).where(*conditions(wanted)).group_by(month).order_by(month)
    return figures_of(uow, counted)[-12:]


def by_engineer(uow: UnitOfWork, wanted: Wanted, limit: int = 20) -> list[Figure]:
    """Whoever is to be looked at first: the lowest mean first. Shares weigh."""
    weighed = func.round(100 * func.sum(RatingEngineer.stars * RatingEngineer.share) / func.sum(RatingEngineer.share))
    low = func.count().filter(or_(Rating.stars <= LOW, Rating.solved.is_(False)))
    counted = (
        select(RatingEngineer.engineer_id, func.count(), weighed, low)
        .join(Rating, Rating.id == RatingEngineer.rating_id)
        .where(*conditions(wanted))
        .group_by(RatingEngineer.engineer_id)
        .order_by(weighed, func.count().desc())
        .limit(limit)
    )
    return figures_of(uow, counted)


def aspects_of(uow: UnitOfWork, wanted: Wanted) -> list[Figure]:
    """The mean of each aspect."""
    each = func.jsonb_each_text(Rating.aspects).table_valued("key", "value").render_derived()
    number = case(
        (each.c.value == "1", 1), (each.c.value == "2", 2), (each.c.value == "3", 3), (each.c.value == "4", 4), else_=5
    )
    counted = (
        select(each.c.key, func.count(), func.round(func.avg(number) * 100), func.count().filter(number <= LOW))
        .select_from(Rating)
        .join(each, true())
        .where(*conditions(wanted))
        .group_by(each.c.key)
    )
    return figures_of(uow, counted)


def calls(uow: UnitOfWork, *, limit: int = 200) -> Sequence[Callback]:
    """Who is to be called, the first promised first; those somebody has among them."""
    found = select(Callback).where(Callback.status.in_((WAITING, CLAIMED))).order_by(Callback.due_at, Callback.id)
    return uow.session.scalars(found.limit(limit)).all()


def called(uow: UnitOfWork, *, limit: int = 100) -> Sequence[Callback]:
    """What came of calls of late, newest first."""
    found = select(Callback).where(Callback.ended_at.isnot(None)).order_by(Callback.ended_at.desc())
    return uow.session.scalars(found.limit(limit)).all()


def rounds_of(uow: UnitOfWork, callback_id: str) -> Sequence[CallbackRound]:
    return uow.session.scalars(
        select(CallbackRound).filter_by(callback_id=callback_id).order_by(CallbackRound.seq)
    ).all()


def callback_of(uow: UnitOfWork, order_id: str) -> Callback | None:
    return uow.session.scalars(select(Callback).filter_by(work_order_id=order_id)).first()


def complaints(uow: UnitOfWork, *, owner_id: str = "", closed: bool = False, limit: int = 300) -> Sequence[Complaint]:
    """Open ones, the first promised first; or those closed of late."""
    found = select(Complaint).where(Complaint.status.in_(OPEN_COMPLAINTS)).order_by(Complaint.due_at, Complaint.id)
    if closed:
        found = select(Complaint).where(Complaint.closed_at.isnot(None)).order_by(Complaint.closed_at.desc())
    if owner_id:
        found = found.where(Complaint.owner_id == owner_id)
    return uow.session.scalars(found.limit(limit)).all()


def complaints_of(uow: UnitOfWork, order_id: str) -> Sequence[Complaint]:
    return uow.session.scalars(select(Complaint).filter_by(work_order_id=order_id).order_by(Complaint.opened_at)).all()


def steps_of(uow: UnitOfWork, complaint_id: str) -> Sequence[ComplaintStep]:
    return uow.session.scalars(
        select(ComplaintStep).filter_by(complaint_id=complaint_id).order_by(ComplaintStep.id)
    ).all()


def count_to_answer(uow: UnitOfWork) -> int:
    """Complaints whose customers wait for an answer."""
    return uow.session.scalar(select(func.count()).select_from(Complaint).where(Complaint.status.in_(TO_ANSWER))) or 0


def scores(uow: UnitOfWork, by: str, *, since: date | None = None) -> list[Score]:
    """The NPS by ``month``, ``provider`` or ``brand``; by "" all in one line."""
    key: Any = {"month": month_of(Survey.asked_at), "provider": Survey.provider_id, "brand": Survey.brand_id}.get(by)
    columns = (
        func.count(), func.count(Survey.score), func.count().filter(Survey.score >= policies.PROMOTER),
        func.count().filter(Survey.score <= policies.DETRACTOR),
    )  # fmt: skip
    found: Select[Any] = select(literal("") if key is None else key, *columns).select_from(Survey)
    if since:
        found = found.where(Survey.asked_at >= midnight(since))
    if key is not None:
        found = found.group_by(key).order_by(key)
    return [Score(row[0] or "", *(int(one) for one in row[1:])) for row in uow.session.execute(found)]
