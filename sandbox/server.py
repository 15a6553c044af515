"""Runs a platform on loopback: in a thread for tests, in the foreground for `python -m sandbox`."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.app import create_app
from sandbox.platform import Platform

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """The sandbox prints its own lines; polls of the page are not worth one."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@dataclass(frozen=True)
class Running:
    """A served platform: `url` without a slash at the end."""

    platform: Platform
    port: int

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"


def bind(platform: Platform, port: int) -> BaseWSGIServer:
    """A threaded server, bound and not yet serving; port 0 takes a free one.

    :raises SystemExit: when the port is taken (werkzeug prints why)
    """
    server = make_server(HOST, port, create_app(platform), threaded=True, request_handler=_Quiet)
    platform.public_url = f"http://{HOST}:{server.server_port}"
    return server


@contextlib.contextmanager
def serve(platform: Platform, port: int = 0) -> Iterator[Running]:
    """Serve in a thread for the length of the block."""
    server = bind(platform, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Running(platform, server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        platform.pay.timeline.clear()
