"""`adapters.settings` and the keys that make themselves: right ones are taken, wrong ones are named."""

from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from adapters import sandbox_merchant, secrets, settings
from domain.kit.personal import Keyring


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch, tmp_path):
    for name in os.environ:
        if name.startswith("WEIXIU_") or name in {"PORT", "SANDBOX_PORT", "STREAMS_PORT"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("WEIXIU_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)


def wrong(**given: int) -> list[str]:
    with pytest.raises(settings.BadSettings) as caught:
        settings.load(".env", **given)
    return caught.value.lines


def test_a_fresh_clone_needs_no_setting_at_all(tmp_path):
    told = settings.load()
    assert told.uses_sandbox
    assert told.embedded_database
    assert told.embedded_redis
    assert told.database_url == f"postgresql+psycopg://weixiu@/weixiu?host={tmp_path}/var/run"
    assert told.public_url == "http://127.0.0.1:8000"
    Keyring.parse(told.data_key, told.index_key)
    assert len(base64.b64decode(told.oa_aes_key + "=")) == 32
    assert told.oa_app_id.startswith("wx")
    assert len(told.oa_app_id) == 18


def test_keys_that_made_themselves_stay_and_are_private(tmp_path):
    first = settings.load()
    path = tmp_path / "var" / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert settings.load() == first


def test_processes_that_start_at_once_make_the_same_keys(tmp_path):
    with ProcessPoolExecutor(4) as pool:
        made = list(pool.map(secrets.load, [tmp_path / "new"] * 8, [list(secrets.MAKERS)] * 8))
    assert all(keys == made[0] for keys in made)


def test_a_wrong_setting_is_named_with_what_it_should_be(monkeypatch):
    monkeypatch.setenv("WEIXIU_DATABASE_URL", "mysql://root:hunter2@db/weixiu")
    monkeypatch.setenv("WEIXIU_WEB_THREADS", "many")
    monkeypatch.setenv("WEIXIU_DATA_KEY", "k1:c2hvcnQ=")
    monkeypatch.setenv("PORT", "99999")
    lines = wrong()
    assert sorted(lines) == [
        "WEIXIU_DATABASE_URL is wrong: it should be a PostgreSQL address: postgresql://user:password@host:5432/name",
        "WEIXIU_DATA_KEY is wrong: it should be name:key[,name:key…], each key 32 bytes in base64; "
        "the first encrypts, all decrypt",
        "WEIXIU_PORT is wrong: it should be a port number, 1 to 65535",
        "WEIXIU_WEB_THREADS is wrong: it should be threads of each web process, 1 to 64",
    ]
    assert "hunter2" not in "".join(lines)


def test_a_misspelt_setting_is_not_passed_over(monkeypatch):
    monkeypatch.setenv("WEIXIU_DATABSE_URL", "postgresql://db/weixiu")
    assert wrong() == ["WEIXIU_DATABSE_URL is no setting: did you mean WEIXIU_DATABASE_URL?"]


def test_half_an_account_is_no_account_and_is_not_completed_with_made_up_keys(monkeypatch):
    monkeypatch.setenv("WEIXIU_OA_APP_ID", "wx0123456789abcdef")
    assert [line.split()[0] for line in wrong()] == ["WEIXIU_OA_APP_SECRET", "WEIXIU_OA_TOKEN"]
    monkeypatch.setenv("WEIXIU_OA_APP_SECRET", "secret")
    monkeypatch.setenv("WEIXIU_OA_TOKEN", "token")
    assert settings.load().oa_aes_key == "", "plain mode"


def test_more_web_threads_than_connections_are_refused():
    assert wrong(web_workers=8, web_threads=16) == [
        "WEIXIU_WEB_WORKERS × WEIXIU_WEB_THREADS should be at most 72 with the embedded database"
    ]
    settings.load(web_workers=8, web_threads=16, database_url="postgresql://db/weixiu")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_usual_address_of_a_database_works(scheme):
    told = settings.load(database_url=f"{scheme}://me:pw@db:5432/weixiu")
    assert told.database_url == "postgresql+psycopg://me:pw@db:5432/weixiu"
    assert not told.embedded_database


def test_a_file_is_read_and_the_environment_wins(monkeypatch):
    Path(".env").write_text("WEIXIU_LOG_LEVEL=debug\nWEIXIU_JOB_WORKERS=3\n")
    monkeypatch.setenv("WEIXIU_JOB_WORKERS", "2")
    told = settings.load()
    assert (told.log_level, told.job_workers) == ("debug", 2)


def test_ports_are_known_without_the_prefix_too(monkeypatch):
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("SANDBOX_PORT", "9001")
    told = settings.load()
    assert (told.port, told.public_url, told.wechat_api_url) == (9000, "http://127.0.0.1:9000", "http://127.0.0.1:9001")


def test_a_child_told_by_environment_reads_the_same(monkeypatch):
    told = settings.load(web_threads=5)
    for name, value in told.environ().items():
        monkeypatch.setenv(name, value)
    assert settings.load() == told


def test_a_printed_settings_object_shows_no_secret():
    told = settings.load(map_key="hunter2")
    shown = repr(told)
    assert not [key for key in (told.secret_key, told.data_key, told.oa_token, "hunter2") if key in shown]


def test_live_streams_are_beside_the_web_or_behind_the_same_proxy(tmp_path: Path) -> None:
    def read(**given: object) -> tuple[int, str]:
        told = settings.load(None, data_dir=tmp_path, **given)
        return told.streams_port, told.streams_url

    assert read() == (8002, "http://127.0.0.1:8002")
    assert read(port=8100, sandbox_port=8102) == (8103, "http://127.0.0.1:8103")
    assert read(streams_port=9000, public_url="http://pc.lan:8000")[1] == "http://pc.lan:9000"
    assert read(public_url="https://service.example.com")[1] == "https://service.example.com"
    assert read(port=65535)[0] == 65533


def test_the_sandboxs_merchant_is_what_one_is_paid_with_until_another_is_set(tmp_path, monkeypatch):
    assert settings.load().pay_mch_id == "", "nobody made one yet"
    sandbox_merchant.make(tmp_path / "var", "云枫服务")
    told = settings.load()
    assert told == settings.load(**{name: getattr(told, name) for name in told.model_dump() if name.startswith("pay_")})
    assert "BEGIN PRIVATE KEY" in Path(told.pay_private_key_file).read_text()
    assert told.pay_public_key_id.startswith("PUB_KEY_ID_")
    assert len(told.pay_api_v3_key) == 32
    monkeypatch.setenv("WEIXIU_PAY_API_URL", "https://api.mch.weixin.qq.com")
    assert settings.load().pay_mch_id == "", "nothing made up where money is real"
