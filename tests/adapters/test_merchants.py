"""Merchant numbers from the command line and from the settings, also while WeChat Pay changes its key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from sqlalchemy import select

from adapters import runtime, settings
from adapters.cli import main
from adapters.merchants import seed_merchant
from adapters.settings import BadSettings, Settings
from domain.kit.unit_of_work import SHANGHAI
from domain.payments.model import Merchant
from tests.adapters.test_accounts import APP_ID, BRAND, KEYS
from tests.wechat_pay_notices import API_V3_KEY, CERTIFICATE, KEY_ID, NEW_KEY_ID, NEXT, OWN, SERIAL, THEIRS, pem, public

FILES = {"own.pem": pem(OWN), "theirs.pem": public(THEIRS), "next.pem": public(NEXT), "certificate.pem": CERTIFICATE}


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def told(fresh_database: str, papers: Path) -> Settings:
    return settings.load(
        None, data_dir=papers, database_url=fresh_database, redis_url="redis://127.0.0.1:1/0",
        public_url="https://service.example.com", wechat_api_url="https://api.weixin.qq.com",
        pay_api_url="https://api.mch.weixin.qq.com", oa_app_id=APP_ID, **KEYS,
    )  # fmt: skip


@pytest.fixture
def merchant(told: Settings, papers: Path) -> Callable[..., Result]:
    def run(*words: str) -> Result:
        given = (
            "merchant", "1900000000", "--brand", "YX", "--cert-serial", "A" * 40, "--private-key", f"{papers}/own.pem",
            "--public-key", f"{papers}/theirs.pem", "--public-key-id", KEY_ID, *words,
        )  # fmt: skip
        environ = {**told.environ()}
        CliRunner(env=environ).invoke(main, BRAND, catch_exceptions=False)
        return CliRunner(env=environ).invoke(main, given, input=f"{API_V3_KEY}\n", catch_exceptions=False)

    return run


def others(told: Settings) -> dict[str, str]:
    with runtime.build(told, connections=1).transaction() as uow:
        return dict(uow.session.scalars(select(Merchant)).one().other_keys)


def test_keys_that_verify_besides_are_given_by_id_and_file_and_go_when_they_are_not_given(
    merchant: Callable[..., Result], told: Settings, papers: Path
) -> None:
    made = merchant("--other-key", NEW_KEY_ID, f"{papers}/next.pem", "--other-key", SERIAL, f"{papers}/certificate.pem")
    assert made.exit_code == 0, made.output
    assert others(told) == {NEW_KEY_ID: FILES["next.pem"], SERIAL: CERTIFICATE}
    assert merchant().exit_code == 0
    assert others(told) == {}


def test_the_certificate_says_when_it_ends_and_must_be_the_one_of_the_serial(
    merchant: Callable[..., Result], told: Settings, papers: Path
) -> None:
    certificate = ("--certificate", f"{papers}/certificate.pem")
    other = merchant(*certificate)
    assert (other.exit_code, f"serial is {SERIAL}, not" in other.stderr) == (1, True), other.output
    assert merchant(*certificate, "--cert-serial", SERIAL).exit_code == 0
    ends = x509.load_pem_x509_certificate(CERTIFICATE.encode()).not_valid_after_utc.astimezone(SHANGHAI).date()
    assert until(told) == ends
    assert merchant("--cert-serial", SERIAL).exit_code == 0
    assert until(told) == ends, "the same certificate ends when it ends"
    assert merchant().exit_code == 0
    assert until(told) is None, "another one was not given"


def until(told: Settings) -> date | None:
    with runtime.build(told, connections=1).transaction() as uow:
        return uow.session.scalars(select(Merchant)).one().cert_until


def test_a_key_that_does_not_open_stops_it(merchant: Callable[..., Result], papers: Path) -> None:
    (papers / "next.pem").write_text("-----BEGIN PUBLIC KEY-----\nnothing\n-----END PUBLIC KEY-----\n")
    assert merchant("--other-key", NEW_KEY_ID, f"{papers}/next.pem").exit_code == 1


def test_the_settings_merchant_has_the_other_key_while_they_name_it(told: Settings, papers: Path) -> None:
    CliRunner(env={**told.environ()}).invoke(main, BRAND, catch_exceptions=False)
    keys = {
        "pay_mch_id": "1900000000", "pay_cert_serial": "A" * 40, "pay_private_key_file": f"{papers}/own.pem",
        "pay_api_v3_key": API_V3_KEY, "pay_public_key_file": f"{papers}/theirs.pem", "pay_public_key_id": KEY_ID,
    }  # fmt: skip
    changing = {"pay_other_key_id": NEW_KEY_ID, "pay_other_key_file": f"{papers}/next.pem"}
    for given, found in ((changing, {NEW_KEY_ID: FILES["next.pem"]}), ({}, {})):
        with runtime.build(told, connections=1).transaction() as uow:
            assert seed_merchant(uow, told.model_copy(update=keys | given)) == ""
        assert others(told) == found


def test_an_id_without_its_file_is_said() -> None:
    with pytest.raises(BadSettings, match="PAY_OTHER_KEY_FILE is missing"):
        settings.load(None, pay_other_key_id=NEW_KEY_ID)
