"""``weixiu brand`` and ``weixiu account``: setting up whom we serve for, and what a migrated database needs first.

An account's keys come from the settings where those name it, else they are asked for, unseen; they are never printed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import click
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import inspect, select

from adapters import runtime
from adapters.merchants import seed_merchant
from adapters.settings import Settings
from domain.access.trail import record
from domain.catalog.operations import put_categories
from domain.kit.actors import system
from domain.kit.errors import NotFound, Refused
from domain.kit.tables import Table
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations import operations
from domain.organizations.model import MINI_PROGRAM, OFFICIAL_ACCOUNT, Account, Brand, ServiceArea
from domain.organizations.queries import is_served
from domain.payments.model import Merchant
from domain.regions import divisions
from domain.service_levels.keeping import put_defaults
from domain.service_levels.model import Policy

BY = system("cli")
MODES = ("safe", "compat", "plain")
KEYS = {"token": "token", "aes_key": "aes_key", "secret": "app_secret"}
"""An account's keys and how the settings of the same meaning end; they begin with `PREFIXES`."""
PREFIXES = {OFFICIAL_ACCOUNT: "oa", MINI_PROGRAM: "mp"}
NAMES = {OFFICIAL_ACCOUNT: "服务", MINI_PROGRAM: "小程序"}


class BadSetting(Refused):
    """Something said about a brand or an account cannot be."""

    code = "bad_setting"


def prepare(settings: Settings) -> None:
    """After the migrations: the categories of appliances, what is promised where nobody said, and the settings' accounts."""
    with runtime.build(settings, connections=1).transaction() as uow:
        put_categories(uow)
        if has_table(uow, Policy):
            put_defaults(uow)
        for said in seed_all(uow, settings):
            click.echo(said)


def has_table(uow: UnitOfWork, kind: type[Table]) -> bool:
    """Not while a step that makes it is still being drafted (`weixiu draft-migration`)."""
    return inspect(uow.session.connection()).has_table(kind.__tablename__)


def seed_all(uow: UnitOfWork, settings: Settings) -> list[str]:
    """Bring every account of the settings into the database; what is missing, in words. The sandbox's are the demo's."""
    if settings.uses_sandbox:
        return []
    said = [said for kind in PREFIXES if app_id_of(settings, kind) and (said := seed(uow, settings, kind))]
    if has_table(uow, Merchant) and (missing := seed_merchant(uow, settings)):
        said.append(missing)
    return said


def seed(uow: UnitOfWork, settings: Settings, kind: str = OFFICIAL_ACCOUNT) -> str:
    """Bring the settings' account into the database, its keys up to date. Returns what is missing, if anything."""
    app_id, keys = app_id_of(settings, kind), keys_of(settings, kind)
    account = uow.session.scalars(select(Account).filter_by(app_id=app_id)).first()
    if account is not None:
        put(uow, app_id, account.brand_id, account.name, account.mode, keys, kind=kind)
        return ""
    brands = uow.session.scalars(select(Brand).limit(2)).all()
    if len(brands) != 1:
        return f"{app_id} belongs to no brand yet: weixiu brand …, then weixiu account {app_id} …"
    mode = "safe" if keys["aes_key"] else "plain"
    put(uow, app_id, brands[0].id, brands[0].name + NAMES[kind], mode, keys, kind=kind)
    return ""


def app_id_of(settings: Settings, kind: str) -> str:
    return str(getattr(settings, f"{PREFIXES[kind]}_app_id"))


def keys_of(settings: Settings, kind: str) -> dict[str, str]:
    return {name: str(getattr(settings, f"{PREFIXES[kind]}_{field}")) for name, field in KEYS.items()}


def put(
    uow: UnitOfWork, app_id: str, brand_id: str, name: str, mode: str, keys: Mapping[str, str], *, kind: str,
    hands_over: bool | None = None,
) -> Account:  # fmt: skip
    """Make or change an account, on record when something changed.

    :raises BadSetting: keys that do not fit the mode
    """
    if mode != "plain" and not keys["aes_key"]:
        raise BadSetting(f"mode {mode} needs an EncodingAESKey")
    wanted = {"name": name, "mode": mode, **keys, **({} if hands_over is None else {"hands_over": hands_over})}
    old = uow.session.scalars(select(Account).filter_by(app_id=app_id)).first()
    changed = [field for field, value in wanted.items() if old is None or getattr(old, field) != value]
    account = operations.put_account(
        uow, brand_id=brand_id, kind=kind, app_id=app_id, name=name, mode=mode, token=keys["token"],
        aes_key=keys["aes_key"], secret=keys["secret"], hands_over=hands_over,
    )  # fmt: skip
    if changed:
        record(uow, BY, "account.put", "account", account.id, fields=changed)
    return account


def put_brand(settings: Settings, code: str, given: Mapping[str, str | None], serves: Sequence[str]) -> int:
    """Make a brand, or change what is given of it, and serve these divisions from today. Returns the exit code."""
    try:
        with runtime.build(settings, connections=1).transaction() as uow:
            brand = operations.put_brand(uow, code=code, **brand_fields(uow, settings, code, given))
            put_defaults(uow)
            for division in serves:
                serve(uow, brand.id, division)
            record(uow, BY, "brand.put", "brand", brand.id, fields=[name for name, value in given.items() if value])
            seed_all(uow, settings)
            uow.session.flush()
            lines = list(brand_lines(uow, brand))
    except Refused as error:
        click.echo(str(error), err=True)
        return 1
    click.echo("\n".join(lines))
    return 0


def brand_fields(uow: UnitOfWork, settings: Settings, code: str, given: Mapping[str, str | None]) -> dict[str, str]:
    """What is given, else what is known, else what may be assumed.

    :raises BadSetting: a new brand without a name or a hotline
    """
    old = uow.session.scalars(select(Brand).filter_by(code=code)).first()
    assumed = {
        "desk_hours": "8:00–20:00",
        "privacy_version": f"{uow.today:%Y-%m}",
        "privacy_url": f"{settings.public_url}/c/privacy/{code}",
    }
    fields = {name: value or (getattr(old, name) if old else assumed.get(name, "")) for name, value in given.items()}
    if missing := [name for name in ("name", "hotline") if not fields[name]]:
        raise BadSetting(f"a new brand needs {' and '.join(f'--{name}' for name in missing)}")
    return fields


def serve(uow: UnitOfWork, brand_id: str, code: str) -> None:
    """Serve a division from today on, unless it is served.

    :raises BadSetting: no division of today has this code
    """
    whole = code if len(code) > 6 else code.ljust(6, "0")
    if not code.isdigit() or divisions().get(whole) is None:
        raise BadSetting(f"{code} is no division's code: 44 for 广东, 4406 for 佛山, 440606 for 顺德")
    if not is_served(uow, brand_id, code):
        operations.serve(uow, brand_id, code, uow.today)


def brand_lines(uow: UnitOfWork, brand: Brand) -> Iterable[str]:
    """A brand in words."""
    yield f"{brand.code} {brand.name}, {brand.hotline}, {brand.desk_hours}"
    yield f"  privacy notice {brand.privacy_version}: {brand.privacy_url}"
    areas = uow.session.scalars(select(ServiceArea).filter_by(brand_id=brand.id).order_by(ServiceArea.division_code))
    for area in areas:
        until = f" until {area.until}" if area.until else ""
        yield f"  serves {area.division_code} {place(area.division_code)} since {area.since}{until}"


def place(code: str) -> str:
    return "".join(divisions().path(code if len(code) > 6 else code.ljust(6, "0")))


def brands(settings: Settings, *, as_json: bool) -> int:
    """Print all brands. Returns the exit code."""
    with runtime.build(settings, connections=1).transaction() as uow:
        for brand in uow.session.scalars(select(Brand).order_by(Brand.code)):
            if not as_json:
                click.echo("\n".join(brand_lines(uow, brand)))
                continue
            areas = uow.session.scalars(select(ServiceArea.division_code).filter_by(brand_id=brand.id)).all()
            names = ("code", "name", "hotline", "desk_hours", "privacy_version", "privacy_url")
            line = {name: getattr(brand, name) for name in names}
            click.echo(json.dumps({**line, "serves": sorted(areas)}, ensure_ascii=False))
    return 0


def put_account(
    settings: Settings, app_id: str, brand: str, name: str, mode: str, kind: str = "", hands_over: bool | None = None
) -> int:
    """Make an account, or bring it up to date; a key that is left empty stays as it is. Returns the exit code."""
    try:
        check("oa_app_id", app_id)
        made = runtime.build(settings, connections=1)
        with made.transaction() as uow:
            old = uow.session.scalars(select(Account).filter_by(app_id=app_id)).first()
            of = brand_of(uow, brand, old)
        kind = kind_of(settings, app_id, kind, old)
        name, mode = name or (old.name if old else of.name + NAMES[kind]), mode or (old.mode if old else "safe")
        # No transaction is held while somebody types.
        keys = keys_of(settings, kind) if app_id == app_id_of(settings, kind) else asked(old, mode)
        with made.transaction() as uow:
            put(uow, app_id, of.id, name, mode, keys, kind=kind, hands_over=hands_over)
    except Refused as error:
        click.echo(str(error), err=True)
        return 1
    click.echo(f"{app_id} {name}: URL {url_of(settings, kind, app_id)}, mode {mode}")
    return 0


def kind_of(settings: Settings, app_id: str, said: str, old: Account | None) -> str:
    """What an account is: it never changes.

    :raises BadSetting: it is something else
    """
    named = next((kind for kind in PREFIXES if app_id_of(settings, kind) == app_id), OFFICIAL_ACCOUNT)
    kind = old.kind if old else said or named
    if said and said != kind:
        raise BadSetting(f"{app_id} is {kind.replace('_', ' ')}, and stays it")
    return kind


def url_of(settings: Settings, kind: str, app_id: str) -> str:
    """Where the platform is to push to."""
    return f"{settings.public_url}/webhooks/{kind.replace('_', '-')}/{app_id}"


def brand_of(uow: UnitOfWork, code: str, account: Account | None) -> Brand:
    """The brand an account is for. An account's brand never changes: its orders are that brand's.

    :raises NotFound: no such brand, or none was named
    :raises BadSetting: another brand has the account
    """
    if not code and account:
        return uow.get(Brand, account.brand_id, called="品牌")
    found = uow.session.scalars(select(Brand).filter_by(code=code)).first()
    if found is None:
        raise NotFound(
            f"there is no brand {code}: weixiu brand list" if code else "say whose account it is: --brand CODE"
        )
    if account and account.brand_id != found.id:
        raise BadSetting(f"{account.app_id} is another brand's account")
    return found


def asked(old: Account | None, mode: str) -> dict[str, str]:
    """The keys, asked for without showing what is typed.

    :raises BadSetting: one that cannot be
    """
    keys = {}
    for name, words in (("secret", "AppSecret"), ("token", "Token"), ("aes_key", "EncodingAESKey")):
        kept = getattr(old, name) if old else ""
        optional = bool(kept) or (name == "aes_key" and mode == "plain")
        shown = f"{words}{' (empty: as it is)' if kept else ' (empty: none)' if optional else ''}"
        keys[name] = click.prompt(shown, hide_input=True, default="" if optional else None, show_default=False) or kept
        check(f"oa_{KEYS[name]}", keys[name])
    return keys


def check(field: str, value: str) -> None:
    """The same rule as the setting's.

    :raises BadSetting: saying what it should be, never what it was
    """
    setting = Settings.model_fields[field]
    rule: TypeAdapter[Any] = TypeAdapter(Annotated[str, *setting.metadata, setting.description])
    try:
        rule.validate_python(value)
    except ValidationError:
        raise BadSetting(f"it should be {setting.description}") from None


def accounts(settings: Settings, *, as_json: bool) -> int:
    """Print all accounts, without their keys. Returns the exit code."""
    with runtime.build(settings, connections=1).transaction() as uow:
        found = select(Account, Brand.code).join(Brand, Brand.id == Account.brand_id).order_by(Account.created_at)
        for account, brand in uow.session.execute(found):
            line = {
                "app_id": account.app_id, "name": account.name, "brand": brand, "mode": account.mode,
                "since": day(account.created_at),
                "url": url_of(settings, account.kind, account.app_id),
            }  # fmt: skip
            click.echo(json.dumps(line, ensure_ascii=False) if as_json else "\t".join(line.values()))
    return 0


def day(at: datetime) -> str:
    return at.astimezone(SHANGHAI).date().isoformat()
