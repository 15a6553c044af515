"""评价 and NPS as the staff see them: ratings with their orders, figures with bars, and both as a spreadsheet, masked."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from xlsxwriter import Workbook

from console.asked import BadFilter, day_asked, place_asked, place_written
from console.showing import mask_words, moment
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.catalog.model import Category
from domain.engineers.model import Engineer
from domain.feedback import queries
from domain.feedback.consequences import rectify
from domain.feedback.model import Callback, Complaint, Rating, RatingEngineer
from domain.feedback.queries import Figure, Score, Wanted
from domain.feedback.rules import CONSEQUENCES, is_low
from domain.feedback.tags import title_of
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand, Provider
from domain.work_orders.kinds import TITLES
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken
from domain.work_orders.rectifying import rectification_of

VIA: Mapping[str, str] = {"chat": "微信", "page": "页面", "callback": "回访电话"}
LOOKED_BACK = timedelta(days=90)
"""What the figures are of where no day is named."""
MOST_ROWS = 5000
COLUMNS = ("时间", "工单号", "服务", "星级", "没修好", "分项", "标签", "评语", "工程师", "服务商", "途径", "后续")


@dataclass(frozen=True)
class RatingRow:
    """One rating with what it is of. Numbers and doors in the words are masked."""

    id: str
    order_id: str
    number: str
    service: str
    at: datetime
    stars: int
    low: bool
    unsolved: bool
    aspects: Mapping[str, int]
    """By title."""
    tags: Sequence[str]
    words: str
    via: str
    provider: str
    engineers: Sequence[str]
    decided: str
    rectifying_id: str
    rectifying_number: str


@dataclass(frozen=True)
class Line:
    """One line of figures with its name; ``id`` narrows the list to it."""

    id: str
    name: str
    count: int
    mean: int
    low: int
    low_percent: int


@dataclass(frozen=True)
class Room:
    rows: Sequence[RatingRow]
    after: str
    count: int
    mean: int
    low: int
    spread: Mapping[int, int]
    months: Sequence[Line]
    providers: Sequence[Line]
    engineers: Sequence[Line]
    aspects: Sequence[Line]


@dataclass(frozen=True)
class ScoreLine:
    """One line of the NPS: ``nps`` is None where nobody answered."""

    name: str
    asked: int
    answered: int
    promoters: int
    detractors: int
    nps: int | None


def wanted_asked(fields: Mapping[str, str]) -> Wanted:
    """:raises BadFilter: stars or a day that cannot be"""
    stars = fields.get("stars", "")
    if stars not in ("", "low", *"12345"):
        raise BadFilter("没有这个筛选条件")
    return Wanted(
        stars, fields.get("brand", ""), fields.get("provider", ""), fields.get("engineer", ""),
        day_asked(fields.get("since", "")), day_asked(fields.get("until", "")), fields.get("words", "") == "1",
    )  # fmt: skip


def room(uow: UnitOfWork, wanted: Wanted) -> Room:
    """The first page of the list, and the figures of all it is taken from: of ninety days, where no day is named."""
    rows, after = queries.ratings(uow, wanted)
    of = wanted if wanted.since else replaced(wanted, uow.today - LOOKED_BACK)
    spread = queries.spread(uow, of)
    count = sum(spread.values())
    months = queries.by_month(uow, of)
    providers = queries.by_provider(uow, of)
    engineers = queries.by_engineer(uow, of)
    mean = round(100 * sum(stars * number for stars, number in spread.items()) / count) if count else 0
    return Room(
        rows_seen(uow, rows), place_written(after), count, mean, sum(one.low for one in months), spread,
        lines(months, {}), lines(providers, provider_names(uow, [one.key for one in providers])),
        lines(engineers, engineer_names(uow, [one.key for one in engineers])),
        lines(queries.aspects_of(uow, of), {code: title_of(code) for code in ASPECT_CODES}),
    )  # fmt: skip


ASPECT_CODES = ("punctuality", "skill", "manner", "tidiness", "price")


def replaced(wanted: Wanted, since: date) -> Wanted:
    return Wanted(**{**vars(wanted), "since": since})


def more(uow: UnitOfWork, wanted: Wanted, after: str) -> tuple[Sequence[RatingRow], str]:
    """The next page."""
    rows, then = queries.ratings(uow, wanted, after=named_place(after))
    return rows_seen(uow, rows), place_written(then)


def named_place(after: str) -> tuple[datetime, str] | None:
    found = place_asked(after)
    return (found[0], str(found[1])) if found else None


def lines(figures: Sequence[Figure], names: Mapping[str, str]) -> list[Line]:
    return [
        Line(one.key, names.get(one.key, one.key or "未定"), one.count, one.mean, one.low, one.low_percent)
        for one in figures
    ]


def provider_names(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, str]:
    found = select(Provider.id, Provider.name).where(Provider.id.in_([one for one in ids if one]))
    return dict(uow.session.execute(found).all())


def engineer_names(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, str]:
    found = uow.session.scalars(select(Engineer).where(Engineer.id.in_(list(ids))))
    return {one.id: f"{one.name}（{one.code}）" for one in found}


def rows_seen(uow: UnitOfWork, ratings: Sequence[Rating]) -> list[RatingRow]:
    """Ratings with their orders and people: a handful of queries, however many rows."""
    ids = [one.work_order_id for one in ratings]
    orders = {one.id: one for one in uow.session.scalars(select(WorkOrder).where(WorkOrder.id.in_(ids)))}
    again = uow.session.scalars(select(WorkOrder).where(WorkOrder.rectifies_id.in_(ids)))
    rectifying = {one.rectifies_id: one for one in again}
    shares = uow.session.scalars(
        select(RatingEngineer).where(RatingEngineer.rating_id.in_([one.id for one in ratings]))
    ).all()
    names = engineer_names(uow, sorted({one.engineer_id for one in shares}))
    providers = provider_names(uow, sorted({one.provider_id for one in ratings if one.provider_id}))
    categories = dict(uow.session.execute(select(Category.code, Category.title)).all())
    found = []
    for rating in ratings:
        order, more = orders[rating.work_order_id], rectifying.get(rating.work_order_id)
        found.append(
            RatingRow(
                rating.id, order.id, order.number,
                f"{categories.get(order.category_code, '')}{TITLES[order.service_type]}", rating.at, rating.stars,
                is_low(rating.stars, rating.solved), rating.solved is False,
                {title_of(code): int(stars) for code, stars in rating.aspects.items()},
                [title_of(tag) for tag in rating.tags], mask_words(rating.words), VIA.get(rating.via, rating.via),
                providers.get(rating.provider_id or "", ""),
                [names[one.engineer_id] for one in shares if one.rating_id == rating.id and one.engineer_id in names],
                CONSEQUENCES.get(rating.decided, "等客户说明原因") if is_low(rating.stars, rating.solved) else "",
                more.id if more else "", more.number if more else "",
            )
        )  # fmt: skip
    return found


def scores(uow: UnitOfWork) -> dict[str, Sequence[ScoreLine]]:
    """The NPS in one line, by month, by brand and by provider, of a year."""
    since = uow.today - timedelta(days=365)
    brands = dict(uow.session.execute(select(Brand.id, Brand.name)).all())
    by_provider = queries.scores(uow, "provider", since=since)
    return {
        "all": score_lines(queries.scores(uow, "", since=since), {"": "全部"}),
        "month": score_lines(queries.scores(uow, "month", since=since), {}),
        "brand": score_lines(queries.scores(uow, "brand", since=since), brands),
        "provider": score_lines(by_provider, provider_names(uow, [one.key for one in by_provider])),
    }


def score_lines(found: Sequence[Score], names: Mapping[str, str]) -> list[ScoreLine]:
    return [
        ScoreLine(
            names.get(one.key, one.key or "未定"), one.asked, one.answered, one.promoters, one.detractors, one.nps
        )
        for one in found
    ]


def spreadsheet(uow: UnitOfWork, wanted: Wanted, who: SignedIn) -> bytes:
    """What the list shows, masked as there, at most `MOST_ROWS`; that it was taken out is on record."""
    written = io.BytesIO()
    options = {"constant_memory": True, "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(written, {**options, "strings_to_numbers": False}) as book:
        sheet, bold = book.add_worksheet("评价"), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(COLUMNS):
            sheet.write_string(0, column, title, bold)
        line, after = 0, None
        while line < MOST_ROWS:
            found, after = queries.ratings(uow, wanted, after=after, limit=min(500, MOST_ROWS - line))
            for row in rows_seen(uow, found):
                line += 1
                for column, words in enumerate(cells(row)):
                    sheet.write_string(line, column, words)
            if after is None:
                break
    trail.record(uow, who.actor, "rating.export", "ratings", "", rows=line)
    return written.getvalue()


def cells(row: RatingRow) -> Sequence[str]:
    aspects = "、".join(f"{title} {stars}" for title, stars in row.aspects.items())
    return (
        moment(row.at), spoken(row.number), row.service, str(row.stars), "是" if row.unsolved else "", aspects,
        "、".join(row.tags), row.words, "、".join(row.engineers), row.provider, row.via, row.decided,
    )  # fmt: skip


@dataclass(frozen=True)
class OrderFeedback:
    """What an order's page shows: the rating, what puts the order right or what it puts right, the call, complaints."""

    order_id: str
    rating: RatingRow | None
    rectifying: WorkOrder | None
    rectifies: WorkOrder | None
    callback: Callback | None
    complaints: Sequence[Complaint]
    may_rectify: bool


def of_order(uow: UnitOfWork, order_id: str) -> OrderFeedback:
    """:raises NotFound: there is no such order"""
    order = uow.get(WorkOrder, order_id, called="这张工单")
    found = uow.session.scalars(select(Rating).filter_by(work_order_id=order.id)).all()
    rectifying = rectification_of(uow, order.id)
    first = uow.session.get(WorkOrder, order.rectifies_id) if order.rectifies_id else None
    may_rectify = rectifying is None and order.status in ("finished", "audited", "settled")
    return OrderFeedback(
        order.id, next(iter(rows_seen(uow, found)), None), rectifying, first, queries.callback_of(uow, order.id),
        queries.complaints_of(uow, order.id), may_rectify,
    )  # fmt: skip


def open_rectification(uow: UnitOfWork, order_id: str, why: str, who: SignedIn) -> WorkOrder:
    """:raises BadFilter: no reason; :raises NothingToRectify: the order is not done"""
    if not why.strip():
        raise BadFilter("请写明整改原因")
    return rectify(uow, order_id, by=who.actor, why=why.strip()[:200])
