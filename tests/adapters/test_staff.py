"""Letting people in from the command line: a password and a token are told once, mistakes in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from adapters import runtime, settings
from adapters.cli import main
from adapters.settings import Settings
from domain.access import sessions
from domain.access.model import Staff
from domain.kit.actors import system
from domain.kit.scope import Scope
from domain.organizations.model import Station
from domain.organizations.operations import put_provider, put_station


@pytest.fixture
def told(fresh_database: str, tmp_path: Path) -> Settings:
    return settings.load(None, data_dir=tmp_path, database_url=fresh_database, redis_url="redis://127.0.0.1:1/0")


@pytest.fixture
def staff(told: Settings) -> Callable[..., Result]:
    def run(*words: str) -> Result:
        return CliRunner(env=told.environ()).invoke(main, ["staff", *words], catch_exceptions=False)

    return run


def test_somebody_added_can_sign_in_with_the_password_told(staff: Callable[..., Result], told: Settings) -> None:
    made = staff("add", "anna", "--role", "agent")
    assert made.exit_code == 0
    password = made.output.split("shown this once: ")[1].strip()
    with runtime.build(told, connections=1).transaction() as uow:
        assert isinstance(sessions.sign_in(uow, "anna", password, "127.0.0.1"), str)


def test_a_token_stands_alone_on_its_line_and_opens_the_api(staff: Callable[..., Result], told: Settings) -> None:
    staff("add", "anna", "--role", "administrator")
    token = staff("token", "anna").output.strip()
    with runtime.build(told, connections=1).transaction() as uow:
        who = sessions.who_is(uow, token, "api")
    assert who is not None
    assert who.staff.username == "anna"


def test_mistakes_are_one_line_and_an_exit_code(staff: Callable[..., Result]) -> None:
    staff("add", "anna")
    for words in (("add", "anna"), ("add", "Anna!"), ("add", "bob", "--role", "king"), ("token", "nobody")):
        refused = staff(*words)
        assert refused.exit_code == 1
        assert len(refused.output.strip().splitlines()) == 1


def test_a_providers_person_is_of_that_provider_by_code_and_cannot_be_of_none(
    staff: Callable[..., Result], told: Settings
) -> None:
    with runtime.build(told, connections=1).transaction() as uow:
        provider = put_provider(uow, by=system("tests"), code="P1", name="顺达", since=date(2020, 1, 1)).id
        put_station(
            uow, by=system("tests"), code="S1", provider_id=provider, name="大良", division_code="440606", address="x",
            since=date(2020, 1, 1),
        )  # fmt: skip
    assert staff("add", "none", "--role", "station").exit_code == 1
    assert staff("add", "none", "--role", "station", "--station", "S404").exit_code == 1
    assert staff("add", "dora", "--role", "station", "--station", "S1").exit_code == 0
    assert staff("add", "erik", "--role", "provider_dispatcher", "--provider", "P1").exit_code == 0
    with runtime.build(told, connections=1).transaction() as uow:
        scopes = {one.username: one.scope for one in uow.session.scalars(select(Staff))}
        station = uow.session.scalars(select(Station.id)).one()
    assert scopes == {"dora": Scope(None, provider, station), "erik": Scope(None, provider, None)}


def test_the_list_is_json_lines_for_programs(staff: Callable[..., Result]) -> None:
    staff("add", "anna")
    line = json.loads(staff("list", "--json").output)
    assert (line["username"], line["role"], line["in"]) == ("anna", "agent", True)
