"""Brands, accounts and where they serve."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from domain.kit.errors import NotFound
from domain.kit.unit_of_work import Runtime
from domain.organizations import operations as organizations
from domain.organizations.model import Account, Brand, ServiceArea
from domain.organizations.queries import is_served, voice
from tests.brand import APP_ID, brand_in
from tests.runtime import Clock


def test_putting_a_brand_or_an_account_again_brings_it_up_to_date(runtime: Runtime) -> None:
    first = brand_in(runtime).voice
    with runtime.transaction() as uow:
        organizations.put_brand(
            uow, code="LH", name="岚禾电器", hotline="400-1", desk_hours="9–18", privacy_version="2", privacy_url="u"
        )
        organizations.put_account(
            uow, brand_id=first.brand_id, kind="official_account", app_id=APP_ID, name="新", mode="plain", token="t2",
            aes_key="B" * 43, secret="s2",
        )  # fmt: skip
    with runtime.transaction() as uow:
        now = voice(uow, app_id=APP_ID)
        assert (now.brand_id, now.account_id) == (first.brand_id, first.account_id)
        assert (now.brand, now.privacy_version, now.mode, now.token) == ("岚禾电器", "2", "plain", "t2")
        assert len(uow.session.scalars(select(Brand)).all()) == len(uow.session.scalars(select(Account)).all()) == 1


def test_the_first_account_speaks_when_none_is_named(runtime: Runtime, clock: Clock) -> None:
    with runtime.transaction() as uow, pytest.raises(NotFound):
        voice(uow)
    first = brand_in(runtime).voice
    clock.advance(days=1)
    with runtime.transaction() as uow:
        organizations.put_account(
            uow, brand_id=first.brand_id, kind="official_account", app_id="wx_second", name="二", mode="safe", token="t",
            aes_key="B" * 43, secret="s",
        )  # fmt: skip
    with runtime.transaction() as uow:
        assert voice(uow).app_id == APP_ID
        assert (
            voice(uow, app_id="wx_second").account_id
            == voice(uow, account_id=voice(uow, app_id="wx_second").account_id).account_id
        )
        with pytest.raises(NotFound, match="没有这个账号"):
            voice(uow, app_id="wx_nobody")


@pytest.mark.parametrize(
    ("code", "served"), [("44", True), ("4406", True), ("440606004", True), ("11", False), ("4", False), ("3", False)]
)
def test_a_division_is_served_when_one_it_lies_in_is(runtime: Runtime, code: str, served: bool) -> None:
    brand = brand_in(runtime).voice
    with runtime.transaction() as uow:
        assert is_served(uow, brand.brand_id, code) is served
        assert is_served(uow, "br_other", code) is False


def test_service_begins_and_ends_on_its_days(runtime: Runtime, clock: Clock) -> None:
    brand = brand_in(runtime).voice
    with runtime.transaction() as uow:
        for _ in range(2):
            organizations.serve(uow, brand.brand_id, "4501", date(2026, 5, 13))
    with runtime.transaction() as uow:
        assert not is_served(uow, brand.brand_id, "450102")
    clock.advance(hours=12.5)  # midnight in Shanghai
    with runtime.transaction() as uow:
        assert is_served(uow, brand.brand_id, "450102")
        [area] = uow.session.scalars(select(ServiceArea).filter_by(division_code="4501"))
        area.until = date(2026, 5, 14)
    clock.advance(days=1)
    with runtime.transaction() as uow:
        assert not is_served(uow, brand.brand_id, "450102"), "the last day is the one before"
