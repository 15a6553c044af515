"""The demo's network: two more brands, twelve providers with their stations, sixty engineers, the grid down to streets.

Companies and the grid are in `network.toml`; engineers are invented, always the same ones. Rows that come by the hundred
(skills, hours, cells) are written at once, the rest by the operations the real ones go through.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert

from adapters.demo.catalogue import table
from domain.capacity.model import Shift
from domain.capacity.operations import take_leave
from domain.catalog.operations import ModelRow, put_models
from domain.engineers import operations as engineers
from domain.engineers.certificates import needed
from domain.engineers.grades import Grade
from domain.engineers.model import Authorization, Certificate, Skill
from domain.kit.actors import system
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations import operations as organizations
from domain.organizations.model import Coverage, ProviderKind
from domain.regions.positions import Position

BY = system("demo")
SINCE = date(2024, 3, 1)
CITY = "4406"
SERVICES = ("install", "repair", "exchange", "maintenance")
GRADES = (Grade.JUNIOR, Grade.ENGINEER, Grade.ENGINEER, Grade.SENIOR, Grade.SENIOR, Grade.EXPERT)
EARLY = ((8 * 60 + 30, 12 * 60), (13 * 60 + 30, 18 * 60))
LATE = ((10 * 60, 13 * 60), (14 * 60, 20 * 60))


@dataclass(frozen=True)
class Technician:
    """One of the demo's engineers, as the history needs them."""

    id: str
    provider_id: str
    station_id: str
    brand_ids: frozenset[str]
    skills: frozenset[tuple[str, str]]
    streets: tuple[str, ...]


@dataclass
class Network:
    """Ids by code, and everybody who can be sent."""

    brands: dict[str, str]
    providers: dict[str, str] = field(default_factory=dict)
    stations: dict[str, str] = field(default_factory=dict)
    technicians: list[Technician] = field(default_factory=list)

    def able(self, brand_id: str, category: str, service: str, division: str) -> list[Technician]:
        """Who may do it; those of the customer's street first, then of the district."""
        fit = [one for one in self.technicians if brand_id in one.brand_ids and (category, service) in one.skills]
        return sorted(
            fit,
            key=lambda one: (division not in one.streets, division[:6] not in {street[:6] for street in one.streets}),
        )


def put_network(uow: UnitOfWork, brand_id: str, *, privacy_url: str) -> Network:
    """The whole of it, for the demo's brand and two others."""
    data = table("network.toml")
    network = Network({"YF": brand_id, **dict(other_brands(uow, data, privacy_url))})
    chance = random.Random(20_240_301)
    names = invented_names(data["engineers"], chance)
    for line in data["provider"]:
        put_provider(uow, network, line, data["trade"], names, chance)
    uow.session.execute(insert(Coverage), list(grid(uow, network, data)))
    some_are_away(uow, network)
    return network


def other_brands(uow: UnitOfWork, data: dict[str, Any], privacy_url: str) -> Iterator[tuple[str, str]]:
    for line in data["brand"]:
        brand = organizations.put_brand(
            uow, code=line["code"], name=line["name"], hotline=line["hotline"], desk_hours="8:00–20:00",
            privacy_version="2024-06", privacy_url=f"{privacy_url}/{line['code']}",
        )  # fmt: skip
        organizations.serve(uow, brand.id, CITY, date(2022, 1, 1))
        rows = [ModelRow(category, code, f"{line['name']} {name}", SINCE) for code, name, category in line["models"]]
        put_models(uow, brand.id, rows)
        yield line["code"], brand.id


def invented_names(words: dict[str, Any], chance: random.Random) -> list[str]:
    """Enough for everybody, none twice."""
    names = [surname + given for surname in words["surnames"] for given in words["given"]]
    return chance.sample(names, 100)


def put_provider(
    uow: UnitOfWork, network: Network, line: dict[str, Any], trades: Sequence[dict[str, Any]], names: list[str],
    chance: random.Random,
) -> None:  # fmt: skip
    """One company with its stations and people."""
    kind = ProviderKind(line.get("kind", ProviderKind.CONTRACTED))
    contact = f"{names.pop()} 1380000{len(names):04d}"
    provider = organizations.put_provider(
        uow, by=BY, code=line["code"], name=line["name"], kind=kind, contact=contact, since=SINCE
    )
    network.providers[line["code"]] = provider.id
    for code in line["brands"]:
        organizations.authorize_provider(uow, provider.id, network.brands[code], SINCE, by=BY)
    for place in line["stations"]:
        station = organizations.put_station(
            uow, by=BY, code=place["code"], provider_id=provider.id, name=place["name"], address="枫和路 18 号首层",
            division_code=place["division"], lat=place["lat"], lng=place["lng"], phone="0757-00000000", since=SINCE,
        )  # fmt: skip
        network.stations[place["code"]] = station.id
        for number in range(1, place["engineers"] + 1):
            brand_ids = frozenset(network.brands[code] for code in line["brands"])
            trade = trades[0] if number == 1 else chance.choices(trades, [one["share"] for one in trades])[0]
            network.technicians.append(
                put_technician(uow, place, number, provider.id, station.id, brand_ids, trade, names.pop(), chance)
            )


def put_technician(
    uow: UnitOfWork, place: dict[str, Any], number: int, provider_id: str, station_id: str, brand_ids: frozenset[str],
    trade: dict[str, Any], name: str, chance: random.Random,
) -> Technician:  # fmt: skip
    own = place["code"].startswith("FS01")
    base = Position(place["lat"] + chance.uniform(-0.012, 0.012), place["lng"] + chance.uniform(-0.012, 0.012))
    engineer = engineers.put_engineer(
        uow, by=BY, code=f"{place['code']}{number:02d}", provider_id=provider_id, station_id=station_id, name=name,
        phone=f"1{chance.choice('3578')}{chance.randint(0, 9)}0000{chance.randint(0, 9999):04d}",
        grade=Grade.EXPERT if own else chance.choice(GRADES), base=base if chance.random() < 0.6 else None,
        daily_maximum=chance.choice((6, 7, 8, 8)), since=SINCE + timedelta(days=chance.randint(0, 500)),
    )  # fmt: skip
    engineers.put_rating(uow, engineer.id, chance.randint(410, 498), by=BY)
    if chance.random() < 0.7:
        engineers.agree_to_be_located(uow, engineer.id, True, by=BY)
    skills = frozenset(skills_of(trade, all_trades=own))
    put_papers(uow, engineer.id, engineer.since, skills, brand_ids, chance)
    put_hours(uow, engineer.id, engineer.since, LATE if number % 3 == 0 else EARLY, day_off=number % 7 + 1)
    streets = (place["division"], *place["streets"])
    return Technician(engineer.id, provider_id, station_id, brand_ids, skills, streets)


def skills_of(trade: dict[str, Any], *, all_trades: bool) -> Iterator[tuple[str, str]]:
    """What one trade can do; the brand's own people can do everything."""
    for one in table("network.toml")["trade"] if all_trades else [trade]:
        yield from ((category, service) for category in one["whole"] for service in SERVICES)
        yield from ((category, service) for category in one["without_install"] for service in SERVICES[1:])


def put_papers(
    uow: UnitOfWork, engineer_id: str, since: date, skills: frozenset[tuple[str, str]], brand_ids: frozenset[str],
    chance: random.Random,
) -> None:  # fmt: skip
    """Skills, what they need in certificates, and the brands' authorizations. A few certificates end soon, one has ended."""
    about = {"engineer_id": engineer_id, "since": since}
    uow.session.execute(
        insert(Skill),
        [
            {"id": uow.new_id("sk"), "category_code": category, "service_type": service, **about}
            for category, service in sorted(skills)
        ],
    )
    kinds = sorted({kind for category, service in skills for kind in needed(category, service, uow.today)})
    for kind in kinds:
        left = chance.choice((12, 25)) if chance.random() < 0.06 else chance.randint(120, 1_900)
        until = uow.today + timedelta(days=left)
        number = f"T4406{chance.randint(10**9, 10**10 - 1)}"
        uow.session.add(
            Certificate(
                id=uow.new_id("ce"), engineer_id=engineer_id, kind=kind, number=number, since=until - timedelta(days=2_191),
                until=until, seen_by=str(BY), seen_at=uow.now,
            )
        )  # fmt: skip
    uow.session.add_all(
        Authorization(id=uow.new_id("au"), brand_id=brand_id, **about) for brand_id in sorted(brand_ids)
    )
    uow.session.flush()


def put_hours(
    uow: UnitOfWork, engineer_id: str, since: date, hours: Sequence[tuple[int, int]], *, day_off: int
) -> None:
    """Six days a week, with a break at noon."""
    rows = [
        {"id": uow.new_id("sh"), "engineer_id": engineer_id, "weekday": day, "starts": a, "ends": b, "since": since}
        for day in range(1, 8)
        if day != day_off
        for a, b in hours
    ]
    uow.session.execute(insert(Shift), rows)


def grid(uow: UnitOfWork, network: Network, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every street has its station first and the district's order behind it; every district its order; and the specials."""
    may = {line["code"]: line["brands"] for line in data["provider"]}
    for brand in network.brands:
        order = {one["division"]: [code for code in one["providers"] if brand in may[code]] for one in data["first"]}
        for division, codes in order.items():
            for rank, code in enumerate(codes, 1):
                yield cell(uow, network, brand, division, code, rank)
        for line in (line for line in data["provider"] if brand in line["brands"]):
            for place in line["stations"]:
                for street in place["streets"]:
                    yield cell(uow, network, brand, street, line["code"], 1, station=place["code"])
                    after = [code for code in order[street[:6]] if code != line["code"]][:2]
                    for rank, code in enumerate(after, 2):
                        yield cell(uow, network, brand, street, code, rank)
    for one in data["special"]:
        yield cell(uow, network, one["brand"], one["division"], one["provider"], 1, category=one["category"])


def cell(
    uow: UnitOfWork, network: Network, brand: str, division: str, provider: str, rank: int, *, station: str = "",
    category: str = "",
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": uow.new_id("cv"), "brand_id": network.brands[brand], "division_code": division, "category_code": category,
        "service_type": "", "provider_id": network.providers[provider], "rank": rank, "since": SINCE,
        "station_id": network.stations[station] if station else None,
    }  # fmt: skip


def some_are_away(uow: UnitOfWork, network: Network) -> None:
    """One is ill today, one takes days off next week, one is trained on an afternoon."""

    def at(days: int, hour: int) -> datetime:
        return datetime.combine(uow.today + timedelta(days=days), time(hour), SHANGHAI)

    away = [
        (11, "sick", at(0, 0), at(2, 0)),
        (23, "annual", at(5, 0), at(9, 0)),
        (37, "training", at(2, 13), at(2, 20)),
    ]
    for place, kind, since, until in away:
        take_leave(uow, network.technicians[place].id, since, until, kind, by=BY)
