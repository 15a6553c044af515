"""What transcripts may say of extended warranties and cards: the lines ``@sells``, ``@pays`` and ``@gift``."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from domain.cover.gifts import make_batch, print_of, read_code
from domain.cover.lifecycle import CoverStatus
from domain.cover.model import Cover, CoverPlan, Gift
from domain.cover.plans import put_plan
from domain.kit.actors import Actor, Role
from domain.kit.unit_of_work import Runtime
from domain.payments.model import Merchant
from tests.brand import Brand
from tests.domain.cover.world import CARD, PARTS, START, WHOLE, World, pay
from tests.domain.payments.world import put_merchant

STAFF = Actor(Role.STAFF, "st_test")
CODE = "ABCD-EFGH-JKMG"
"""The code that ``@gift`` makes."""


def sells(runtime: Runtime, brand: Brand) -> None:
    """The brand sells 整机延保一年 and 主要部件延保三年 for air conditioners, and 空调清洁卡 3 次."""
    with runtime.transaction() as uow:
        put_merchant(uow, brand.voice.brand_id)
        for code, terms in {"whole": WHOLE, "parts": PARTS, "card": CARD}.items():
            put_plan(uow, brand.voice.brand_id, code, terms, START, by=STAFF)


def pays(runtime: Runtime, brand: Brand) -> None:
    """What was ordered last is paid, says the platform."""
    with runtime.transaction() as uow:
        merchant = uow.session.scalars(select(Merchant.id)).one()
        ordered = select(Cover).where(Cover.status == CoverStatus.ORDERED).order_by(Cover.ordered_at.desc())
        world = World(runtime, brand, merchant, "", "", "", {})
        pay(world, uow, uow.session.scalars(ordered.limit(1)).one())


def gift(runtime: Runtime, brand: Brand, plan: str) -> None:
    """The staff made a gift of a plan; its code is ABCD-EFGH-JKMG."""
    with runtime.transaction() as uow:
        given = uow.session.scalars(select(CoverPlan.id).filter_by(code=plan)).one()
        batch, _ = make_batch(uow, given, title="赠品", count=1, valid_until=uow.today + timedelta(days=90), by=STAFF)
        kept = uow.session.scalars(select(Gift).filter_by(batch_id=batch.id)).one()
        kept.code_print = print_of(uow, read_code(CODE) or "")
