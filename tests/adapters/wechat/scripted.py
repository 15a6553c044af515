"""A platform on loopback that answers what a test tells it, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    path: str
    token: str
    body: str
    query: str = ""
    action: str = ""
    """Of Aliyun's calls."""


@dataclass
class Scripted:
    """``answers`` are given one after the other to calls, then ok for ever; tokens are counted up: token-1, token-2 …

    An answer is a JSON object, ``(status, text)``, or a number of seconds to keep silent.
    """

    answers: list[Any] = field(default_factory=list)
    token_answers: list[Any] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    tokens: int = 0
    expires_in: int = 7200
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str) -> Any:
        with self.lock:
            if path != "/cgi-bin/stable_token":
                return self.answers.pop(0) if self.answers else {"errcode": 0, "errmsg": "ok"}
            self.tokens += 1
            time.sleep(0.02)
            made = {"access_token": f"token-{self.tokens}", "expires_in": self.expires_in}
            return self.token_answers.pop(0) if self.token_answers else made

    @property
    def calls(self) -> list[Asked]:
        return [one for one in self.asked if "token" not in one.path]


@contextmanager
def scripted() -> Iterator[Scripted]:
    platform = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            token, action = parse_qs(url.query).get("access_token", [""])[0], self.headers.get("x-acs-action", "")
            platform.asked.append(Asked(url.path, token, body, url.query, action))
            answer = platform.answer(url.path)
            if isinstance(answer, float):
                time.sleep(answer)
                return
            status, text = answer if isinstance(answer, tuple) else (200, json.dumps(answer))
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            if status == 503:
                self.send_header("Retry-After", "7")
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    platform.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
