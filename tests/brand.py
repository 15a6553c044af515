"""A small brand for tests: five models, two of them one letter apart, one served province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.catalog.codes import code_key
from domain.catalog.model import Model
from domain.catalog.operations import put_categories
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.organizations import operations as organizations
from domain.organizations.queries import Voice, voice

APP_ID, TOKEN, AES_KEY, SECRET = "wx0123456789abcdef", "token", "A" * 43, "secret"

MODELS = [
    ("KFR-35GW/N8A1", "1.5匹变频空调", "air_conditioner"),
    ("KFR-35GW/N8B1", "1.5匹定频空调", "air_conditioner"),
    ("BCD-216TMPR", "三门冰箱", "refrigerator"),
    ("XQG100-B14", "10公斤滚筒洗衣机", "washing_machine"),
    ("JSQ30-16QH3", "16升燃气热水器", "water_heater_gas"),
]


@dataclass(frozen=True)
class Brand:
    voice: Voice
    models: dict[str, str]
    """Code → id."""


def put_brand(uow: UnitOfWork, *, mode: str = "safe") -> Brand:
    """A brand that serves 广东, with one account."""
    brand = organizations.put_brand(
        uow, code="LH", name="岚禾", hotline="400-000-0000", desk_hours="8:00–20:00",
        privacy_version="2026-01", privacy_url="https://example.com/c/privacy",
    )  # fmt: skip
    account = organizations.put_account(
        uow, brand_id=brand.id, kind="official_account", app_id=APP_ID, name="岚禾服务", mode=mode, token=TOKEN,
        aes_key=AES_KEY, secret=SECRET,
    )  # fmt: skip
    organizations.serve(uow, brand.id, "44", date(2020, 1, 1))
    put_categories(uow)
    uow.session.flush()
    models = {code: uow.new_id("mo") for code, _, _ in MODELS}
    for code, name, category in MODELS:
        uow.session.add(
            Model(
                id=models[code],
                brand_id=brand.id,
                category_code=category,
                code=code,
                code_key=code_key(code),
                name=name,
            )
        )
    brand.catalogue_version += 1
    uow.session.flush()
    return Brand(voice(uow, account_id=account.id), models)


def brand_in(runtime: Runtime, *, mode: str = "safe") -> Brand:
    with runtime.transaction() as uow:
        return put_brand(uow, mode=mode)
