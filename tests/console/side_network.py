"""A side's brand, network and people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from domain.access.model import Staff
from domain.capacity.model import EngineerDay, Leave, Shift
from domain.catalog.model import BillLine, Model, Part, WarrantyTerm
from domain.cover.model import CoverPlan
from domain.customers.model import Contact, Customer, CustomerAddress, CustomerPhone
from domain.desk.model import Presence
from domain.engineers.model import Authorization, Certificate, Engineer, LastPosition, Skill
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Account, Brand, Coverage, Provider, ProviderBrand, ServiceArea, Station
from domain.pricing.model import FeeRow, PartPrice
from domain.products.model import Product
from domain.products.warranty_model import SerialRule
from domain.service_levels.model import Policy
from tests.console.side import SINCE, Side


def put_brand(uow: UnitOfWork, side: Side) -> None:
    brand = side.brand
    uow.session.add(
        Brand(
            id=brand, code=brand.upper(), name=f"品牌{brand}", hotline="400", desk_hours="8:00–20:00", privacy_version="1",
            privacy_url="https://example.com", catalogue_version=1,
        )
    )  # fmt: skip
    uow.session.flush()
    uow.session.add(FeeRow(id=f"fe_{brand}", brand_id=brand, kind="travel", code="travel", title="路费", since=SINCE))
    uow.session.add_all([
        Account(
            id=f"ac_{brand}", brand_id=brand, kind="official_account", app_id=f"wx{brand}", name=f"公众号{brand}", token="t",
            aes_key="A" * 43, secret="s", created_at=uow.now,
        ),
        ServiceArea(id=f"sa_{brand}", brand_id=brand, division_code="44", since=SINCE),
        Model(
            id=f"mo_{brand}", brand_id=brand, category_code="air_conditioner", code=f"KF-{brand}", code_key=f"KF{brand}",
            name="空调",
        ),
        Part(id=f"pa_{brand}", brand_id=brand, code=f"P-{brand}", code_key=f"P{brand}", name="压缩机"),
        PartPrice(id=f"pp_{brand}", part_id=f"pa_{brand}", fen=100, since=SINCE),
        Policy(
            id=f"po_{brand}", clock="respond", brand_id=brand, minutes=60, working=False, warn_minutes=10, escalate_to=[],
            since=SINCE,
        ),
    ])  # fmt: skip
    uow.session.flush()
    uow.session.add_all([
        WarrantyTerm(
            id=f"wt_{brand}", brand_id=brand, model_id=f"mo_{brand}", component="whole", months=12, source="x", since=SINCE
        ),
        SerialRule(
            id=f"sr_{brand}", brand_id=brand, mask="{YY}{WW}???", allowance_months=3, source="x", since=SINCE
        ),
        BillLine(id=f"bl_{brand}", model_id=f"mo_{brand}", part_id=f"pa_{brand}", quantity=1, since=SINCE),
        CoverPlan(
            id=f"cp_{brand}", brand_id=brand, code="clean", version=1, kind="card", title="清洁卡", components=[],
            service_type="repair", months=12, uses=2, price_fen=Money(900), eligibility={}, starts="now", cooling_days=7,
            commission_permille=0, terms="条款", since=SINCE,
        ),
    ])  # fmt: skip
    uow.session.flush()


def put_network(uow: UnitOfWork, side: Side) -> None:
    """What everything else of a side hangs on."""
    provider, station, engineer = side.id("pr"), side.id("sn"), side.id("en")
    uow.session.add(Provider(id=provider, code=f"PR{side.key}", name=f"{side.word}记服务部", since=SINCE))
    uow.session.flush()
    uow.session.add_all([
        Station(
            id=station, provider_id=provider, code=f"SN{side.key}", name=f"{side.word}街网点", division_code="440606004",
            address=f"{side.word}街 1 号", lat=22.8, lng=113.2, since=SINCE,
        ),
        ProviderBrand(id=side.id("pb"), provider_id=provider, brand_id=side.brand, since=SINCE),
    ])  # fmt: skip
    uow.session.flush()
    for row in (
        uow.session.get(Brand, side.brand), uow.session.get(Account, f"ac_{side.brand}"),
        uow.session.get(ServiceArea, f"sa_{side.brand}"), uow.session.get(Model, f"mo_{side.brand}"),
        uow.session.get(Part, f"pa_{side.brand}"), uow.session.get(BillLine, f"bl_{side.brand}"),
        uow.session.get(WarrantyTerm, f"wt_{side.brand}"), uow.session.get(SerialRule, f"sr_{side.brand}"), uow.session.get(Policy, f"po_{side.brand}"),
        uow.session.get(CoverPlan, f"cp_{side.brand}"),
        uow.session.get(Provider, provider), uow.session.get(Station, station),
        uow.session.get(ProviderBrand, side.id("pb")),
    ):  # fmt: skip
        side.put(row)
    side.put(
        Coverage(
            id=side.id("co"), brand_id=side.brand, division_code="440606", provider_id=provider, station_id=station,
            rank=side.count, since=SINCE,
        )
    )  # fmt: skip
    side.put(
        Engineer(
            id=engineer, code=f"E{side.key}", provider_id=provider, station_id=station, name=f"{side.word}师傅",
            name_print=uow.keyring.name_print(f"{side.word}师傅"), phone=f"139{side.phone[3:]}",
            phone_print=uow.keyring.phone_prints(f"139{side.phone[3:]}")[0], since=SINCE,
        )
    )  # fmt: skip
    uow.session.add_all(side.rows.values())
    uow.session.flush()


def people(uow: UnitOfWork, side: Side) -> None:
    """The engineer's parts, the staff, the customer and the product."""
    row: Any
    engineer, now = side.id("en"), uow.now
    whole, last4 = uow.keyring.phone_prints(side.phone)
    for row in (
        Skill(
            id=side.id("sk"), engineer_id=engineer, category_code="air_conditioner", service_type="repair", since=SINCE
        ),
        Certificate(
            id=side.id("ce"), engineer_id=engineer, kind="electrician", number=side.word, since=SINCE,
            until=date(2030, 1, 1), seen_by="system:test", seen_at=now,
        ),
        Authorization(id=side.id("au"), engineer_id=engineer, brand_id=side.brand, since=SINCE),
        LastPosition(
            engineer_id=engineer, position={"lat": 22.8, "lng": 113.2, "source": "pin", "radius_m": 50}, at=now, how="app"
        ),
        Shift(id=side.id("sh"), engineer_id=engineer, weekday=1, starts=480, ends=1200, since=SINCE),
        Leave(
            id=side.id("le"), engineer_id=engineer, since=now + timedelta(days=9), until=now + timedelta(days=10),
            kind="leave", why=side.word, by="system:test", at=now,
        ),
        EngineerDay(engineer_id=engineer, day=date(2026, 5, 13), taken=1, most=8),
        Staff(
            id=side.id("st"), username=f"staff.{side.key}", display_name=f"{side.word}姐", role="station", password_hash="x",
            brand_id=side.brand, provider_id=side.id("pr"), station_id=side.id("sn"), created_at=now, failed_sign_ins=0,
        ),
        Customer(
            id=side.id("cu"), brand_id=side.brand, name=f"{side.word}客", name_print=uow.keyring.name_print(f"{side.word}客"),
            created_at=now,
        ),
    ):  # fmt: skip
        side.put(row)
        uow.session.add(row)
    uow.session.flush()
    for row in (
        CustomerPhone(
            customer_id=side.id("cu"), number=side.phone, number_print=whole, last4_print=last4, used_at=now
        ),
        CustomerAddress(
            id=side.id("ad"), customer_id=side.id("cu"), division_code="440606004", line=f"广东省佛山市顺德区{side.word}路",
            line_print=side.key, used_at=now,
        ),
        Contact(
            account_id=f"ac_{side.brand}", openid=side.id("op"), customer_id=side.id("cu"), first_heard_at=now, followed_at=now
        ),
        Product(
            id=side.id("pd"), brand_id=side.brand, customer_id=side.id("cu"), model_id=f"mo_{side.brand}",
            serial=f"SER{side.count}{side.key}", serial_key=f"SER{side.count}{side.key}".upper(), registered_at=now,
            registered_via="chat",
        ),
        Presence(staff_id=side.id("st"), on_duty=True, switched_at=now, seen_at=now),
    ):  # fmt: skip
        side.put(row)
