"""Where notifications of the tests arrive: records each, checks and opens it, answers what a test tells it to."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from flask import Flask, Response, request
from werkzeug.serving import make_server

from sandbox.app import Merchant
from tests.sandbox.pay.merchant import checks, opened


@dataclass(frozen=True)
class Told:
    """One notification; `plain` is None when it does not open."""

    body: dict[str, Any]
    headers: dict[str, str]
    genuine: bool
    plain: dict[str, Any] | None


@dataclass
class Receiver:
    """Answers with `respond(told)`: an HTTP status."""

    merchant: Merchant
    respond: Callable[[Told], int] = lambda told: 204
    told: list[Told] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def answer(self) -> Response:
        raw, body = request.get_data(cache=True), request.get_json()
        try:
            plain = opened(self.merchant, body["resource"])
        except InvalidTag:
            plain = None
        told = Told(body, dict(request.headers), checks(self.merchant, request.headers, raw), plain)
        with self.lock:
            self.told.append(told)
        return Response(status=self.respond(told))


@contextlib.contextmanager
def receiving(merchant: Merchant) -> Iterator[Receiver]:
    receiver, app = Receiver(merchant), Flask("receiver")
    app.add_url_rule("/pay", "answer", receiver.answer, methods=["POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    receiver.url = f"http://127.0.0.1:{server.server_port}/pay"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
