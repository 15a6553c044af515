"""`adapters.supervisor` over harmless children (supervised.py): what starts, restarts and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.adapters.watching import alive, until

NAMES = ("server", "web", "web-grandchild", "deaf")


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []

    def start(folder: Path, *options: str) -> subprocess.Popen[str]:
        script = str(Path(__file__).with_name("supervised.py"))
        process = subprocess.Popen(
            [sys.executable, script, str(folder), *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def read_until(stream: IO[str] | None, words: str) -> str:
    assert stream
    said = ""
    while words not in said:
        line = stream.readline()
        assert line, f"ended without saying {words!r}:\n{said}"
        said += line
    return said


def pids(folder: Path) -> dict[str, int]:
    assert until(lambda: all((folder / name).exists() and (folder / name).read_text() for name in NAMES), 20)
    return {name: int((folder / name).read_text()) for name in NAMES}


def test_ctrl_c_ends_all_in_time_and_leaves_no_process_and_no_lock(tmp_path, started):
    supervisor = started(tmp_path)
    said = read_until(supervisor.stdout, "all up")
    assert [line for line in said.splitlines() if "hello" in line] == ["server hello"]
    assert "step   stepping" in said
    running = pids(tmp_path)
    assert all(map(alive, running.values()))

    supervisor.send_signal(signal.SIGINT)  # one child ignores SIGTERM: it must be killed in time
    assert supervisor.wait(timeout=20) == 0
    assert [name for name, pid in running.items() if alive(pid)] == []
    assert not (tmp_path / "lock").exists()


def test_kill_9_of_the_supervisor_leaves_no_process_not_even_detached_grandchildren(tmp_path, started):
    supervisor = started(tmp_path)
    read_until(supervisor.stdout, "all up")
    running = pids(tmp_path)

    supervisor.kill()
    assert until(lambda: not any(map(alive, running.values())), 20), [n for n, pid in running.items() if alive(pid)]
    again = started(tmp_path)
    read_until(again.stdout, "all up")  # the lock of the killed one is in nobody's way


def test_a_child_that_dies_is_started_again_without_its_orphans(tmp_path, started):
    supervisor = started(tmp_path)
    read_until(supervisor.stdout, "all up")
    first = pids(tmp_path)

    os.kill(first["web"], signal.SIGKILL)
    assert "web was killed by SIGKILL" in read_until(supervisor.stdout, "starting it again")
    assert until(lambda: pids(tmp_path)["web"] != first["web"], 20)
    assert until(lambda: pids(tmp_path)["web-grandchild"] != first["web-grandchild"], 20)
    assert not alive(first["web-grandchild"])
    assert pids(tmp_path)["deaf"] == first["deaf"], "the others go on"


def test_a_held_child_stays_down_until_it_is_released(tmp_path, started):
    supervisor = started(tmp_path)
    read_until(supervisor.stdout, "all up")
    first = pids(tmp_path)

    (tmp_path / "hold").mkdir()
    (tmp_path / "hold" / "deaf").touch()
    os.kill(first["deaf"], signal.SIGKILL)
    assert not until(lambda: pids(tmp_path)["deaf"] != first["deaf"], 1)
    (tmp_path / "hold" / "deaf").unlink()
    assert until(lambda: pids(tmp_path)["deaf"] != first["deaf"], 20)


def test_two_cannot_run_on_one_folder(tmp_path, started):
    first = started(tmp_path)
    read_until(first.stdout, "all up")
    second = started(tmp_path)
    assert second.wait(timeout=20) == 3
    assert f"already running here (process {first.pid}" in second.stdout.read()
    assert all(map(alive, pids(tmp_path).values()))


def test_a_failing_step_stops_the_start_and_says_why(tmp_path, started):
    supervisor = started(tmp_path, "failing")
    assert supervisor.wait(timeout=20) == 1
    said = supervisor.stdout.read()
    assert "broken no such table" in said
    assert "broken failed with exit code 1" in said
    assert not alive(int((tmp_path / "server").read_text()))
    assert not (tmp_path / "web").exists()
