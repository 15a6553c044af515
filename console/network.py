"""Providers, stations and the grid as the staff see and change them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from console.asked import BadFilter, day_asked, whole_asked
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.catalog.categories import TITLES as CATEGORIES
from domain.engineers.model import Engineer
from domain.kit.errors import Forbidden
from domain.kit.scope import scope_of
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations import operations
from domain.organizations.grid import cell_code, place_words, prefixes
from domain.organizations.model import Brand, Coverage, Provider, ProviderBrand, ProviderKind, Station
from domain.organizations.queries import holds_on
from domain.regions import Division, divisions
from domain.work_orders.kinds import TITLES as SERVICES

KINDS = {ProviderKind.CONTRACTED: "签约", ProviderKind.OWN: "自营"}
MOST_CELLS = 400
"""Rows of the grid on one page; more asks for a narrower filter."""


@dataclass(frozen=True)
class ProviderRow:
    """One line of the list."""

    id: str
    code: str
    name: str
    kind: str
    brands: str
    stations: Sequence[tuple[str, str]]
    """(name, where)."""
    engineers: int
    cells: int
    since: date
    until: date | None
    works: bool


@dataclass(frozen=True)
class Grant:
    """A brand's authorization."""

    brand_id: str
    brand: str
    since: date
    until: date | None


@dataclass(frozen=True)
class StationRow:
    id: str
    code: str
    name: str
    division_code: str
    place: str
    address: str
    phone: str
    lat: float | None
    lng: float | None
    engineers: int
    since: date
    until: date | None


@dataclass(frozen=True)
class ProviderSeen:
    row: ProviderRow
    contact: str
    grants: Sequence[Grant]
    stations: Sequence[StationRow]


@dataclass(frozen=True)
class CellRow:
    """One row of the grid; ``first`` of its cell, so that the others leave the cell's words out."""

    id: str
    brand: str
    division_code: str
    place: str
    category: str
    service: str
    rank: int
    provider_id: str
    provider: str
    station: str
    since: date
    until: date | None
    first: bool


@dataclass(frozen=True)
class Grid:
    rows: Sequence[CellRow]
    total: int


def provider_rows(uow: UnitOfWork) -> list[ProviderRow]:
    """Those that work today first, by code."""
    providers = uow.session.scalars(select(Provider).order_by(Provider.code)).all()
    stations: dict[str, list[tuple[str, str]]] = {}
    for one in uow.session.scalars(select(Station).where(holds_on(Station, uow.today)).order_by(Station.code)):
        stations.setdefault(one.provider_id, []).append((one.name, place_words(one.division_code)))
    brands: dict[str, list[str]] = {}
    granted = select(ProviderBrand.provider_id, Brand.name).join(Brand, Brand.id == ProviderBrand.brand_id)
    for provider_id, name in uow.session.execute(
        granted.where(holds_on(ProviderBrand, uow.today)).order_by(Brand.code)
    ):
        brands.setdefault(provider_id, []).append(name)
    people = Counter(uow.session.scalars(select(Engineer.provider_id).where(holds_on(Engineer, uow.today))))
    cells = Counter(uow.session.scalars(select(Coverage.provider_id).where(holds_on(Coverage, uow.today))))
    rows = [
        ProviderRow(
            one.id, one.code, one.name, KINDS[one.kind], "、".join(brands.get(one.id, ())), stations.get(one.id, []),
            people[one.id], cells[one.id], one.since, one.until, one.until is None or one.until > uow.today,
        )
        for one in providers
    ]  # fmt: skip
    return sorted(rows, key=lambda row: not row.works)


def look_at_provider(uow: UnitOfWork, provider_id: str, who: SignedIn) -> ProviderSeen:
    """One provider, and the look itself on record: whom to ask there is shown.

    :raises NotFound: there is none, or it is not this person's to see
    """
    one = uow.get(Provider, provider_id, called="这个服务商")
    row = next(row for row in provider_rows(uow) if row.id == one.id)
    trail.record(uow, who.actor, "provider.view", "provider", one.id)
    granted = select(ProviderBrand, Brand.name).join(Brand, Brand.id == ProviderBrand.brand_id)
    granted = granted.where(ProviderBrand.provider_id == one.id).order_by(Brand.code, ProviderBrand.since)
    grants = [Grant(grant.brand_id, name, grant.since, grant.until) for grant, name in uow.session.execute(granted)]
    return ProviderSeen(row, one.contact, grants, station_rows(uow, one.id))


def station_rows(uow: UnitOfWork, provider_id: str | None = None) -> list[StationRow]:
    found = select(Station).order_by(Station.code)
    found = found.where(Station.provider_id == provider_id) if provider_id else found
    people = Counter(uow.session.scalars(select(Engineer.station_id).where(holds_on(Engineer, uow.today))))
    return [
        StationRow(
            one.id, one.code, one.name, one.division_code, place_words(one.division_code), one.address, one.phone, one.lat,
            one.lng, people[one.id], one.since, one.until,
        )
        for one in uow.session.scalars(found)
    ]  # fmt: skip


def grid(uow: UnitOfWork, asked: Mapping[str, str]) -> Grid:
    """The rows of the grid that hold today or later, as filtered: by brand, by place (what covers it, and what is in it), by
    category (with what is for all) and by provider.

    :raises BadFilter: no such category
    """
    found = (
        select(Coverage, Brand.name, Provider.name, Station.name)
        .join(Brand, Brand.id == Coverage.brand_id)
        .join(Provider, Provider.id == Coverage.provider_id)
        .outerjoin(Station, Station.id == Coverage.station_id)
        .where(or_(Coverage.until.is_(None), Coverage.until > uow.today))
    )
    if asked.get("brand"):
        found = found.where(Coverage.brand_id == asked["brand"])
    if asked.get("provider"):
        found = found.where(Coverage.provider_id == asked["provider"])
    if asked.get("category"):
        if asked["category"] not in CATEGORIES:
            raise BadFilter("没有这个品类")
        found = found.where(Coverage.category_code.in_({"", asked["category"]}))
    if asked.get("place"):
        code = division_asked(asked["place"])
        found = found.where(
            or_(Coverage.division_code.in_(prefixes(code)), Coverage.division_code.startswith(code, autoescape=True))
        )
    total = uow.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ordered = found.order_by(
        Brand.code, Coverage.division_code, Coverage.category_code, Coverage.service_type, Coverage.rank, Coverage.since
    )
    rows, before = [], None
    for cell, brand, provider, station in uow.session.execute(ordered.limit(MOST_CELLS)):
        key = (cell.brand_id, cell.division_code, cell.category_code, cell.service_type)
        rows.append(cell_row(cell, brand, provider, station, first=key != before))
        before = key
    return Grid(rows, total)


def cell_row(cell: Coverage, brand: str, provider: str, station: str | None, *, first: bool) -> CellRow:
    return CellRow(
        cell.id, brand, cell.division_code, place_words(cell.division_code), CATEGORIES.get(cell.category_code, "全部"),
        SERVICES.get(cell.service_type, "全部"), cell.rank, cell.provider_id, provider, station or "", cell.since,  # type: ignore[call-overload]
        cell.until, first,
    )  # fmt: skip


def division_asked(written: str) -> str:
    """A place by its code or its name, 440606 or 顺德 or 顺德区容桂街道.

    :raises BadFilter: there is none, or several of that name
    """
    written = written.strip()
    known = divisions()
    if written.isdecimal():
        return cell_code(written)
    found: Sequence[Division] = known.find(written) or known.find_streets(written)
    if len(found) != 1:
        words = "、".join("".join(known.path(one.code)) for one in found[:4])
        raise BadFilter(f"“{written}”有好几处：{words}，请写区划代码" if found else f"没有叫“{written}”的地方")
    return cell_code(found[0].code)


def check_may_make(uow: UnitOfWork, code: str) -> None:
    """A new provider is no brand's yet: whoever sees some providers only would never see it again.

    :raises Forbidden: there is no provider of this code, and whoever asks has a scope
    """
    if scope_of(uow.session).is_all or uow.session.scalars(select(Provider.id).filter_by(code=code)).first():
        return
    raise Forbidden("您只能改自己范围内的服务商，新的服务商请联系管理员添加")


def put_provider(uow: UnitOfWork, given: Mapping[str, str], who: SignedIn) -> Provider:
    """:raises Refused: what was given cannot be"""
    check_may_make(uow, given.get("code", "").strip())
    return operations.put_provider(
        uow, by=who.actor, code=given.get("code", "").strip(), name=given.get("name", "").strip(),
        kind=ProviderKind(given.get("kind") or ProviderKind.CONTRACTED), contact=given.get("contact", "").strip(),
        since=day_given(given, "since"), until=day_asked(given.get("until", "")),
    )  # fmt: skip


def put_station(uow: UnitOfWork, provider_id: str, given: Mapping[str, str], who: SignedIn) -> Station:
    """:raises Refused: what was given cannot be"""
    return operations.put_station(
        uow, by=who.actor, code=given.get("code", "").strip(), provider_id=provider_id,
        name=given.get("name", "").strip(), division_code=division_asked(given.get("place", "")),
        address=given.get("address", "").strip(), phone=given.get("phone", "").strip(), lat=degrees(given, "lat"),
        lng=degrees(given, "lng"), since=day_given(given, "since"), until=day_asked(given.get("until", "")),
    )  # fmt: skip


def cover(uow: UnitOfWork, given: Mapping[str, str], who: SignedIn) -> Coverage:
    """:raises Refused: what was given cannot be, or the cell is taken"""
    rank = given.get("rank", "").strip()
    if given.get("category") and given["category"] not in CATEGORIES:
        raise BadFilter("没有这个品类")
    if given.get("service") and given["service"] not in set(SERVICES):
        raise BadFilter("没有这个服务类型")
    return operations.cover(
        uow, by=who.actor, brand_id=given.get("brand", ""), division_code=division_asked(given.get("place", "")),
        provider_id=given.get("provider", ""), station_id=given.get("station") or None, rank=whole_asked(rank, "顺位应为 1 到 99 的整数", most=99),
        category_code=given.get("category", ""), service_type=given.get("service", ""), since=day_given(given, "since"),
        until=day_asked(given.get("until", "")),
    )  # fmt: skip


def day_given(given: Mapping[str, str], name: str) -> date:
    """:raises BadFilter: no day"""
    found = day_asked(given.get(name, ""))
    if found is None:
        raise BadFilter("日期要填写")
    return found


def degrees(given: Mapping[str, str], name: str) -> float | None:
    """:raises BadFilter: no latitude or longitude in China"""
    least, most = {"lat": (3, 54), "lng": (73, 136)}[name]
    written = given.get(name, "").strip()
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        value = 0
    if not least <= value <= most:
        raise BadFilter("经纬度不对")
    return value
