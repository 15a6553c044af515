"""The scheduler process: the relay in one thread, the timetable in another. Two of them do no harm."""

from __future__ import annotations

import signal
from threading import Event, Thread
from types import FrameType

from adapters import logs
from adapters.settings import Settings
from adapters.worker import build
from jobs.listen import keep_relaying
from jobs.schedule import keep


def run(settings: Settings) -> None:
    """Relay and schedule until SIGTERM or SIGINT."""
    logs.start(settings.log_level)
    jobs, stop = build(settings, connections=5), Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    relay = Thread(target=keep_relaying, args=(jobs, stop), name="relay", daemon=True)
    relay.start()
    keep(jobs, stop)
    relay.join(timeout=3)
