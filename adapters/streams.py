"""Live streams: server-sent events for the staff's open pages, from an ASGI process of their own.

Who is told what is `adapters.hub`'s; here are HTTP, cookies and origins. Only ids go out: the pages then ask the web
process for what they may see. Why it is built so: docs/decisions/0030-live-streams.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from adapters import logs, runtime
from adapters import settings as reading
from adapters.hub import Hub, Stream
from adapters.settings import Settings
from console.security import PATH, SESSION_COOKIE

STREAMS = f"{PATH}/streams"
GATHER = 0.3
"""Seconds after something was sent in which what comes is gathered: a busy morning is not a message a commit."""
NICE = 5
MOST = 2000
"""Streams a process takes."""

log = structlog.get_logger()
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class App:
    """The ASGI application. ``origin`` is the only page that may read from another port than its own."""

    def __init__(self, hub: Hub, public_url: str) -> None:
        self.hub = hub
        parts = urlsplit(public_url)
        self.origin = f"{parts.scheme}://{parts.netloc}"

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.hub.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.hub.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def answer(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin")
        if scope["path"] == "/healthz":
            await plain(send, 200, "ok")
        elif scope["path"] != STREAMS or scope["method"] != "GET":
            await plain(send, 404, "nothing here")
        elif origin not in (None, self.origin):
            await plain(send, 403, "not from that page")
        elif len(self.hub.streams) >= MOST:
            await plain(send, 503, "too many streams", self.allowed(origin))
        else:
            await self.open(scope, headers, receive, send)

    async def open(
        self, scope: MutableMapping[str, Any], headers: dict[str, str], receive: Receive, send: Send
    ) -> None:
        allowed = self.allowed(headers.get("origin"))
        secret = session_in(headers.get("cookie", ""))
        try:
            chat = parse_qs(scope["query_string"].decode("latin-1")).get("chat", [""])[0][:60]
            stream = await asyncio.to_thread(self.hub.who, secret, chat) if secret else None
        except Exception as error:
            log.warning("stream not opened", error=type(error).__name__)
            return await plain(send, 503, "not now", allowed)
        if stream is None:
            return await plain(send, 401, "sign in first", allowed)
        gone = asyncio.create_task(hang_up(receive, stream))
        self.hub.streams.add(stream)
        try:
            await serve_stream(stream, send, allowed)
        finally:
            self.hub.streams.discard(stream)
            gone.cancel()

    def allowed(self, origin: str | None) -> list[tuple[bytes, bytes]]:
        """What lets our own page on another port read the answer."""
        headers = [(b"vary", b"Origin")]
        if origin == self.origin:
            headers.append((b"access-control-allow-origin", origin.encode()))
            headers.append((b"access-control-allow-credentials", b"true"))
        return headers


async def serve_stream(stream: Stream, send: Send, allowed: list[tuple[bytes, bytes]]) -> None:
    """Send news until either side ends it; a comment when there is none for a while."""
    kind = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": [*kind, *allowed]})
    await send({"type": "http.response.body", "body": b": hello\n\n", "more_body": True})
    while not stream.over:
        await stream.woken.wait()
        if stream.over:
            break
        await send({"type": "http.response.body", "body": stream.taken(), "more_body": True})
        await asyncio.sleep(GATHER)
    with contextlib.suppress(Exception):  # whoever hung up hears no end
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def hang_up(receive: Receive, stream: Stream) -> None:
    """Wait for the page to go away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def plain(send: Send, status: int, words: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [(b"content-type", b"text/plain"), *(headers or [])]})
    await send({"type": "http.response.body", "body": words.encode()})


def session_in(cookies: str) -> str:
    try:
        found = SimpleCookie(cookies).get(SESSION_COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def make() -> App:
    """The application, as the server's process builds it."""
    told = reading.load()
    logs.start(told.log_level)
    return App(Hub(runtime.build(told, connections=2, statement_ms=5_000)), told.public_url)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM. The processor is the web's first: news may wait some milliseconds, WeChat may not."""
    os.nice(NICE)
    Server(
        "adapters.streams:make",
        factory=True,
        address=settings.host,
        port=settings.streams_port,
        interface=Interfaces.ASGI,
        workers=1,
        backlog=1024,
        backpressure=MOST + 100,
        log_level=LogLevels.error,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=1,
    ).serve()
