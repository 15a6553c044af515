"""Testing a merchant's keys: what the platform says to something harmless, in words; nothing is ordered, closed or given back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from domain.kit.outbox import OutboxRow
from domain.kit.unit_of_work import Runtime
from domain.payments import merchant_tests, paying
from domain.payments.gateway import Declined, MerchantKeys, NotSetUp, Trade, Unsure
from domain.payments.merchant_tests import NOBODYS, OUTCOMES
from domain.payments.model import Merchant
from domain.payments.noticing import take_notice
from domain.payments.paying import Payer
from tests.brand import APP_ID
from tests.domain.payments.platform import FakePlatform
from tests.domain.payments.world import BY, LI, World, make_world
from tests.runtime import Clock


@pytest.fixture
def world(runtime: Runtime) -> World:
    return make_world(runtime)


class Says(FakePlatform):
    """Answers a query by its number: an answer, or what is raised."""

    answers: dict[str, Any]

    def query(self, merchant: MerchantKeys, number: str) -> Trade:
        if number in self.answers:
            self.asked("query")
            raise self.answers[number]
        return super().query(merchant, number)


def pay(world: World, platform: FakePlatform) -> str:
    number = paying.start(world.runtime, platform, world.payable_id, Payer("jsapi", APP_ID, "o"), by=BY).number
    platform.pay(number)
    with world.runtime.transaction() as uow:
        take_notice(uow, platform.notices[0], merchant_id=world.merchant_id)
    return number


@pytest.mark.parametrize(
    ("nobodys", "known", "outcome"),
    [
        (None, None, "right"),
        (NotSetUp("401 SIGN_ERROR"), None, "refused"),
        (Declined("MCH_NOT_EXISTS", "没有这个商户"), None, "refused"),
        (Unsure("timeout"), None, "away"),
        (None, Unsure("signature"), "unverified"),
        (None, NotSetUp("401"), "refused"),
    ],
)
def test_what_the_platform_says_is_told_for_what_it_shows(
    world: World, clock: Clock, nobodys: Exception | None, known: Exception | None, outcome: str
) -> None:
    platform = Says(clock)
    platform.answers = {}
    number = pay(world, platform)
    platform.answers = {key: no for key, no in ((NOBODYS, nobodys), (number, known)) if no}
    platform.calls.clear()
    assert merchant_tests.look(world.runtime, platform, world.merchant_id) == outcome
    assert set(platform.calls) == {"query"}
    with world.runtime.transaction() as uow:
        merchant = uow.get(Merchant, world.merchant_id, called="x")
        assert (merchant.tested, merchant.tested_at) == (outcome, clock.at)


def test_before_the_first_payment_the_platforms_own_key_is_not_known_to_be_right(world: World, clock: Clock) -> None:
    assert merchant_tests.look(world.runtime, FakePlatform(clock), world.merchant_id) == "accepted"
    assert "公钥要等第一笔收款" in OUTCOMES["accepted"].words


def test_asking_hands_it_to_the_worker_and_forgets_the_last_outcome(world: World, clock: Clock) -> None:
    merchant_tests.look(world.runtime, FakePlatform(clock), world.merchant_id)
    with world.runtime.transaction() as uow:
        assert merchant_tests.ask_test(uow, world.merchant_id, by=LI).tested == ""
        uow.session.flush()
        (told,) = uow.session.scalars(select(OutboxRow).filter_by(kind="LookDue"))
        assert told.body == {"what": "merchant", "id": world.merchant_id}
