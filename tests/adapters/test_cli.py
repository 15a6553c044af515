"""The command ``weixiu`` as somebody types it."""

from __future__ import annotations

import os
import subprocess
import sys


def weixiu(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "adapters.cli", *words],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_lists_the_commands():
    said = weixiu("--help").stdout
    for name in ("up", "web", "worker", "schedule", "sandbox", "migrate", "demo", "invariants"):
        assert f"\n  {name} " in said


def test_a_command_brings_only_what_it_runs():
    script = "import adapters.cli, sys; print({'sqlalchemy', 'pydantic', 'granian', 'flask', 'rq'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_wrong_setting_stops_the_start_without_a_stack_trace():
    done = weixiu("web", PORT="none")
    assert done.returncode == 2
    assert done.stderr == "WEIXIU_PORT is wrong: it should be a port number, 1 to 65535\n"
