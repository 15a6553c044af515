"""The demo: an invented brand with its catalogue, a network of engineers, staff, customers and a month of orders, loaded once.

The data are the .toml and .csv files beside this one; what is loaded in which order is `load_into`.
"""

from __future__ import annotations

import secrets as random_source
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from adapters import secrets
from adapters.accounts import NAMES, PREFIXES, app_id_of, keys_of, put
from adapters.demo import (
    catalogue,
    covers,
    faces,
    feedback,
    history,
    money,
    network,
    parts,
    prices,
    promises,
    statements,
)
from adapters.demo.templates import put_templates
from adapters.files import Files
from adapters.merchants import seed_merchant
from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.catalog.model import Model
from domain.catalog.operations import put_categories, put_models, put_warranty_term
from domain.desk.duty import set_hours
from domain.incidents.operations import set_on_call
from domain.kit.actors import Actor, Role, system
from domain.kit.scope import Scope
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations.model import Brand
from domain.organizations.operations import put_brand, serve
from domain.products.warranty_operations import put_serial_rule
from domain.service_levels.keeping import put_defaults

if TYPE_CHECKING:
    from adapters.settings import Settings

BRAND = "YF"
SERVED = ("4406", "4401", "4403", "31")
"""佛山, 广州, 深圳, 上海."""
STAFF = {
    "admin": ("演示管理员", StaffRole.ADMINISTRATOR),
    "agent": ("演示坐席", StaffRole.AGENT),
    "manager": ("演示服务经理", StaffRole.MANAGER),
    "dispatcher": ("演示调度", StaffRole.DISPATCHER),
    "provider": ("大良顺电调度", StaffRole.PROVIDER_DISPATCHER),
    "station": ("大良网点", StaffRole.STATION),
    "auditor": ("演示审核", StaffRole.AUDITOR),
    "settlement": ("演示结算", StaffRole.SETTLEMENT),
    "marketer": ("演示运营", StaffRole.MARKETER),
}
PROVIDER, STATION = "FS07", "FS07A"
"""Whose people ``provider`` and ``station`` are; all others see everything."""
DESK_HOURS = (8 * 60, 20 * 60)
"""8:00–20:00, in minutes after midnight, as the brand says in words."""
BY = system("demo")
LOCK = 0x44_45_4D_4F
"""Number of the advisory lock (``DEMO``): two starters must not load at once."""
LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""Without i, l and o: a password that is read off a screen."""


def load(settings: Settings) -> None:
    """Load the demo, or bring only its account's keys up to date, and print who may sign in."""
    from adapters import runtime

    load_into(runtime.build(settings, connections=1), settings)
    for username, password in sign_ins(settings).items():
        print(f"{settings.public_url}/console/  {username}  {password}", flush=True)


def sign_ins(settings: Settings) -> dict[str, str]:
    """User name → password of the demo's staff; made once and kept with the other keys under DATA_DIR."""
    makers: dict[str, Callable[[], str]] = {f"demo_{username}_password": password for username in STAFF}
    kept = secrets.load(settings.data_dir, makers, makers)
    return {username: kept[f"demo_{username}_password"] for username in STAFF}


def password() -> str:
    """Sixty bits in three groups, such as ``kfwm-prta-zedu``."""
    return "-".join("".join(random_source.choice(LETTERS) for _ in range(4)) for _ in range(3))


def load_into(runtime: Runtime, settings: Settings) -> bool:
    """All or nothing, and once: False when the demo was there already."""
    with runtime.transaction() as uow:
        uow.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
        brand = uow.session.scalars(select(Brand).filter_by(code=BRAND)).first()
        if brand:
            put_accounts(uow, brand, settings)
            return False
        brand = put_demo_brand(uow, settings)
        put_accounts(uow, brand, settings)
        models = put_catalogue(uow, brand)
        made = network.put_network(uow, brand.id, privacy_url=f"{settings.public_url}/c/privacy")
        prices.put_prices(uow, made.brands, by=BY)
        covers.put_plans(uow, made.brands, by=BY)
        agent = put_staff(uow, settings, brand, made)
        history.load(uow, brand.id, models, agent, made)
        promises.load(uow, brand.id, agent)
        feedback.load(uow, brand.id, agent)
        covers.sell(uow, brand.id, made.technicians, agent)
        money.load(uow, brand.id, agent)
        files = Files(settings.files_url)
        statements.load(uow, brand.id, files)
        faces.put_faces(uow, [one.id for one in made.technicians], files)
    return True


def put_demo_brand(uow: UnitOfWork, settings: Settings) -> Brand:
    brand = put_brand(
        uow, code=BRAND, name=catalogue.BRAND_NAME, hotline="400-000-0918", desk_hours="8:00–20:00",
        privacy_version="2024-06", privacy_url=f"{settings.public_url}/c/privacy/{BRAND}",
    )  # fmt: skip
    put_defaults(uow)
    for division in SERVED:
        serve(uow, brand.id, division, date(2020, 1, 1))
    return brand


def put_accounts(uow: UnitOfWork, brand: Brand, settings: Settings) -> None:
    """The accounts of the settings, where they name some; the keys there are the ones that hold."""
    for kind in PREFIXES:
        app_id, keys = app_id_of(settings, kind), keys_of(settings, kind)
        if app_id:
            mode = "safe" if keys["aes_key"] else "plain"
            put(uow, app_id, brand.id, brand.name + NAMES[kind], mode, keys, kind=kind)
    seed_merchant(uow, settings, brand.id)
    if settings.uses_sandbox:
        put_templates(uow, brand.id, by=BY)


def put_staff(uow: UnitOfWork, settings: Settings, brand: Brand, places: network.Network) -> Actor:
    """The demo's staff, when they answer and who is called in danger; returns the agent.

    :raises Conflict: somebody else has one of the user names: this is not a database for a demo
    """
    provider = places.providers[PROVIDER]
    scopes = {
        "provider": Scope(provider_id=provider),
        "station": Scope(provider_id=provider, station_id=places.stations[STATION]),
    }
    made = {}
    for username, secret in sign_ins(settings).items():
        display_name, role = STAFF[username]
        made[username] = add_staff(
            uow, by=BY, username=username, display_name=display_name, role=role, password=secret,
            scope=scopes.get(username, Scope()),
        )  # fmt: skip
    set_hours(uow, brand.id, range(7), [DESK_HOURS], uow.today, by=BY)
    set_on_call(uow, brand.id, [made["agent"].id, made["admin"].id], by=BY)
    return Actor(Role.STAFF, made["agent"].id)


def put_catalogue(uow: UnitOfWork, brand: Brand) -> list[Model]:
    put_categories(uow)
    put_models(uow, brand.id, catalogue.models())
    models = list(uow.session.scalars(select(Model).filter_by(brand_id=brand.id).order_by(Model.code)))
    for term in catalogue.terms({model.code: model.id for model in models}):
        put_warranty_term(uow, brand.id, term, by=BY)
    put_serial_rule(
        uow,
        brand.id,
        "YF{YY}{WW}???????",
        3,
        "云枫机身编号规则：第 3–6 位是生产的年和周，宽限 3 个月",
        date(2010, 1, 1),
        by=BY,
    )
    parts.put_parts(uow, brand.id, models, by=BY)
    return models
