"""When people are there to answer: a brand's hours, who is on duty now, and what a customer is told when nobody is.

Hours are rows (`DutyHours`); the rules over them are the pure functions at the top.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.access import trail
from domain.calendar import feast_after, feast_names
from domain.desk.model import DutyHours, Presence
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Brand

FEAST = 7
"""The weekday of the row for legal holidays. Weekends worked in lieu of them are like any day of that weekday."""
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日", "法定节假日")
AHEAD = 30
"""Days looked ahead for the next opening."""
MIDNIGHT = 24 * 60
GONE = timedelta(seconds=90)
"""Somebody whose last open page was seen longer ago is not there: pages say so every half minute."""
CALLED_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True)
class Hours:
    """``[opens, closes)`` in minutes after midnight on one weekday, from the day ``since`` until before ``until``.

    A row that closes as it opens says that nobody answers: so holidays differ from days nothing is said of.
    """

    weekday: int
    opens: int
    closes: int
    since: date
    until: date | None = None

    def hold_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def is_feast(day: date) -> bool:
    """Whether the day belongs to a legal holiday, weekend or not."""
    feasts = (feast_after(name, day) for name in feast_names())
    return any(feast and feast.since <= day < feast.until for feast in feasts)


def on_day(day: date, hours: Iterable[Hours]) -> list[tuple[datetime, datetime]]:
    """When people answer on a day, in order. Where no row is for holidays, a holiday is like its weekday."""
    held = [row for row in hours if row.hold_on(day)]
    has_feasts = any(row.weekday == FEAST for row in held)
    weekday = FEAST if has_feasts and is_feast(day) else day.weekday()
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    spans = sorted((row.opens, row.closes) for row in held if row.weekday == weekday and row.opens < row.closes)
    return [(midnight + timedelta(minutes=a), midnight + timedelta(minutes=b)) for a, b in spans]


def next_open(now: datetime, hours: Sequence[Hours]) -> datetime | None:
    """``now`` while people answer, else when they begin to; None when they do not within `AHEAD` days."""
    today = now.astimezone(SHANGHAI).date()
    for ahead in range(AHEAD + 1):
        for opens, closes in on_day(today + timedelta(days=ahead), hours):
            if now < closes:
                return max(now, opens)
    return None


def clock(minutes: int) -> str:
    """8:00; 24:00 is the end of the day."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def said(at: datetime, today: date) -> str:
    """A moment the way it is said: 8:00, 明天 8:00, 5月20日 8:00."""
    local = at.astimezone(SHANGHAI)
    days = (local.date() - today).days
    day = {0: "", 1: "明天 ", 2: "后天 "}.get(days, f"{local.month}月{local.day}日 ")
    return f"{day}{clock(local.hour * 60 + local.minute)}"


def words(uow: UnitOfWork, brand_id: str) -> str | None:
    """What a customer is told who wants a person while nobody is on duty; None when somebody is."""
    if anybody_on_duty(uow):
        return None
    at = next_open(uow.now, hours_of(uow, brand_id))
    offer = "要留回电请回复电话"
    if at is None:
        brand = uow.get(Brand, brand_id, called="品牌")
        return f"现在没有客服在线，人工服务时间 {brand.desk_hours}，上班后第一时间联系您；{offer}"
    if at == uow.now:
        return f"客服暂时都不在座位上，回来后第一时间联系您；{offer}"
    return f"现在没有客服在线，{said(at, uow.today)} 上班后第一时间联系您；{offer}"


def callback_due(uow: UnitOfWork, brand_id: str) -> datetime:
    """By when somebody who wants a call should have had it."""
    return (next_open(uow.now, hours_of(uow, brand_id)) or uow.now) + CALLED_WITHIN


def rows_of(uow: UnitOfWork, brand_id: str) -> Sequence[DutyHours]:
    """The brand's rows that hold today or later, by weekday."""
    found = select(DutyHours).where(
        DutyHours.brand_id == brand_id, or_(DutyHours.until.is_(None), DutyHours.until > uow.today)
    )
    return uow.session.scalars(found.order_by(DutyHours.weekday, DutyHours.since, DutyHours.opens)).all()


def hours_of(uow: UnitOfWork, brand_id: str) -> list[Hours]:
    return [Hours(row.weekday, row.opens, row.closes, row.since, row.until) for row in rows_of(uow, brand_id)]


def set_hours(
    uow: UnitOfWork, brand_id: str, weekdays: Iterable[int], spans: Sequence[tuple[int, int]], since: date, *, by: Actor
) -> None:
    """From a day on, people answer on these weekdays at these times; no span means not at all. Earlier rows end.

    :raises Refused: a time or day that cannot be
    """
    days = set(weekdays)
    if not days or not days <= set(range(len(WEEKDAYS))) or since < uow.today:
        raise Refused("请选择星期，生效日期不能早于今天")
    if any(not 0 <= opens < closes <= MIDNIGHT for opens, closes in spans):
        raise Refused("下班时间要晚于上班时间")
    for row in rows_of(uow, brand_id):
        if row.weekday in days and (row.until is None or row.until > since):
            if row.since >= since:
                uow.session.delete(row)
            else:
                row.until = since
    for weekday in sorted(days):
        for opens, closes in spans or ([(0, 0)] if weekday == FEAST else []):
            uow.session.add(
                DutyHours(
                    id=uow.new_id("dh"), brand_id=brand_id, weekday=weekday, opens=opens, closes=closes, since=since
                )
            )
    uow.session.flush()
    trail.record(uow, by, "desk.hours", "brand", brand_id, weekdays=sorted(days), since=since.isoformat())


def anybody_on_duty(uow: UnitOfWork) -> bool:
    there = select(Presence.staff_id).where(Presence.on_duty, Presence.seen_at > uow.now - GONE)
    return uow.session.scalars(there.limit(1)).first() is not None


def on_duty(uow: UnitOfWork) -> set[str]:
    """The ids of everybody who takes chats now."""
    there = select(Presence.staff_id).where(Presence.on_duty, Presence.seen_at > uow.now - GONE)
    return set(uow.session.scalars(there))


def is_on(uow: UnitOfWork, staff_id: str) -> bool:
    """Whether somebody's switch is on."""
    presence = uow.session.get(Presence, staff_id)
    return presence is not None and presence.on_duty


def switch(uow: UnitOfWork, staff_id: str, on: bool, *, by: Actor) -> None:
    """Somebody takes chats from now on, or no longer does."""
    new = insert(Presence).values(staff_id=staff_id, on_duty=on, switched_at=uow.now, seen_at=uow.now)
    changes = {"on_duty": on, "switched_at": uow.now, "seen_at": uow.now}
    uow.session.execute(new.on_conflict_do_update(index_elements=["staff_id"], set_=changes))
    uow.session.get(Presence, staff_id, populate_existing=True)
    trail.record(uow, by, "desk.on_duty" if on else "desk.off_duty", "staff", staff_id)


def seen(uow: UnitOfWork, staff_ids: Iterable[str]) -> None:
    """These people have a page open. Said every half minute, written for those whose switch is on."""
    there = update(Presence).where(
        Presence.staff_id.in_(set(staff_ids)), Presence.on_duty, Presence.seen_at < uow.now - GONE / 4
    )
    uow.session.execute(there.values(seen_at=uow.now), execution_options={"synchronize_session": False})
