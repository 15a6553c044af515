"""Brands and accounts from the command line, and what a new database gets with its migrations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from adapters import accounts, runtime, settings
from adapters.cli import main
from adapters.settings import Settings
from domain.access.model import TrailEntry
from domain.catalog.categories import KINDS
from domain.catalog.model import Category
from domain.kit.unit_of_work import SHANGHAI
from domain.organizations.model import Account, ServiceArea
from domain.organizations.queries import is_served
from domain.service_levels.model import Policy
from domain.service_levels.policies import CLOCKS, DEFAULTS
from tests.runtime import at_once, run_sql

APP_ID = "wx0123456789abcdef"
KEYS = {"oa_app_secret": "the-app-secret", "oa_token": "thetoken", "oa_aes_key": "k" * 43}
BRAND = ("brand", "YX", "--name", "云溪", "--hotline", "400-000-0001", "--serve", "4406", "--serve", "31")


@pytest.fixture
def told(fresh_database: str, tmp_path: Path) -> Settings:
    """A real platform and a database of its own; no account named."""
    return settings.load(
        None, data_dir=tmp_path, database_url=fresh_database, redis_url="redis://127.0.0.1:1/0",
        public_url="https://service.example.com", wechat_api_url="https://api.weixin.qq.com",
    )  # fmt: skip


@pytest.fixture
def weixiu(told: Settings) -> Callable[..., Result]:
    def run(*words: str, typed: str | None = None, **environ: str) -> Result:
        given = {**told.environ(), **environ}
        return CliRunner(env=given).invoke(main, words, input=typed, catch_exceptions=False)

    return run


def only_account(told: Settings) -> Account:
    with runtime.build(told, connections=1).transaction() as uow:
        return uow.session.scalars(select(Account)).one()


def test_migrating_fills_the_categories(weixiu, told):
    assert weixiu("migrate").exit_code == 0
    assert weixiu("migrate").exit_code == 0
    with runtime.build(told, connections=1).transaction() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Category)) == len(KINDS)


def policies_in(told: Settings) -> list[tuple[str, int, date, date | None]]:
    with runtime.build(told, connections=1).transaction() as uow:
        found = uow.session.scalars(select(Policy).order_by(Policy.clock, Policy.customer_level, Policy.since))
        return [(one.clock, one.minutes, one.since, one.until) for one in found]


def test_an_installation_from_before_has_its_promises_from_the_day_it_migrates(weixiu, told):
    weixiu(*BRAND)
    run_sql(told.database_url, "DELETE FROM service_level_policies")
    before = datetime.now(SHANGHAI).date()
    weixiu("migrate")
    present = policies_in(told)
    assert {clock for clock, *_ in present} == set(CLOCKS)
    [since] = {since for _, _, since, _ in present}
    assert before <= since <= datetime.now(SHANGHAI).date()


def test_migrating_again_leaves_the_promises_as_they_were_edited(weixiu, told):
    weixiu("migrate")
    edits = "UPDATE service_level_policies SET minutes = 77, until = '2099-01-01' WHERE clock = 'respond'"
    run_sql(told.database_url, edits)
    before = policies_in(told)
    weixiu("migrate")
    weixiu(*BRAND)
    assert policies_in(told) == before


def test_two_who_migrate_at_once_put_the_promises_once(told):
    assert at_once(4, lambda _: accounts.prepare(told)) == [None] * 4
    assert len(policies_in(told)) == len(DEFAULTS)


def test_while_the_step_that_makes_them_is_drafted_there_are_no_promises_and_migrating_works(weixiu, told):
    run_sql(told.database_url, "DROP TABLE service_level_policies CASCADE")
    assert weixiu("migrate").exit_code == 0


def test_no_account_is_made_up_for_the_real_platform(weixiu, told):
    assert told.oa_app_id == ""
    weixiu("migrate")
    weixiu(*BRAND)
    with runtime.build(told, connections=1).transaction() as uow:
        assert uow.session.scalars(select(Account)).all() == []


def test_a_brand_serves_where_it_says_and_keeps_what_is_not_said_again(weixiu, told):
    said = weixiu(*BRAND)
    assert said.exit_code == 0
    assert "serves 4406 广东省佛山市" in said.output
    weixiu("brand", "YX", "--hotline", "400-000-0002", "--serve", "440606")
    line = json.loads(weixiu("brand", "list", "--json").output)
    assert line == {
        "code": "YX", "name": "云溪", "hotline": "400-000-0002", "desk_hours": "8:00–20:00",
        "privacy_version": line["privacy_version"], "privacy_url": "https://service.example.com/c/privacy/YX",
        "serves": ["31", "4406"],
    }  # fmt: skip
    with runtime.build(told, connections=1).transaction() as uow:
        area = uow.session.scalars(select(ServiceArea).filter_by(division_code="4406")).one()
        assert is_served(uow, area.brand_id, "440606")
        assert not is_served(uow, area.brand_id, "440106")


@pytest.mark.parametrize("code", ["9999", "顺德", "440699"])
def test_what_is_no_division_is_refused_and_nothing_is_kept(weixiu, code):
    said = weixiu("brand", "YX", "--name", "云溪", "--hotline", "1", "--serve", code)
    assert said.exit_code == 1
    assert "no division" in said.output
    assert weixiu("brand", "list").output == ""


def test_a_new_brand_needs_a_name_and_a_hotline(weixiu):
    said = weixiu("brand", "YX")
    assert said.exit_code == 1
    assert "--name and --hotline" in said.output


def test_the_keys_of_an_account_are_asked_for_and_never_shown(weixiu, told):
    weixiu(*BRAND)
    said = weixiu("account", APP_ID, "--brand", "YX", typed="the-app-secret\nthetoken\n" + "k" * 43 + "\n")
    assert said.exit_code == 0, said.output
    assert f"https://service.example.com/webhooks/official-account/{APP_ID}" in said.output
    shown = said.output + weixiu("account", "list").output + weixiu("account", "list", "--json").output
    assert not any(key in shown for key in KEYS.values())
    account = only_account(told)
    assert (account.secret, account.token, account.aes_key) == tuple(KEYS.values())
    assert (account.name, account.mode) == ("云溪服务", "safe")


def test_an_empty_key_stays_as_it_is(weixiu, told):
    weixiu(*BRAND)
    weixiu("account", APP_ID, "--brand", "YX", typed="the-app-secret\nthetoken\n" + "k" * 43 + "\n")
    weixiu("account", APP_ID, "--mode", "compat", typed="\nrotated\n\n")
    account = only_account(told)
    assert (account.secret, account.token, account.aes_key, account.mode) == (
        "the-app-secret", "rotated", "k" * 43, "compat",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "typed", "why"),
    [
        (("account", "wx1", "--brand", "YX"), "", "AppID"),
        (("account", APP_ID, "--brand", "ZZ"), "", "no brand ZZ"),
        (("account", APP_ID), "", "--brand"),
        (("account", APP_ID, "--brand", "YX"), "s\nnot a token!\n", "3 to 32 letters"),
        (("account", APP_ID, "--brand", "YX"), "s\ntoken\nshort\n", "43 letters"),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words(weixiu, told, words, typed, why):
    weixiu(*BRAND)
    said = weixiu(*words, typed=typed)
    assert said.exit_code == 1
    assert why in said.output
    assert weixiu("account", "list").output == ""


def test_the_settings_account_is_there_after_migrating_and_its_keys_are_the_settings(weixiu, told):
    named = {f"WEIXIU_{name.upper()}": value for name, value in {"oa_app_id": APP_ID, **KEYS}.items()}
    assert "belongs to no brand yet" in weixiu("migrate", **named).output
    weixiu(*BRAND)
    assert weixiu("migrate", **named).output == ""
    assert only_account(told).token == "thetoken"
    weixiu("migrate", **{**named, "WEIXIU_OA_TOKEN": "rotated"})
    assert only_account(told).token == "rotated"
    said = weixiu("account", APP_ID, "--mode", "compat", **named)
    assert said.exit_code == 0, said.output
    assert (only_account(told).mode, only_account(told).token) == ("compat", "thetoken")


def test_every_change_is_on_record_without_the_keys(weixiu, told):
    weixiu(*BRAND)
    weixiu("account", APP_ID, "--brand", "YX", typed="the-app-secret\nthetoken\n" + "k" * 43 + "\n")
    with runtime.build(told, connections=1).transaction() as uow:
        lines = uow.session.scalars(select(TrailEntry).order_by(TrailEntry.id)).all()
        assert [line.action for line in lines] == ["brand.put", "account.put"]
        assert not any(key in json.dumps(line.detail) for line in lines for key in KEYS.values())


def test_staff_are_let_in_no_longer_and_again(weixiu):
    weixiu("staff", "add", "boss", "--role", "administrator")
    weixiu("staff", "add", "xiaoli")
    assert weixiu("staff", "disable", "xiaoli").exit_code == 0
    assert weixiu("staff", "token", "xiaoli").exit_code == 1
    assert weixiu("staff", "disable", "boss").exit_code == 1
    assert weixiu("staff", "enable", "xiaoli").exit_code == 0
    assert weixiu("staff", "token", "xiaoli").exit_code == 0


def test_rekey_says_what_it_did(weixiu, told):
    weixiu(*BRAND)
    weixiu("account", APP_ID, "--brand", "YX", typed="the-app-secret\nthetoken\n" + "k" * 43 + "\n")
    both = f"k2:{'Ag' * 21}I=,{told.data_key}"
    said = weixiu("rekey", WEIXIU_DATA_KEY=both)
    assert said.exit_code == 0, said.output
    assert "accounts: 1 rows sealed with k2" in said.output
    again = weixiu("rekey", "--json", WEIXIU_DATA_KEY=both)
    assert all(json.loads(line)["sealed"] == 0 for line in again.output.splitlines())
    assert weixiu("rekey", "--json").exit_code == 1


def test_seeding_needs_no_more_than_one_brand_to_choose_from(told):
    named = told.model_copy(update={"oa_app_id": APP_ID, **KEYS})
    with runtime.build(told, connections=1).transaction() as uow:
        assert "belongs to no brand" in accounts.seed(uow, named)
