"""Setting up brands, their accounts and where they serve; the network of providers, stations, authorizations and the grid.

``put_…`` makes a thing or brings the one with that code up to date, and says nothing when nothing changed. Things end on a
day, they are not deleted: past orders point at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from domain.access import trail
from domain.kit.actors import Actor
from domain.kit.errors import Conflict
from domain.kit.scope import is_hidden
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.dated import BadNetwork, bring, check_days, check_named, ends_sooner, meet
from domain.organizations.events import CoverageChanged, ProviderUnfit
from domain.organizations.grid import cell_code, is_known, place_words
from domain.organizations.model import (
    Account,
    Brand,
    Coverage,
    Provider,
    ProviderBrand,
    ProviderKind,
    ServiceArea,
    Station,
)


class CellTaken(Conflict):
    """On some of those days the cell of the grid has that provider, or somebody at that rank, already."""

    code = "cell_taken"


def put_brand(
    uow: UnitOfWork, *, code: str, name: str, hotline: str, desk_hours: str, privacy_version: str, privacy_url: str,
) -> Brand:  # fmt: skip
    """Make a brand, or bring the one with this code up to date."""
    brand = uow.session.scalars(select(Brand).filter_by(code=code)).first()
    if brand is None:
        brand = Brand(id=uow.new_id("br"), code=code, catalogue_version=0)
        uow.session.add(brand)
    brand.name, brand.hotline, brand.desk_hours = name, hotline, desk_hours
    brand.privacy_version, brand.privacy_url = privacy_version, privacy_url
    uow.session.flush()
    return brand


def put_account(
    uow: UnitOfWork,
    *,
    brand_id: str,
    kind: str,
    app_id: str,
    name: str,
    mode: str,
    token: str,
    aes_key: str,
    secret: str,
    hands_over: bool | None = None,
) -> Account:
    """Make an account, or bring the one with this app id up to date (keys are rotated so).

    ``hands_over`` stays as it is when None: see `Account.hands_over`.
    """
    account = uow.session.scalars(select(Account).filter_by(app_id=app_id)).first()
    if account is None:
        account = Account(id=uow.new_id("ac"), brand_id=brand_id, kind=kind, app_id=app_id, created_at=uow.now)
        account.hands_over = False
        uow.session.add(account)
    account.name, account.mode, account.token, account.aes_key, account.secret = name, mode, token, aes_key, secret
    account.hands_over = account.hands_over if hands_over is None else hands_over
    uow.session.flush()
    return account


def serve(uow: UnitOfWork, brand_id: str, division_code: str, since: date) -> None:
    """The brand serves a division from a day on. Saying it twice changes nothing."""
    found = select(ServiceArea).filter_by(brand_id=brand_id, division_code=division_code, since=since)
    if uow.session.scalars(found).first() is None:
        area = ServiceArea(id=uow.new_id("sa"), brand_id=brand_id, division_code=division_code, since=since)
        uow.session.add(area)


def put_provider(
    uow: UnitOfWork, *, by: Actor, code: str, name: str, since: date, until: date | None = None,
    kind: ProviderKind = ProviderKind.CONTRACTED, contact: str = "",
) -> Provider:  # fmt: skip
    """Make a provider, or bring the one with this code up to date.

    :raises BadNetwork: no code or name, or an end before the beginning
    :raises Conflict: the code is somebody's out of sight
    """
    check_named(code, name)
    check_days(since, until)
    if is_hidden(uow.session, Provider, code=code):
        raise Conflict(f"代码 {code} 已经有人用了")
    found = uow.session.scalars(select(Provider).filter_by(code=code).with_for_update()).first()
    provider = found or Provider(id=uow.new_id("pr"), code=code)
    before = provider.until if found else None
    values = {"name": name, "kind": kind, "contact": contact, "since": since, "until": until}
    if bring(uow, provider, values, by=by, action="provider.put", kind="provider"):
        uow.emit(CoverageChanged(""))
        if found and ends_sooner(before, until):
            unfit(uow, provider.id, "", until, "服务商终止合作")
    return provider


def put_station(
    uow: UnitOfWork, *, by: Actor, code: str, provider_id: str, name: str, division_code: str, address: str, since: date,
    until: date | None = None, lat: float | None = None, lng: float | None = None, phone: str = "",
) -> Station:  # fmt: skip
    """Make a station, or bring the one with this code up to date.

    :raises BadNetwork: no code or name, an unknown division, or an end before the beginning
    :raises Conflict: the code is another provider's
    """
    check_named(code, name)
    check_division(division_code)
    check_days(since, until)
    uow.get(Provider, provider_id, called="服务商")
    found = uow.session.scalars(select(Station).filter_by(code=code).with_for_update()).first()
    if (found and found.provider_id != provider_id) or is_hidden(uow.session, Station, code=code):
        raise Conflict(f"网点 {code} 属于另一个服务商")
    station = found or Station(id=uow.new_id("sn"), code=code, provider_id=provider_id)
    before = station.until if found else None
    values = {
        "name": name, "division_code": cell_code(division_code), "address": address, "lat": lat, "lng": lng, "phone": phone, "since": since,
        "until": until,
    }  # fmt: skip
    if bring(uow, station, values, by=by, action="station.put", kind="station"):
        uow.emit(CoverageChanged(""))
        if found and ends_sooner(before, until):
            unfit(uow, provider_id, station.id, until, "网点关闭")
    return station


def authorize_provider(
    uow: UnitOfWork, provider_id: str, brand_id: str, since: date, *, by: Actor, until: date | None = None
) -> ProviderBrand:
    """The brand lets the provider work for it from a day on; said again with an end, it ends then.

    :raises BadNetwork: an end before the beginning
    :raises Conflict: another authorization holds on some of those days
    """
    check_days(since, until)
    uow.get(Provider, provider_id, called="服务商", lock=True)
    uow.get(Brand, brand_id, called="品牌")
    every = uow.session.scalars(select(ProviderBrand).filter_by(provider_id=provider_id, brand_id=brand_id)).all()
    found = next((one for one in every if one.since == since), None)
    if any(one is not found and meet(one.since, one.until, since, until) for one in every):
        raise Conflict("这些日子里已有这个品牌的授权")
    granted = found or ProviderBrand(id=uow.new_id("pb"), provider_id=provider_id, brand_id=brand_id, since=since)
    before = granted.until if found else None
    if bring(uow, granted, {"until": until}, by=by, action="provider.authorize", kind="provider_brand"):
        uow.emit(CoverageChanged(brand_id))
        if found and ends_sooner(before, until):
            unfit(uow, provider_id, "", until, "品牌授权终止")
    return granted


def cover(
    uow: UnitOfWork, *, by: Actor, brand_id: str, division_code: str, provider_id: str, rank: int, since: date,
    until: date | None = None, category_code: str = "", service_type: str = "", station_id: str | None = None,
) -> Coverage:  # fmt: skip
    """The provider serves a cell of the grid from a day on; the same cell, provider and day again brings the row up to date.

    :raises BadNetwork: an unknown division, a station of somebody else, a rank that is none, an end before the beginning
    :raises CellTaken: the database refused it: provider or rank are taken in that cell on some of those days
    """
    check_division(division_code)
    check_days(since, until)
    if not 1 <= rank <= 99:
        raise BadNetwork("顺位应为 1 到 99 的整数")
    uow.get(Brand, brand_id, called="品牌")
    uow.get(Provider, provider_id, called="服务商")
    if station_id and uow.get(Station, station_id, called="网点").provider_id != provider_id:
        raise BadNetwork("这个网点不属于这个服务商")
    cell = {
        "brand_id": brand_id,
        "division_code": cell_code(division_code),
        "category_code": category_code,
        "service_type": service_type,
    }
    same = select(Coverage).filter_by(**cell, provider_id=provider_id, since=since).with_for_update()
    found = uow.session.scalars(same).first()
    row = found or Coverage(id=uow.new_id("cv"), **cell, provider_id=provider_id, since=since)
    with refusing_taken_cells(uow, cell, since, until, rank, provider_id):
        values = {"rank": rank, "station_id": station_id, "until": until}
        if bring(uow, row, values, by=by, action="coverage.put", kind="coverage"):
            uow.emit(CoverageChanged(brand_id))
    return row


def end_coverage(uow: UnitOfWork, coverage_id: str, until: date, *, by: Actor, why: str = "") -> Coverage:
    """The row of the grid holds no more from a day on; one that would never hold is taken away.

    Who has work planned there keeps it: the grid decides who is asked, not who goes.
    """
    row = uow.get(Coverage, coverage_id, called="这条服务网格", lock=True)
    if row.until is not None and row.until <= until:
        return row
    if until <= row.since:
        uow.session.delete(row)
    else:
        row.until = until
    trail.record(uow, by, "coverage.end", "coverage", row.id, why=why, until=str(until), **cell_of(row))
    uow.emit(CoverageChanged(row.brand_id))
    uow.session.flush()
    return row


@contextmanager
def refusing_taken_cells(
    uow: UnitOfWork, cell: dict[str, str], since: date, until: date | None, rank: int, provider_id: str
) -> Iterator[None]:
    """What the database refuses as overlapping is told in words, and the transaction goes on."""
    try:
        with uow.session.begin_nested():
            yield
    except IntegrityError as refused:
        if "ex_coverages_" not in str(refused.orig):
            raise
        taken = "rank" if "ex_coverages_rank" in str(refused.orig) else "provider"
        other = in_the_way(uow, cell, since, until, rank if taken == "rank" else None, provider_id)
        place = place_words(cell["division_code"])
        what = f"第 {rank} 顺位" if taken == "rank" else "这个服务商"
        days = f"（{other.since} 起{f'，到 {other.until}' if other.until else ''}）" if other else ""
        raise CellTaken(f"{place}的这一格里，{what}在这些日子已经有了{days}") from refused


def in_the_way(
    uow: UnitOfWork, cell: dict[str, str], since: date, until: date | None, rank: int | None, provider_id: str
) -> Coverage | None:
    """The row of the cell that a new one would overlap."""
    found = select(Coverage).filter_by(**cell).where(or_(Coverage.until.is_(None), Coverage.until > since))
    found = found.where(Coverage.since < until) if until else found
    found = found.where(Coverage.rank == rank) if rank else found.where(Coverage.provider_id == provider_id)
    return uow.session.scalars(found.order_by(Coverage.since)).first()


def cell_of(row: Coverage) -> dict[str, str]:
    return {
        "brand_id": row.brand_id, "division_code": row.division_code, "category_code": row.category_code,
        "service_type": row.service_type, "provider_id": row.provider_id,
    }  # fmt: skip


def unfit(uow: UnitOfWork, provider_id: str, station_id: str, since: date | None, why: str) -> None:
    uow.emit(ProviderUnfit(provider_id, station_id, str(since), why))


def check_division(code: str) -> None:
    if not is_known(cell_code(code)):
        raise BadNetwork(f"没有代码为 {code} 的行政区划")
