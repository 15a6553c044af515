"""A small network for tests: in 佛山顺德 one organization of the brand's own and two contracted providers, five engineers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.capacity.model import Shift
from domain.catalog.categories import KINDS
from domain.engineers import operations as engineers
from domain.engineers.certificates import needed
from domain.engineers.grades import Grade
from domain.engineers.model import Skill
from domain.kit.actors import system
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations import operations as organizations
from domain.organizations.model import ProviderKind
from domain.regions.positions import Position
from tests.brand import Brand

BY = system("tests")
SINCE, FAR = date(2024, 1, 1), date(2030, 1, 1)
SHUNDE, DALIANG, RONGGUI, BEIJIAO = "440606", "440606004", "440606001", "440606101"
BASES = {
    DALIANG: Position(22.8366, 113.2560),
    RONGGUI: Position(22.7680, 113.2700),
    BEIJIAO: Position(22.9300, 113.2130),
}
"""Where the stations are, and engineers begin their day."""
HOURS = ((8 * 60, 12 * 60), (13 * 60, 20 * 60))
SERVICES = ("install", "repair", "exchange", "maintenance")


@dataclass(frozen=True)
class Network:
    """Ids. ``near`` (of ``daliang``) and ``second`` are contracted and cover 顺德, ``near`` first; ``own`` is not in the grid."""

    brand_id: str
    own: str
    near: str
    second: str
    daliang: str
    ronggui: str
    beijiao: str
    engineers: dict[str, str]
    """``an`` ``bo`` of ``near``, ``cao`` ``ding`` of ``second``, ``fan`` of ``own``: 8–12 and 13–20 every day; ``ding``
    has no gas certificate and repairs only, ``fan`` is an expert."""

    @property
    def an(self) -> str:
        return self.engineers["an"]

    @property
    def bo(self) -> str:
        return self.engineers["bo"]

    @property
    def cao(self) -> str:
        return self.engineers["cao"]

    @property
    def ding(self) -> str:
        return self.engineers["ding"]

    @property
    def fan(self) -> str:
        return self.engineers["fan"]


def put_network(uow: UnitOfWork, brand: Brand) -> Network:
    """For the brand of `tests.brand`; covers 顺德 for every category and service type."""
    brand_id = brand.voice.brand_id
    own = put_provider(uow, brand_id, "OWN", "岚禾自营", ProviderKind.OWN)
    near = put_provider(uow, brand_id, "P1", "大良家电服务", ProviderKind.CONTRACTED)
    second = put_provider(uow, brand_id, "P2", "容桂电器维修", ProviderKind.CONTRACTED)
    daliang = put_station(uow, near, "S1", "大良网点", DALIANG)
    ronggui = put_station(uow, second, "S2", "容桂网点", RONGGUI)
    beijiao = put_station(uow, own, "S3", "北滘网点", BEIJIAO)
    for rank, provider_id in enumerate((near, second), 1):
        organizations.cover(
            uow, by=BY, brand_id=brand_id, division_code=SHUNDE, provider_id=provider_id, rank=rank, since=SINCE
        )
    ids = {
        "an": put_engineer(uow, brand_id, near, daliang, "E1", "安师傅", "13800000001", DALIANG),
        "bo": put_engineer(uow, brand_id, near, daliang, "E2", "薄师傅", "13800000002", DALIANG),
        "cao": put_engineer(uow, brand_id, second, ronggui, "E3", "曹师傅", "13800000003", RONGGUI),
        "ding": put_engineer(
            uow, brand_id, second, ronggui, "E4", "丁师傅", "13800000004", RONGGUI, services=("repair",), gas=False
        ),
        "fan": put_engineer(uow, brand_id, own, beijiao, "E5", "范师傅", "13800000005", BEIJIAO, grade=Grade.EXPERT),
    }
    return Network(brand_id, own, near, second, daliang, ronggui, beijiao, ids)


def put_provider(uow: UnitOfWork, brand_id: str, code: str, name: str, kind: ProviderKind) -> str:
    provider = organizations.put_provider(uow, by=BY, code=code, name=name, kind=kind, since=SINCE)
    organizations.authorize_provider(uow, provider.id, brand_id, SINCE, by=BY)
    return provider.id


def put_station(uow: UnitOfWork, provider_id: str, code: str, name: str, division_code: str) -> str:
    base = BASES[division_code]
    return organizations.put_station(
        uow, by=BY, code=code, provider_id=provider_id, name=name, division_code=division_code, address="某路 1 号",
        since=SINCE, lat=base.lat, lng=base.lng,
    ).id  # fmt: skip


def put_engineer(
    uow: UnitOfWork, brand_id: str, provider_id: str, station_id: str, code: str, name: str, phone: str,
    division_code: str, *, services: tuple[str, ...] = SERVICES, gas: bool = True, grade: Grade = Grade.ENGINEER,
    daily_maximum: int = 8,
) -> str:  # fmt: skip
    """An engineer who can do these services on every category, with the certificates that needs, authorized, on shift."""
    engineer = engineers.put_engineer(
        uow, by=BY, code=code, provider_id=provider_id, station_id=station_id, name=name, phone=phone, since=SINCE,
        grade=grade, base=BASES[division_code], daily_maximum=daily_maximum,
    )  # fmt: skip
    uow.session.add_all(
        Skill(id=uow.new_id("sk"), engineer_id=engineer.id, category_code=kind.code, service_type=service, since=SINCE)
        for kind in KINDS
        for service in services
    )
    wanted = {cert for kind in KINDS for service in services for cert in needed(kind.code, service, SINCE)}
    for number, certificate in enumerate(sorted(wanted - (set() if gas else {"gas_appliances"}))):
        engineers.put_certificate(uow, engineer.id, certificate, f"T{code}{number}", SINCE, FAR, by=BY)
    engineers.authorize(uow, engineer.id, brand_id, SINCE, by=BY)
    uow.session.add_all(
        Shift(id=uow.new_id("sh"), engineer_id=engineer.id, weekday=weekday, starts=starts, ends=ends, since=SINCE)
        for weekday in range(1, 8)
        for starts, ends in HOURS
    )
    uow.session.flush()
    return engineer.id


def network_in(runtime: Runtime, brand: Brand) -> Network:
    with runtime.transaction() as uow:
        return put_network(uow, brand)
