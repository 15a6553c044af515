"""Engineers as the staff see and change them: lists, one engineer with all papers and the days to come, a station's calendar."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from console.asked import BadFilter
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.capacity.day import Day
from domain.capacity.leaves import KINDS as LEAVES
from domain.capacity.model import Leave, Shift
from domain.capacity.queries import days_of, midnight
from domain.catalog.categories import TITLES as CATEGORIES
from domain.engineers import operations
from domain.engineers.certificates import KINDS as CERTIFICATES
from domain.engineers.certificates import SHORT, needed
from domain.engineers.expiry import SOON
from domain.engineers.grades import TITLES as GRADES
from domain.engineers.model import Authorization, Certificate, Engineer, Skill
from domain.engineers.queries import authorizations_of, certificates_of, skills_of
from domain.kit.personal import mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand, Provider, Station
from domain.organizations.queries import holds_on
from domain.work_orders.kinds import ServiceType
from domain.work_orders.model import WorkOrder

MOST = 200
"""Engineers on one page; more asks for a narrower filter."""
VISITED = (ServiceType.INSTALL, ServiceType.REPAIR, ServiceType.EXCHANGE, ServiceType.MAINTENANCE)
"""Service types somebody comes for."""
FORTNIGHT = 14


@dataclass(frozen=True)
class Paper:
    """A certificate: ``state`` is ``good``, ``soon``, ``ended`` or ``missing``; ``left`` days until its end."""

    id: str
    kind: str
    short: str
    title: str
    number: str
    since: date | None
    until: date | None
    left: int
    state: str


@dataclass(frozen=True)
class EngineerRow:
    """One line of the list."""

    id: str
    code: str
    name: str
    phone: str
    provider: str
    station: str
    grade: str
    skills: Sequence[str]
    papers: Sequence[Paper]
    brands: str
    daily_maximum: int
    rating: str
    works: bool


@dataclass(frozen=True)
class Coming:
    """A visit that is planned; ``number`` is "" where the order is not this person's to see."""

    order_id: str
    number: str
    day: date
    since: datetime
    until: datetime
    promised: bool


@dataclass(frozen=True)
class EngineerSeen:
    row: EngineerRow
    engineer: Engineer
    can: Mapping[tuple[str, str], str]
    """(category, service type) → id of the skill that holds today."""
    papers: Sequence[Paper]
    lacking: Sequence[str]
    """Certificates the skills need and nobody has seen."""
    grants: Sequence[tuple[str, str, date, date | None]]
    """Brand authorizations: id, brand, from, until."""
    shifts: Sequence[Shift]
    leaves: Sequence[Leave]
    coming: Sequence[Coming]


@dataclass(frozen=True)
class CalendarRow:
    """One engineer's fortnight."""

    engineer: Engineer
    days: Sequence[Day]


def find_engineers(uow: UnitOfWork, asked: Mapping[str, str]) -> tuple[list[EngineerRow], bool]:
    """Who fits, by code, and whether there are more. ``q`` is a code, a whole name or a whole phone number.

    :raises BadFilter: no such category
    """
    found = select(Engineer).order_by(Engineer.until.is_not(None), Engineer.code).limit(MOST + 1)
    if text := asked.get("q", "").strip():
        phone, _ = uow.keyring.phone_prints(text)
        named = or_(Engineer.name_print == uow.keyring.name_print(text), Engineer.phone_print == phone)
        found = found.where(or_(named, Engineer.code.istartswith(text, autoescape=True)))
    elif not asked.get("gone"):
        found = found.where(holds_on(Engineer, uow.today))
    for name, column in (("provider", Engineer.provider_id), ("station", Engineer.station_id)):
        found = found.where(column == asked[name]) if asked.get(name) else found
    if asked.get("category"):
        if asked["category"] not in CATEGORIES:
            raise BadFilter("没有这个品类")
        able = select(Skill.engineer_id).where(Skill.category_code == asked["category"], holds_on(Skill, uow.today))
        found = found.where(Engineer.id.in_(able))
    if asked.get("papers"):
        ending = select(Certificate.engineer_id).where(Certificate.until <= uow.today + SOON)
        found = found.where(Engineer.id.in_(ending))
    people = uow.session.scalars(found).all()
    return engineer_rows(uow, people[:MOST]), len(people) > MOST


def engineer_rows(uow: UnitOfWork, people: Sequence[Engineer]) -> list[EngineerRow]:
    """Five queries, however many they are."""
    ids = [one.id for one in people]
    skills, papers, grants = skills_of(uow, ids), certificates_of(uow, ids), authorizations_of(uow, ids)
    providers = dict(uow.session.execute(select(Provider.id, Provider.name)).all())
    stations = dict(uow.session.execute(select(Station.id, Station.name)).all())
    brands = dict(uow.session.execute(select(Brand.id, Brand.name)).all())
    rows = []
    for one in people:
        able = dict.fromkeys(CATEGORIES[row.category_code] for row in skills[one.id] if holds(row, uow.today))
        let = dict.fromkeys(brands.get(row.brand_id, "") for row in grants[one.id] if holds(row, uow.today))
        works = one.since <= uow.today and (one.until is None or uow.today < one.until)
        latest = newest(papers[one.id])
        rows.append(
            EngineerRow(
                one.id, one.code, one.name, mask_phone(one.phone), providers.get(one.provider_id, ""),
                stations.get(one.station_id, ""), GRADES[one.grade], list(able),
                [paper_of(row, uow.today) for row in latest], "、".join(filter(None, let)), one.daily_maximum,
                f"{one.rating / 100:.2f}", works,
            )
        )  # fmt: skip
    return rows


def look_at_engineer(uow: UnitOfWork, engineer_id: str, who: SignedIn) -> EngineerSeen:
    """One engineer, and the look itself on record.

    :raises NotFound: there is none, or not this person's to see
    """
    one = uow.get(Engineer, engineer_id, called="这位工程师")
    trail.record(uow, who.actor, "engineer.view", "engineer", one.id)
    skills = [row for row in skills_of(uow, [one.id])[one.id] if holds(row, uow.today)]
    papers = [paper_of(row, uow.today) for row in reversed(certificates_of(uow, [one.id])[one.id])]
    wanted = {kind for row in skills for kind in needed(row.category_code, row.service_type, uow.today)}
    held = {paper.kind for paper in papers if paper.state != "ended"}
    shifts = select(Shift).where(Shift.engineer_id == one.id, or_(Shift.until.is_(None), Shift.until > uow.today))
    leaves = select(Leave).where(Leave.engineer_id == one.id, Leave.until > uow.now, Leave.ended_at.is_(None))
    return EngineerSeen(
        row=engineer_rows(uow, [one])[0],
        engineer=one,
        can={(row.category_code, row.service_type): row.id for row in skills},
        papers=papers,
        lacking=[CERTIFICATES[kind] for kind in CERTIFICATES if kind in wanted - held],
        grants=grants_of(uow, one.id),
        shifts=uow.session.scalars(shifts.order_by(Shift.weekday, Shift.starts)).all(),
        leaves=uow.session.scalars(leaves.order_by(Leave.since)).all(),
        coming=coming_of(uow, one.id),
    )


def grants_of(uow: UnitOfWork, engineer_id: str) -> list[tuple[str, str, date, date | None]]:
    rows = (
        select(Authorization.id, Brand.name, Authorization.since, Authorization.until)
        .join(Brand, Brand.id == Authorization.brand_id)
        .where(Authorization.engineer_id == engineer_id)
        .order_by(Brand.code, Authorization.since)
    )
    return [(id_, name, since, until) for id_, name, since, until in uow.session.execute(rows)]


def coming_of(uow: UnitOfWork, engineer_id: str) -> list[Coming]:
    """The visits of the next fortnight."""
    days = days_of(uow, [engineer_id], uow.today, uow.today + timedelta(days=FORTNIGHT))
    stops = [(day.day, stop) for day in days.values() for stop in day.stops]
    wanted = select(WorkOrder.id, WorkOrder.number).where(WorkOrder.id.in_({stop.work_order_id for _, stop in stops}))
    numbers = {row.id: row.number for row in uow.session.execute(wanted)}
    return [
        Coming(
            stop.work_order_id, numbers.get(stop.work_order_id, ""), day, stop.window_since, stop.window_until,
            stop.promised,
        )
        for day, stop in sorted(stops, key=lambda pair: pair[1].starts_at or pair[1].window_since)
    ]  # fmt: skip


def calendar_rows(uow: UnitOfWork, station_id: str, since: date) -> list[CalendarRow]:
    """A fortnight of everybody who works at a station in it, in a constant number of queries."""
    until = since + timedelta(days=FORTNIGHT)
    people = uow.session.scalars(
        select(Engineer)
        .where(
            Engineer.station_id == station_id,
            Engineer.since < until,
            or_(Engineer.until.is_(None), Engineer.until > since),
        )
        .order_by(Engineer.code)
    ).all()
    days = days_of(uow, [one.id for one in people], since, until)
    span = [since + timedelta(days=n) for n in range(FORTNIGHT)]
    return [CalendarRow(one, [days[one.id, day] for day in span]) for one in people]


def put_skills(uow: UnitOfWork, engineer_id: str, wanted: Collection[tuple[str, str]], who: SignedIn) -> int:
    """Make what the engineer can do exactly this, from today on; how many were changed.

    :raises BadFilter: no such category or service type
    """
    if any(category not in CATEGORIES or service not in set(VISITED) for category, service in wanted):
        raise BadFilter("没有这个品类或服务类型")
    rows = [row for row in skills_of(uow, [engineer_id])[engineer_id] if holds(row, uow.today)]
    can = {(row.category_code, row.service_type): row.id for row in rows}
    for skill, id_ in can.items():
        if skill not in wanted:
            operations.end_skill(uow, id_, uow.today, by=who.actor)
    for category, service in set(wanted) - set(can):
        operations.put_skill(uow, engineer_id, category, service, uow.today, by=who.actor)
    return len(set(can) ^ set(wanted))


def paper_of(row: Certificate, today: date) -> Paper:
    left = (row.until - today).days
    state = "ended" if left <= 0 else "soon" if left <= SOON.days else "good"
    kind, title = row.kind, CERTIFICATES.get(row.kind, row.kind)
    return Paper(row.id, kind, SHORT.get(kind, kind), title, row.number, row.since, row.until, left, state)


def newest(papers: Sequence[Certificate]) -> list[Certificate]:
    """Of each kind the one that holds longest, in the order of the table of kinds."""
    latest = {row.kind: row for row in sorted(papers, key=lambda row: row.until)}
    return [latest[kind] for kind in CERTIFICATES if kind in latest]


def holds(row: Skill | Authorization, day: date) -> bool:
    return row.since <= day and (row.until is None or day < row.until)


def leave_times(first: str, last: str, begins: str, ends: str) -> tuple[datetime, datetime]:
    """A stretch of leave: from a day's morning or an hour of it until a day's end or an hour of it.

    :raises BadFilter: no such days
    """
    try:
        since, until = date.fromisoformat(first), date.fromisoformat(last or first)
        start, end = minute(begins or "00:00"), minute(ends or "24:00")
    except ValueError:
        raise BadFilter("请假日期要写成 2026-01-31，时间写成 08:30") from None
    return midnight(since) + timedelta(minutes=start), midnight(until) + timedelta(minutes=end)


def minute(written: str) -> int:
    """:raises ValueError: it is no time of day"""
    hours, _, minutes = written.partition(":")
    if not (
        len(hours) < 3 and hours.isdecimal() and minutes[:2].isdecimal() and int(hours) <= 24 and int(minutes[:2]) < 60
    ):
        raise ValueError(written)
    return int(hours) * 60 + int(minutes[:2])


def leave_title(kind: str) -> str:
    return LEAVES.get(kind, kind)
