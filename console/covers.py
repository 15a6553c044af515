"""延保与服务卡 as the staff see them: what was sold with figures, one contract with its history and reckoning, plans, gifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from console.actions import ACTIONS
from console.asked import BadFilter, day_asked, place_asked, place_written
from domain.access import queries as access
from domain.access.model import TrailEntry
from domain.access.sessions import SignedIn
from domain.cover import cards, contracts, figures, plans
from domain.cover.figures import Sold, Wanted
from domain.cover.lifecycle import COVERS, REDEMPTIONS, CoverStatus
from domain.cover.model import Cover, CoverCommission
from domain.cover.queries import CoverSeen, cover_seen, uses_of
from domain.cover.reckoning import Refund
from domain.engineers.model import Engineer
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.chart import CHART
from domain.ledger.queries import entries_of
from domain.work_orders.model import WorkOrder
from domain.work_orders.queries import by_number

TOP = 10
"""Sellers in the figures: the spreadsheet has all."""
VIA: Mapping[str, str] = {
    "chat": "微信",
    "page": "页面",
    "engineer": "工程师",
    "console": "控制台",
    "gift": "赠送",
    "api": "接口",
    "demo": "演示",
}


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    id: str
    number: str
    title: str
    kind: str
    model: str
    status: str
    status_title: str
    price: Money
    back: Money
    ordered_at: datetime
    bought_at: datetime | None
    since: date
    until: date
    uses: int
    used: int
    via: str
    seller: str


@dataclass(frozen=True)
class Line:
    """One line of the figures with its name."""

    name: str
    count: int
    price: Money
    back: Money
    cancelled: int


@dataclass(frozen=True)
class Room:
    rows: Sequence[Row]
    after: str
    months: Sequence[Line]
    sellers: Sequence[Line]
    plans: Sequence[Line]


def wanted_asked(fields: Mapping[str, str]) -> Wanted:
    """:raises BadFilter: a status, kind or day that cannot be"""
    if fields.get("status", "") not in ("", *COVERS.titles) or fields.get("kind", "") not in ("", *plans.KINDS):
        raise BadFilter("没有这个筛选条件")
    return Wanted(
        fields.get("status", ""), fields.get("kind", ""), fields.get("brand", ""), fields.get("seller", ""),
        fields.get("customer", ""), fields.get("number", "").strip(), day_asked(fields.get("since", "")),
        day_asked(fields.get("until", "")),
    )  # fmt: skip


def room(uow: UnitOfWork, wanted: Wanted) -> Room:
    """The first page of the list, and the figures: of a year, where no day is named."""
    rows, after = figures.covers(uow, wanted)
    of = wanted if wanted.since else Wanted(**{**vars(wanted), "since": uow.today - figures.LOOKED_BACK})
    sellers = figures.by_seller(uow, of)[:TOP]
    return Room(
        rows_seen(uow, rows), place_written(after), lines(figures.by_month(uow, of), {}),
        lines(sellers, seller_names(uow, [one.key for one in sellers])), lines(figures.by_plan(uow, of), {}),
    )  # fmt: skip


def more(uow: UnitOfWork, wanted: Wanted, after: str) -> tuple[Sequence[Row], str]:
    """The next page."""
    place = place_asked(after)
    rows, then = figures.covers(uow, wanted, after=(place[0], str(place[1])) if place else None)
    return rows_seen(uow, rows), place_written(then)


def lines(found: Sequence[Sold], names: Mapping[str, str]) -> list[Line]:
    return [
        Line(names.get(one.key, one.key or "客户自己买"), one.count, one.price, one.back, one.cancelled)
        for one in found
    ]


def seller_names(uow: UnitOfWork, sellers: Sequence[str]) -> dict[str, str]:
    """Engineers and staff by how they are written as actors."""
    ids = [one.removeprefix("engineer:") for one in sellers if one.startswith("engineer:")]
    found = uow.session.scalars(select(Engineer).where(Engineer.id.in_(ids)))
    return {f"engineer:{one.id}": f"{one.name}（{one.code}）" for one in found} | access.names_of(uow, sellers)


def rows_seen(uow: UnitOfWork, found: Sequence[CoverSeen]) -> list[Row]:
    names = seller_names(uow, [one.cover.sold_by for one in found])
    return [row_of(one, names.get(one.cover.sold_by, one.cover.sold_by)) for one in found]


def row_of(one: CoverSeen, seller: str) -> Row:
    cover = one.cover
    return Row(
        cover.id, cover.number, one.plan.title, plans.KINDS[cover.kind], one.model.code if one.model else "", str(cover.status),
        COVERS.titles[cover.status], cover.price_fen, cover.refunded_fen, cover.ordered_at, cover.bought_at, cover.since,
        cover.until, cover.uses, cover.used, VIA.get(cover.via, cover.via), seller,
    )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One line of a contract's history: something done, or an entry of the ledger with its amount."""

    at: datetime
    title: str
    who: str
    why: str
    fen: int | None = None


@dataclass(frozen=True)
class Use:
    """One use of a card with its order."""

    id: str
    n: int
    status: str
    order_id: str
    number: str
    held_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Detail:
    """One contract: ``refund`` is what would come back today, None where nothing can be given up."""

    row: Row
    customer_id: str
    bought_by: str
    product_id: str
    words: Mapping[str, str]
    cooling_until: date | None
    earned: Money
    deferred: Money
    commission: Money | None
    refund: Refund | None
    may_void: bool
    steps: Sequence[Step]
    uses: Sequence[Use]


def detail(uow: UnitOfWork, cover_id: str) -> Detail:
    """:raises NotFound: there is none"""
    one = cover_seen(uow, cover_id)
    cover, names = one.cover, seller_names(uow, [one.cover.sold_by])
    active = cover.status in (CoverStatus.ACTIVE, CoverStatus.REFUNDING)
    commission = uow.session.get(CoverCommission, cover.id)
    return Detail(
        row_of(one, names.get(cover.sold_by, cover.sold_by)), cover.customer_id, cover.bought_by, cover.product_id or "",
        {title: words for title, words in plans.in_words(plans.said(one.plan)).items() if words}, cover.cooling_until,
        cover.earned_fen, cover.price_fen - cover.earned_fen - cover.refunded_fen if active else Money(0),
        commission.fen - commission.reversed_fen if commission else None,
        contracts.refund_of(uow, cover) if cover.status is CoverStatus.ACTIVE else None,
        cover.status is CoverStatus.ORDERED, steps_of(uow, cover), uses_seen(uow, cover),
    )  # fmt: skip


def steps_of(uow: UnitOfWork, cover: Cover) -> list[Step]:
    """What was done to it and what was posted, in the order of time."""
    done = uow.session.scalars(
        select(TrailEntry).where(TrailEntry.subject_kind == "cover", TrailEntry.subject_id == cover.id)
    ).all()
    names = access.names_of(uow, [one.actor for one in done])
    told = [Step(one.at, ACTIONS.get(one.action, one.action), names.get(one.actor, one.actor), one.why) for one in done]
    posted = [
        Step(entry.at, f"{CHART[one.debit].title} ← {CHART[one.credit].title}", entry.day.isoformat(), "", one.fen)
        for entry in entries_of(uow, "cover", cover.id)
        for one in entry.postings
    ]
    return sorted([*told, *posted], key=lambda one: one.at)


def uses_seen(uow: UnitOfWork, cover: Cover) -> list[Use]:
    uses = uses_of(uow, cover.id)
    found = select(WorkOrder.id, WorkOrder.number).where(WorkOrder.id.in_([one.work_order_id for one in uses]))
    numbers = dict(uow.session.execute(found).all())
    return [
        Use(
            one.id, one.n, REDEMPTIONS.titles[one.status], one.work_order_id, numbers.get(one.work_order_id, ""), one.held_at,
            one.ended_at,
        )
        for one in uses
    ]  # fmt: skip


def give_up(uow: UnitOfWork, cover_id: str, why: str, shown: int, who: SignedIn) -> tuple[Cover, Refund]:
    """For the customer, at the amount that was shown.

    :raises Refused: the words say why not
    """
    if not why.strip():
        raise BadFilter("请写明原因")
    return contracts.cancel(uow, cover_id, by=who.actor, why=why, sure_of=Money(shown))


def void(uow: UnitOfWork, cover_id: str, why: str, who: SignedIn) -> Cover:
    """:raises Refused: it is paid, or no reason was given"""
    if not why.strip():
        raise BadFilter("请写明原因")
    return contracts.void(uow, cover_id, by=who.actor, why=why)


def hold(uow: UnitOfWork, cover_id: str, number: str, who: SignedIn) -> WorkOrder:
    """Use a card for the order with this number.

    :raises BadFilter: no such order; :raises Refused: the card does not fit
    """
    order = by_number(uow, "".join(number.split()))
    if order is None:
        raise BadFilter("没有这个工单号")
    cards.hold(uow, cover_id, order.id, by=who.actor)
    return order


def give_back(uow: UnitOfWork, order_id: str, who: SignedIn) -> None:
    """:raises MoveRefused: it is redeemed"""
    cards.give_back(uow, uow.get(WorkOrder, order_id, called="这张工单").id, by=who.actor)


def sell(uow: UnitOfWork, plan_id: str, product_id: str | None, customer_id: str, who: SignedIn) -> Cover:
    """For a customer on the phone; the one who sells is marked. :raises Refused: a rule objects"""
    return contracts.order_cover(
        uow, plan_id, product_id, customer_id, by=who.actor, via="console", sold_by=str(who.actor)
    )
