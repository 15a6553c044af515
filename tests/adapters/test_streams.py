"""``weixiu streams`` as it is started: who may open a stream, who is told what, and how soon after a commit."""

from __future__ import annotations

import asyncio
import base64
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from adapters.hub import BACKLOG, EVERYTHING, Hub, Stream, concerns
from adapters.runtime import now
from adapters.streams import App
from domain.access.model import Staff
from domain.access.operations import add_staff
from domain.access.sessions import end_sessions, new_session
from domain.desk import duty
from domain.desk.model import DeskTask, Presence
from domain.desk.operations import ask_for_person, heard, move_task
from domain.kit.actors import Actor, Role, system
from domain.kit.unit_of_work import Runtime
from tests.adapters.watching import until
from tests.brand import brand_in
from tests.conftest import Servers

PAGE = "http://127.0.0.1:8000"


@dataclass
class Site:
    """A running streams process, and its database."""

    port: int
    runtime: Runtime

    def staff(self, name: str) -> tuple[str, str]:
        """(id, secret of a session) of somebody new."""
        with self.runtime.transaction() as uow:
            person = add_staff(
                uow, by=system("test"), username=name, role="agent", password="long enough words", display_name=name
            )
            return person.id, new_session(uow, person, "browser", duty.GONE)

    def ask(self, secret: str = "", query: str = "", **headers: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request("GET", f"/console/streams{query}", headers={"Cookie": f"weixiu_session={secret}", **headers})
        return line.getresponse()


@pytest.fixture
def site(fresh_database: str, fresh_runtime: Runtime, servers: Servers, tmp_path: Path) -> Iterator[Site]:
    port = quiet_port()
    environment = {
        **os.environ,
        "WEIXIU_DATA_DIR": str(tmp_path),
        "WEIXIU_DATABASE_URL": fresh_database,
        "WEIXIU_REDIS_URL": servers.valkey,
        "WEIXIU_PUBLIC_URL": PAGE,
        "STREAMS_PORT": str(port),
        "WEIXIU_DATA_KEY": "k1:" + base64.b64encode(b"\x01" * 32).decode(),
        "WEIXIU_INDEX_KEY": "index" * 8,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "adapters.cli", "streams"], cwd=Path(__file__).parents[2], env=environment
    )
    try:
        assert until(lambda: listens(port) and hears(fresh_runtime), 20)
        yield Site(port, replace(fresh_runtime, clock=now))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0, "open streams do not hold the process up"
    finally:
        process.kill()
        process.wait()


def quiet_port() -> int:
    """A port that is free, and that the system gives nobody by itself meanwhile: those begin at 32768."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("every port is taken")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def hears(runtime: Runtime) -> bool:
    """Whether the process has told the database that it listens: what was committed before is no news."""
    asked = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'")
    with runtime.transaction() as uow:
        return uow.session.scalar(asked) is not None


def next_news(answer: http.client.HTTPResponse) -> str:
    """The next line that is news: comments and empty lines are none."""
    while True:
        line = answer.readline().decode()
        if line.startswith("data: "):
            return line.removeprefix("data: ").strip()


def test_only_our_own_page_with_a_session_opens_a_stream(site: Site) -> None:
    _, secret = site.staff("anna")
    assert site.ask().status == 401
    assert site.ask("nonsense").status == 401
    assert site.ask(secret, Origin="http://evil.example").status == 403
    assert site.ask(secret, Origin="null").status == 403
    assert site.ask(secret, "/more").status == 404
    allowed = site.ask(secret, Origin=PAGE)
    assert (allowed.status, allowed.headers["Access-Control-Allow-Origin"]) == (200, PAGE)
    assert allowed.headers["Access-Control-Allow-Credentials"] == "true"
    assert site.ask(secret).headers["Access-Control-Allow-Origin"] is None
    end = site.ask(secret, Origin=PAGE)
    assert end.headers["Content-Type"] == "text/event-stream"


def test_a_commit_is_told_at_once_to_those_it_concerns(site: Site) -> None:
    voice = brand_in(site.runtime).voice
    (anna, secret), (_, other) = site.staff("anna"), site.staff("ben")
    with closing(site.ask(secret)) as hers, closing(site.ask(other)) as his:
        with site.runtime.transaction() as uow:
            task, _ = ask_for_person(
                uow, by=system("test"), brand_id=voice.brand_id, account_id=voice.account_id, openid="o-1", words="人工"
            )
        assert [next_news(hers), next_news(his)] == ["queue", "queue"]
        with site.runtime.transaction() as uow:
            move_task(uow, task.id, "claim", by=Actor(Role.STAFF, anna))
        assert {next_news(hers), next_news(hers)} == {"queue", f"chat {task.id}"}
        assert next_news(his) == "queue"
        with site.runtime.transaction() as uow:
            heard(uow, uow.session.get_one(DeskTask, task.id))
        assert next_news(hers) == f"chat {task.id}"
        with site.runtime.transaction() as uow:
            move_task(uow, task.id, "finish", by=Actor(Role.STAFF, anna))
        assert next_news(his) == "queue", "what is said in a colleague's chat is not told"


def test_whoever_has_a_page_open_and_the_switch_on_is_on_duty(site: Site) -> None:
    brand_id = brand_in(site.runtime).voice.brand_id
    anna, secret = site.staff("anna")
    with site.runtime.transaction() as uow:
        duty.switch(uow, anna, True, by=Actor(Role.STAFF, anna))
        uow.session.get_one(Presence, anna).seen_at = uow.now - duty.GONE * 2
    with site.runtime.transaction() as uow:
        assert duty.words(uow, brand_id) is not None
    with closing(site.ask(secret)), site.runtime.transaction() as uow:
        assert duty.words(uow, brand_id) is None


def test_a_session_that_ended_opens_nothing_more(site: Site) -> None:
    anna, secret = site.staff("anna")
    assert site.ask(secret).status == 200
    with site.runtime.transaction() as uow:
        end_sessions(uow, uow.session.get_one(Staff, anna).id)
    assert site.ask(secret).status == 401


def stream(role: str = "agent", task_id: str = "", of_provider: bool = False) -> Stream:
    return Stream("st_1", role, "hash", task_id, of_provider)


@pytest.mark.parametrize(
    ("words", "viewer", "told"),
    [
        ("queue", {}, "queue"),
        ("incident", {}, "incident"),
        ("incident", {"role": "gone"}, ""),
        ("chat dt_1 st_1", {}, "chat dt_1"),
        ("chat dt_1 st_2", {}, ""),
        ("chat dt_1 st_2", {"task_id": "dt_1"}, "chat dt_1"),
        ("chat dt_1", {}, ""),
        ("chat", {}, "chat"),
        ("something new", {}, ""),
        ("queue", {"role": "manager", "of_provider": True}, ""),
        ("incident", {"role": "manager", "of_provider": True}, ""),
        ("board", {"role": "provider_dispatcher", "of_provider": True}, "board"),
    ],
)
def test_news_goes_to_those_it_concerns(words: str, viewer: dict[str, Any], told: str) -> None:
    assert concerns(stream(**viewer), words.split()) == told


def test_who_opened_a_page_before_the_database_was_heard_looks_at_everything(fresh_runtime: Runtime) -> None:
    """What was committed in between was told to nobody."""
    hub, early = Hub(fresh_runtime), stream("administrator")
    hub.streams.add(early)

    async def until_told() -> None:
        hub.start()
        while set(early.news) != set(EVERYTHING):
            await asyncio.sleep(0.02)
        await hub.stop()

    asyncio.run(asyncio.wait_for(until_told(), 20))


def test_a_slow_line_is_told_to_look_at_everything() -> None:
    slow = stream()
    for number in range(BACKLOG * 10):
        slow.tell(f"chat dt_{number}")
    assert len(slow.news) <= BACKLOG
    sent = slow.taken().decode()
    assert all(f"data: {news}\n\n" in sent for news in EVERYTHING)
    assert slow.taken() == b":\n\n", "what was sent is not sent again"


@pytest.mark.parametrize("public", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/", "http://127.0.0.1:8000/x"])
def test_only_the_public_address_origin_may_read(fresh_runtime: Runtime, public: str) -> None:
    assert App(Hub(fresh_runtime), public).origin == PAGE
