"""``weixiu worker`` and ``weixiu schedule`` as they are started: a message written down arrives on the phone."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.runtime import now
from domain.kit.actors import system
from domain.kit.inbox import Received
from domain.kit.unit_of_work import Runtime
from domain.notices.operations import queue_message
from sandbox.app import AccountConfig, Platform
from sandbox.server import Running, serve
from tests.brand import AES_KEY, APP_ID, SECRET, TOKEN, brand_in
from tests.conftest import Servers


@pytest.fixture
def wechat() -> Iterator[Running]:
    account = AccountConfig(APP_ID, SECRET, TOKEN, AES_KEY, "http://127.0.0.1:9/nobody")
    with serve(Platform([account], residents=("王小明",))) as running:
        yield running


@pytest.fixture
def processes(
    fresh_database: str, servers: Servers, wechat: Running, tmp_path: Path
) -> Iterator[list[subprocess.Popen[bytes]]]:
    environment = {
        **os.environ,
        "WEIXIU_DATA_DIR": str(tmp_path),
        "WEIXIU_DATABASE_URL": fresh_database,
        "WEIXIU_REDIS_URL": servers.valkey,
        "WEIXIU_WECHAT_API_URL": wechat.url,
        "WEIXIU_DATA_KEY": "k1:" + base64.b64encode(b"\x01" * 32).decode(),
        "WEIXIU_INDEX_KEY": "index" * 8,
    }
    start = "import sys; from adapters.cli import main; main([sys.argv[1]])"
    running = [
        subprocess.Popen([sys.executable, "-c", start, name], cwd=Path(__file__).parents[2], env=environment)
        for name in ("worker", "schedule")
    ]
    yield running
    for process in running:
        process.kill()
        process.wait()


def test_messages_arrive_in_order_and_the_processes_end_when_told(
    fresh_runtime: Runtime, wechat: Running, processes: list[subprocess.Popen[bytes]]
) -> None:
    runtime, account_id = replace(fresh_runtime, clock=now), brand_in(fresh_runtime).voice.account_id
    [person] = wechat.platform.people.values()
    person.following = person.ever_followed = True
    wechat.platform.send(person.openid, "text", content="在吗", wait=False)
    with runtime.transaction() as uow:
        uow.session.add(
            Received(
                account_id=account_id, key="1", sent_on=uow.today, sender=person.openid, received_at=uow.now,
                trigger="message", content={}, answer="", state="answered",
            )
        )  # fmt: skip
        written = uow.now
        for text, wait in (("一", 0), ("二", 1)):
            queue_message(
                uow, account_id=account_id, recipient=person.openid, text=text, why="reply", author=system("bot"),
                not_before=uow.now + timedelta(seconds=wait),
            )  # fmt: skip
    until, sent = time.monotonic() + 30, wechat.platform.log.rows(since=1 << 60)
    while len(sent) < 2 and time.monotonic() < until:
        time.sleep(0.05)
        sent = [row for row in wechat.platform.log.rows() if row["what"] == "/cgi-bin/message/custom/send"]
    assert [row["outcome"] for row in sent] == ["ok", "ok"]
    assert '"一"' in sent[0]["request"]
    assert '"二"' in sent[1]["request"]
    assert sent[1]["at"] >= written.timestamp() + 1
    for process in processes:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(timeout=20) for process in processes] == [0, 0]
