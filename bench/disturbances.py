"""What is broken while people talk: processes of a running ``weixiu up``, found among its descendants and shot down.

Another disturbance is another row of `PLAN`.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters.descendants import MARK

AWAY = 20.0
"""Seconds that PostgreSQL stays away."""


@dataclass
class Running:
    """A running ``weixiu up``."""

    pid: int
    data_dir: Path
    shot: list[str] = field(default_factory=list)

    def children(self) -> dict[str, int]:
        """The supervisor's own children, by name."""
        return {name: pid for pid, name, parent in self.family() if parent == self.pid}

    def family(self) -> list[tuple[int, str, int]]:
        """(pid, name of the child it comes from, parent) of everything it runs."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    environment = (entry / "environ").read_bytes()
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                except (OSError, IndexError):
                    continue
                at = environment.find(f"{MARK}={self.pid}-".encode())
                if at >= 0:
                    mark = environment[at:].split(b"\0")[0].decode()
                    found.append((int(entry.name), mark.split("/")[1], parent))
        return found

    def shoot(self, name: str) -> None:
        """Kill a child with -9, once it is there."""
        self.kill(name, lambda: self.children().get(name))

    def shoot_one_of(self, name: str) -> None:
        """Kill one of the processes a child has made, as the kernel does when memory is short."""
        self.kill(f"one of {name}", lambda: self.youngest_of(name))

    def youngest_of(self, name: str) -> int | None:
        head = self.children().get(name)
        made = [pid for pid, _, parent in self.family() if parent == head and "tracker" not in command_of(pid)]
        return max(made, default=None)

    def kill(self, called: str, find: Callable[[], int | None]) -> None:
        until = time.monotonic() + 30
        while (pid := find()) is None:
            if time.monotonic() > until:
                raise RuntimeError(f"{called} is not running")
            time.sleep(0.2)
        os.kill(pid, signal.SIGKILL)
        self.shot.append(called)

    def hold(self, name: str, seconds: float) -> None:
        """Kill a child and keep it away for a while."""
        held = self.data_dir / "hold" / name
        held.parent.mkdir(exist_ok=True)
        held.touch()
        try:
            self.shoot(name)
            time.sleep(seconds)
        finally:
            held.unlink()


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


@dataclass(frozen=True)
class Disturbance:
    """Something that happens when so large a part of the conversations has begun."""

    at: float
    happen: Callable[[Running], None]


PLAN: Sequence[Disturbance] = (
    Disturbance(0.08, lambda running: running.shoot_one_of("web")),
    Disturbance(0.18, lambda running: running.shoot("worker-1")),
    Disturbance(0.30, lambda running: running.shoot("web")),
    Disturbance(0.42, lambda running: running.shoot("valkey")),
    Disturbance(0.52, lambda running: running.hold("postgres", AWAY)),
    Disturbance(0.72, lambda running: running.shoot("worker-1")),
    Disturbance(0.85, lambda running: running.shoot_one_of("web")),
)


class Disturber(threading.Thread):
    """Carries out the plan as the conversations go on. What goes wrong with it is in ``trouble``."""

    def __init__(self, running: Running, begun: Callable[[], float]) -> None:
        super().__init__(name="disturber", daemon=True)
        self.running, self.begun = running, begun
        self.trouble: Exception | None = None

    def run(self) -> None:
        try:
            for disturbance in PLAN:
                while self.begun() < disturbance.at:
                    time.sleep(0.1)
                disturbance.happen(self.running)
        except Exception as trouble:
            self.trouble = trouble
