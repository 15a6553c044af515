"""Whom a member of staff works for, as somebody asked for it: the scope, read from codes or ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import or_, select

from domain.access.model import Staff
from domain.access.operations import BadStaff
from domain.access.roles import GROUPS, MAY, TITLES, StaffRole
from domain.kit.scope import Scope
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand, Provider, Station

T = TypeVar("T", Brand, Provider, Station)


def scope_asked(uow: UnitOfWork, brand: str = "", provider: str = "", station: str = "") -> Scope:
    """The scope of somebody who works for these, each named by code or id; "" is all. A station names its provider.

    :raises BadStaff: there is no such brand, provider or station, or the station is another provider's
    """
    found_brand = found(uow, Brand, brand, "品牌")
    found_provider = found(uow, Provider, provider, "服务商")
    found_station = found(uow, Station, station, "网点")
    if found_station and found_provider and found_station.provider_id != found_provider.id:
        raise BadStaff(f"网点“{found_station.name}”不属于服务商“{found_provider.name}”")
    company = found_provider.id if found_provider else None
    provider_id = found_station.provider_id if found_station else company
    return Scope(found_brand.id if found_brand else None, provider_id, found_station.id if found_station else None)


def found(uow: UnitOfWork, kind: type[T], text: str, called: str) -> T | None:
    text = text.strip()
    if not text:
        return None
    one = uow.session.scalars(select(kind).where(or_(kind.id == text, kind.code == text))).first()
    if one is None:
        raise BadStaff(f"没有“{text}”这个{called}")
    return one


@dataclass(frozen=True)
class Choices:
    """What can be picked for a scope."""

    brands: Sequence[Brand]
    providers: Sequence[Provider]
    stations: Sequence[Station]


def choices(uow: UnitOfWork) -> Choices:
    return Choices(
        uow.session.scalars(select(Brand).order_by(Brand.code)).all(),
        uow.session.scalars(select(Provider).order_by(Provider.code)).all(),
        uow.session.scalars(select(Station).order_by(Station.code)).all(),
    )


def scope_words(staff: Staff, known: Choices) -> str:
    """Whose rows somebody sees, in words: 全部, or 云枫 · 顺德服务部 · 容桂网点."""
    named = {one.id: one.name for group in (known.brands, known.providers, known.stations) for one in group}
    mine = (staff.brand_id, staff.provider_id, staff.station_id)
    return " · ".join(named.get(id_, id_) for id_ in mine if id_) or "全部"


@dataclass(frozen=True)
class RoleSeen:
    """A line of the table of roles: what somebody with this role may, group by group."""

    code: str
    title: str
    may: Sequence[tuple[str, Sequence[str]]]


def roles_seen() -> Sequence[RoleSeen]:
    return [
        RoleSeen(role, title, [
            (group, [words for permission, words in members.items() if permission in MAY[role]])
            for group, members in GROUPS.items()
        ])
        for role, title in ((StaffRole(role), title) for role, title in TITLES.items())
    ]  # fmt: skip
