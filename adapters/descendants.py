"""Finding and ending every process that comes from a supervisor, however it detached itself.

Each child gets a mark in its environment that all its descendants inherit; /proc shows it. `guard` leaves a small
process behind that ends them when the supervisor is killed and cannot do it itself.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

MARK = "SUPERVISED_BY"


def marked(mark: str) -> list[int]:
    """Numbers of the running processes whose mark begins with ``mark``."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environment = (entry / "environ").read_bytes()
        except OSError:  # it ended meanwhile, or is another user's and so none of ours
            continue
        if any(part.startswith(wanted) for part in environment.split(b"\0")):
            found.append(int(entry.name))
    return found


def end(mark: str, number: signal.Signals) -> list[int]:
    """Send a signal to every marked process; returns whom."""
    found = marked(mark)
    for pid in found:
        try:
            os.kill(pid, number)
        except ProcessLookupError:  # it ended by itself: what was wanted
            continue
    return found


def guard(mark: str, grace: float) -> int:
    """Fork a process that ends all marked ones once this one is gone. Returns a pipe to write to when all is well."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(reading)
        return writing
    try:
        os.close(writing)
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        if not os.read(reading, 1):  # end of file without a word: the supervisor was killed
            _end_all(mark, grace)
    finally:
        os._exit(0)


def _end_all(mark: str, grace: float) -> None:
    """The children have had their parent-death signal: wait for them, then kill what is left, twice for late forks."""
    until = time.monotonic() + grace
    while marked(mark) and time.monotonic() < until:
        time.sleep(0.1)
    while end(mark, signal.SIGKILL):
        time.sleep(0.05)
