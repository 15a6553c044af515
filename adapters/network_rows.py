"""What the database has, as the sheets of a network file write it; and putting one row of a sheet into the database.

A further sheet gets a line in `EXISTING` and in `PUT`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from domain.capacity.model import Shift
from domain.capacity.operations import end_shift, put_shift
from domain.engineers import operations as engineers
from domain.engineers.model import Authorization, Certificate, Engineer, Skill
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, NotFound
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations import operations as organizations
from domain.organizations.model import Brand, Coverage, Provider, ProviderBrand, Station
from domain.regions.positions import Position

Given = Mapping[str, Any]
"""A row by the names of its columns."""
CODED = {"provider": Provider, "station": Station, "engineer": Engineer, "brand": Brand}


@dataclass
class Ids:
    """Code → id of things a row names, looked up once."""

    uow: UnitOfWork
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def __call__(self, kind: str, code: str) -> str:
        if (kind, code) not in self.known:
            found = self.uow.session.scalars(select(CODED[kind].id).where(CODED[kind].code == code)).first()  # type: ignore[attr-defined]
            if found is None:
                raise NotFound(f"没有“{code}”")
            self.known[kind, code] = found
        return self.known[kind, code]


def codes(uow: UnitOfWork, kind: str) -> dict[str, str]:
    """Id → code."""
    table: Any = CODED[kind]
    return {row.id: row.code for row in uow.session.execute(select(table.id, table.code))}


def dated(row: Any) -> dict[str, Any]:
    return {"since": row.since, "until": row.until}


def exact(degrees: float | None) -> float | None:
    """As exact as a sheet writes it: a tenth of a metre."""
    return None if degrees is None else round(degrees, 6)


def each(uow: UnitOfWork, table: Any) -> Iterator[Any]:
    """Rows without keeping them in the session: there may be a hundred thousand."""
    return iter(uow.session.scalars(select(table).execution_options(yield_per=2_000)))


def providers(uow: UnitOfWork) -> Iterator[Given]:
    for row in each(uow, Provider):
        yield {"code": row.code, "name": row.name, "kind": row.kind, "contact": row.contact, **dated(row)}


def provider_brands(uow: UnitOfWork) -> Iterator[Given]:
    provider, brand = codes(uow, "provider"), codes(uow, "brand")
    for row in each(uow, ProviderBrand):
        yield {"provider": provider[row.provider_id], "brand": brand[row.brand_id], **dated(row)}


def stations(uow: UnitOfWork) -> Iterator[Given]:
    provider = codes(uow, "provider")
    for row in each(uow, Station):
        yield {
            "code": row.code, "provider": provider[row.provider_id], "name": row.name, "division": row.division_code,
            "address": row.address, "lat": exact(row.lat), "lng": exact(row.lng), "phone": row.phone, **dated(row),
        }  # fmt: skip


def engineer_rows(uow: UnitOfWork) -> Iterator[Given]:
    provider, station = codes(uow, "provider"), codes(uow, "station")
    for row in each(uow, Engineer):
        base = row.base or {}
        yield {
            "code": row.code, "provider": provider[row.provider_id], "station": station[row.station_id],
            "name": row.name, "phone": row.phone, "grade": row.grade, "most": row.daily_maximum,
            "lat": exact(base.get("lat")), "lng": exact(base.get("lng")), **dated(row),
        }  # fmt: skip


def skills(uow: UnitOfWork) -> Iterator[Given]:
    engineer = codes(uow, "engineer")
    for row in each(uow, Skill):
        named = {"engineer": engineer[row.engineer_id], "category": row.category_code, "service": row.service_type}
        yield {**named, **dated(row)}


def certificates(uow: UnitOfWork) -> Iterator[Given]:
    engineer = codes(uow, "engineer")
    for row in each(uow, Certificate):
        yield {"engineer": engineer[row.engineer_id], "kind": row.kind, "number": row.number, **dated(row)}


def authorizations(uow: UnitOfWork) -> Iterator[Given]:
    engineer, brand = codes(uow, "engineer"), codes(uow, "brand")
    for row in each(uow, Authorization):
        yield {"engineer": engineer[row.engineer_id], "brand": brand[row.brand_id], **dated(row)}


def coverage(uow: UnitOfWork) -> Iterator[Given]:
    brand, provider, station = codes(uow, "brand"), codes(uow, "provider"), codes(uow, "station")
    for row in each(uow, Coverage):
        yield {
            "brand": brand[row.brand_id], "division": row.division_code, "category": row.category_code,
            "service": row.service_type, "rank": row.rank, "provider": provider[row.provider_id],
            "station": station[row.station_id] if row.station_id else "", **dated(row),
        }  # fmt: skip


def shifts(uow: UnitOfWork) -> Iterator[Given]:
    engineer = codes(uow, "engineer")
    for row in each(uow, Shift):
        hours = {"weekday": row.weekday, "starts": row.starts, "ends": row.ends}
        yield {"engineer": engineer[row.engineer_id], **hours, **dated(row)}


EXISTING: Mapping[str, Callable[[UnitOfWork], Iterator[Given]]] = {
    "服务商": providers,
    "服务商授权": provider_brands,
    "网点": stations,
    "工程师": engineer_rows,
    "技能": skills,
    "证书": certificates,
    "工程师授权": authorizations,
    "服务网格": coverage,
    "班次": shifts,
}


def put_provider(uow: UnitOfWork, ids: Ids, row: Given, by: Actor) -> None:
    organizations.put_provider(uow, by=by, **row)


def put_provider_brand(uow: UnitOfWork, ids: Ids, row: Given, by: Actor) -> None:
    provider, brand = ids("provider", row["provider"]), ids("brand", row["brand"])
    organizations.authorize_provider(uow, provider, brand, row["since"], by=by, until=row["until"])


def put_station(uow: UnitOfWork, ids: Ids, row: Given, by: Actor) -> None:
    named = {"provider_id": ids("provider", row["provider"]), "division_code": row["division"]}
    rest = {name: value for name, value in row.items() if name not in ("provider", "division")}
    organizations.put_station(uow, by=by, **named, **rest)


def put_engineer(uow: UnitOfWork, ids: Ids, row: Given, by: Actor) -> None:
    base = Position(row["lat"], row["lng"]) if row["lat"] is not None and row["lng"] is not None else None
    engineers.put_engineer(
        uow, by=by, code=row["code"], provider_id=ids("provider", row["provider"]), base=base, name=row["name"],
        station_id=ids("station", row["station"]), phone=row["phone"], grade=row["grade"], since=row["since"],
        until=row["until"], daily_maximum=row["most"],
    )  # fmt: skip


def put_skill(uow: UnitOfWork, ids: Ids, row: Given, by: Actor) -> None:
    engineer = ids("engineer", row["engineer"])
    engineers.put_skill(uow, engineer, row["category"], row["service"], row["since"], by=by, until=row["until"])


def put_certificate(uow: UnitOfWork, ids: Ids, row: Given, by: Actor) -> None:
    engineer = ids("engineer", row["engineer"])
    engineers.put_certificate(uow, engineer, row["kind"], row["number"], row["since"], row["until"], by=by)


def put_authorization(uow: UnitOfWork, ids: Ids, row: Given, by: Actor) -> None:
    engineer, brand = ids("engineer", row["engineer"]), ids("brand", row["brand"])
    engineers.authorize(uow, engineer, brand, row["since"], by=by, until=row["until"])


def put_coverage(uow: UnitOfWork, ids: Ids, row: Given, by: Actor) -> None:
    organizations.cover(
        uow, by=by, brand_id=ids("brand", row["brand"]), division_code=row["division"], rank=row["rank"],
        provider_id=ids("provider", row["provider"]), category_code=row["category"], service_type=row["service"],
        station_id=ids("station", row["station"]) if row["station"] else None, since=row["since"], until=row["until"],
    )  # fmt: skip


def put_shift_row(uow: UnitOfWork, ids: Ids, row: Given, by: Actor) -> None:
    """Hours are not rewritten: what is there may only be given its end."""
    engineer = ids("engineer", row["engineer"])
    same = {name: row[name] for name in ("weekday", "starts", "ends", "since")}
    found = uow.session.scalars(select(Shift).filter_by(engineer_id=engineer, **same)).first()
    if found is None:
        put_shift(uow, engineer, **same, by=by, until=row["until"])
    elif row["until"] is None:
        raise Conflict("这个班次已经有结束日期，请另起一行")
    else:
        end_shift(uow, found.id, row["until"], by=by)


ADD: Mapping[str, Callable[[UnitOfWork, Ids, Sequence[Given], Actor], None]] = {
    "技能": lambda uow, ids, rows, by: engineers.add_many(
        uow, Skill, "sk", [
            {"engineer_id": ids("engineer", row["engineer"]), "category_code": row["category"],
             "service_type": row["service"], **period(row)} for row in rows
        ], by=by,
    ),
    "证书": lambda uow, ids, rows, by: engineers.add_many(
        uow, Certificate, "ce", [
            {"engineer_id": ids("engineer", row["engineer"]), "kind": row["kind"], "number": row["number"],
             "seen_by": str(by), "seen_at": uow.now, **period(row)} for row in rows
        ], by=by,
    ),
    "工程师授权": lambda uow, ids, rows, by: engineers.add_many(
        uow, Authorization, "au", [
            {"engineer_id": ids("engineer", row["engineer"]), "brand_id": ids("brand", row["brand"]), **period(row)}
            for row in rows
        ], by=by,
    ),
}  # fmt: skip
"""Sheets whose new rows are added all at once: they come by the ten thousand."""


def period(row: Given) -> dict[str, Any]:
    return {"since": row["since"], "until": row["until"]}


PUT: Mapping[str, Callable[[UnitOfWork, Ids, Given, Actor], None]] = {
    "服务商": put_provider,
    "服务商授权": put_provider_brand,
    "网点": put_station,
    "工程师": put_engineer,
    "技能": put_skill,
    "证书": put_certificate,
    "工程师授权": put_authorization,
    "服务网格": put_coverage,
    "班次": put_shift_row,
}
