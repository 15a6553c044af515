"""Serves any WSGI app the way `adapters.web` serves ours, so that what is compared differs in the app alone.

Run as ``python -m bench.serve module:app --port N``; imports granian only, because it also runs in WeRobot's
virtualenv.
"""

from __future__ import annotations

import argparse

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

LINE = "%(method)s %(path)s %(status)d %(dt_ms).0f ms"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("app")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    told = parser.parse_args()
    Server(
        told.app,
        address="127.0.0.1",
        port=told.port,
        interface=Interfaces.WSGI,
        workers=told.workers,
        blocking_threads=told.threads,
        backlog=1024,
        backpressure=1024,
        log_level=LogLevels.error,
        log_access=True,
        log_access_format=LINE,
        workers_kill_timeout=2,
    ).serve()


if __name__ == "__main__":
    main()
