"""Serves ``wsgi:app`` with granian: processes that share a port, each with its threads, one line a request."""

from __future__ import annotations

import copy
import logging
from typing import Any

from granian.constants import Interfaces
from granian.log import LOGGING_CONFIG, LogLevels
from granian.server import Server

from adapters.logs import without_prints
from adapters.settings import Settings

LINE = "%(method)s %(path)s %(status)d %(dt_ms).0f ms"
"""No query string: WeChat's carries people's ids."""
KILL_AFTER = 2
"""Seconds a web process gets to finish its requests; WeChat repeats what it got no answer to."""


CONNECTIONS = 1024
"""Open connections a process takes. Granian counts idle keep-alive ones too, so a small number would let some browsers
that do nothing shut WeChat out; requests beyond the threads wait inside."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM."""
    Server(
        "wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=settings.web_threads,
        backlog=1024,
        backpressure=CONNECTIONS,
        log_level=LogLevels.error,
        log_dictconfig=_logging(),
        log_access=True,
        log_access_format=LINE,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=KILL_AFTER,
    ).serve()


def _logging() -> dict[str, Any]:
    """Granian's own, with a short time before each request."""
    config: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    config["formatters"]["access"] = {"()": Short, "fmt": "%(asctime)s %(message)s", "datefmt": "%H:%M:%S"}
    return config


class Short(logging.Formatter):
    """A request's line without what would let its reader open the page."""

    def format(self, record: logging.LogRecord) -> str:
        return without_prints(super().format(record))
