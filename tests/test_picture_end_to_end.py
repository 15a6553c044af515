"""A photographed nameplate from the phone of the pretend platform to the agent's page, with nothing in between faked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select
from werkzeug.serving import make_server

from adapters.files import Files
from adapters.nameplates import Nameplates
from adapters.wechat.client import WeChat
from adapters.wechat.credentials import credentials_from
from console.chats import chat_lines
from domain.files.model import FileState, StoredFile
from domain.files.store import unseal
from domain.kit.unit_of_work import Runtime
from jobs.context import Jobs
from jobs.outbox import relay
from jobs.reactions import REACTIONS
from sandbox.app import AccountConfig, Platform
from sandbox.people import Person
from sandbox.server import Running, serve
from tests.adapters.test_nameplates import LINES, SERIAL
from tests.brand import AES_KEY, APP_ID, SECRET, TOKEN, brand_in
from tests.drawn import nameplate
from tests.jobs.doing import Pager, work_all
from tests.webhooks.pushing import PATH, app_on


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def platform(fresh_runtime: Runtime, valkey: Redis) -> Iterator[Running]:
    fresh_runtime.clock.at = datetime.now(UTC)  # type: ignore[attr-defined]  # the platform lives in the present
    with served(app_on(fresh_runtime, valkey)) as url:
        account = AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, url + PATH)
        with serve(Platform([account], residents=("王小明",))) as running:
            yield running


def test_a_nameplate_on_its_way(platform: Running, fresh_runtime: Runtime, valkey: Redis, tmp_path: Path) -> None:
    brand = brand_in(fresh_runtime)
    [person] = platform.platform.people.values()
    person.following = person.ever_followed = True
    wechat = WeChat(platform.url, credentials_from(fresh_runtime), valkey, fresh_runtime.clock)
    files = Files(str(tmp_path))
    jobs = Jobs(fresh_runtime, valkey, wechat, Pager(), lambda: 0.5, REACTIONS, files, Nameplates())

    send(platform, person, "产品登记")
    now = platform.platform.clock.now()
    media = platform.platform.media.keep(APP_ID, "image", nameplate(*LINES, bar_code=SERIAL), "image/jpeg", now)
    platform.platform.send(person.openid, "image", media_id=media.media_id)
    fresh_runtime.clock.at = datetime.now(UTC)  # type: ignore[attr-defined]
    while relay(jobs):
        work_all(jobs)

    with fresh_runtime.transaction() as uow:
        [file] = uow.session.scalars(select(StoredFile)).all()
        assert file.state is FileState.KEPT
        content = unseal(file.key or "", file.id, files.get(file.place or ""))
        assert content.startswith(b"\xff\xd8")
        lines = chat_lines(uow, brand.voice.account_id, person.openid)
        assert [line.file.id for line in lines if line.file] == [file.id]
        assert any("1. 1.5匹变频空调（KFR-35GW/N8A1）" in line.words for line in lines)
    assert all(content[:64] not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def send(platform: Running, person: Person, words: str) -> None:
    platform.platform.send(person.openid, "text", content=words)
