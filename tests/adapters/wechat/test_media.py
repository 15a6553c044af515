"""Downloading what people sent, from the pretend platform and from one that misbehaves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from redis import Redis

from adapters.wechat.client import MEDIA, WeChat
from adapters.wechat.credentials import Credentials
from adapters.wechat.media import CONTENT, download
from jobs.channels import NeverAgain, OutcomeUnknown, RetryLater, TooLarge
from sandbox.app import AccountConfig, Platform
from sandbox.server import Running, serve
from tests.drawn import photo

APP_ID, SECRET, MOST = "wx0123456789abcdef", "secret", 1 << 20
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(100)
Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def platform() -> Iterator[Running]:
    account = AccountConfig(APP_ID, SECRET, "token", "A" * 43, "http://127.0.0.1:9/nobody")
    with serve(Platform([account], residents=())) as running:
        yield running


@pytest.fixture
def client(platform: Running, valkey: Redis) -> WeChat:
    return WeChat(platform.url, lambda account_id: Credentials(APP_ID, SECRET), valkey, lambda: datetime.now(UTC))


def kept(platform: Running, kind: str, data: bytes, content_type: str, *, days_ago: float = 0.0) -> str:
    now = platform.platform.clock.now() - days_ago * 86400
    return platform.platform.media.keep(APP_ID, kind, data, content_type, now).media_id


def calls(platform: Running) -> int:
    return len([row for row in platform.platform.log.rows() if row["what"] == MEDIA])


def test_a_picture_comes_as_it_was_sent(platform: Running, client: WeChat) -> None:
    sent = photo()
    assert client.fetch_media("ac", kept(platform, "image", sent, "image/jpeg"), MOST) == sent


def test_a_video_is_got_from_where_the_platform_says(platform: Running, client: WeChat) -> None:
    assert client.fetch_media("ac", kept(platform, "video", VIDEO, "video/mp4"), MOST) == VIDEO


def test_what_is_not_there_or_too_old_never_comes(platform: Running, client: WeChat) -> None:
    for media_id in ("no such", kept(platform, "image", photo(), "image/jpeg", days_ago=3.1)):
        with pytest.raises(NeverAgain, match="40007"):
            client.fetch_media("ac", media_id, MOST)


def test_a_spoilt_token_costs_one_more_call(platform: Running, client: WeChat) -> None:
    media_id = kept(platform, "image", photo(), "image/jpeg")
    client.fetch_media("ac", media_id, MOST)
    platform.platform.accounts[APP_ID].tokens.spoil()
    client.fetch_media("ac", media_id, MOST)
    assert calls(platform) == 3


def test_a_busy_and_a_broken_platform_are_asked_again(platform: Running, client: WeChat) -> None:
    media_id = kept(platform, "image", photo(), "image/jpeg")
    client.fetch_media("ac", media_id, MOST)
    platform.platform.faults.set({"api_busy": 1})
    with pytest.raises(RetryLater):
        client.fetch_media("ac", media_id, MOST)
    platform.platform.faults.set({"api_5xx": 1})
    with pytest.raises(OutcomeUnknown):
        client.fetch_media("ac", media_id, MOST)


def test_what_is_larger_than_wanted_is_not_read_to_its_end(platform: Running, client: WeChat) -> None:
    with pytest.raises(TooLarge):
        client.fetch_media("ac", kept(platform, "image", bytes(MOST + 1), "image/jpeg"), MOST)


@contextmanager
def misbehaving(answer: Answer) -> Iterator[str]:
    """A server that answers GET like this; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/media"
    finally:
        server.shutdown()
        server.server_close()


def answering(status: int, body: bytes, content_type: str = "image/jpeg", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": content_type, **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    """More and more, without saying how much."""
    answering(200, b"")(handler)
    try:
        for _ in range(1000):
            handler.wfile.write(bytes(64 << 10))
    except OSError:
        return


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(2)


def got(url: str) -> dict[str, object]:
    with requests.Session() as http:
        return download(http, url, {}, (0.5, 0.3), MOST)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (endless, TooLarge),
        (answering(200, b"x", Content_Length=str(50 << 20)), TooLarge),
        (answering(200, b"half", Content_Length="1000"), OutcomeUnknown),
        (silent, OutcomeUnknown),
        (answering(502, b"gateway"), OutcomeUnknown),
        (answering(503, b"", Retry_After="7"), RetryLater),
        (answering(404, b"gone"), NeverAgain),
        (answering(302, b"", Location="http://127.0.0.1:1/inside"), NeverAgain),
    ],
)  # fmt: skip
def test_a_server_that_misbehaves(answer: Answer, kind: type[Exception]) -> None:
    with misbehaving(answer) as url, pytest.raises(kind):
        got(url)


def test_an_error_that_calls_itself_text_is_an_error() -> None:
    with misbehaving(answering(200, b'{"errcode":40007,"errmsg":"invalid media_id"}', "text/plain")) as url:
        assert got(url) == {"errcode": 40007, "errmsg": "invalid media_id"}


def test_nobody_there_and_no_address_at_all() -> None:
    with pytest.raises(RetryLater):
        got("http://127.0.0.1:9/media")
    with pytest.raises(NeverAgain):
        got("file:///etc/passwd")


def test_bytes_that_begin_like_json_are_still_bytes() -> None:
    with misbehaving(answering(200, b"{" + bytes(50))) as url:
        assert got(url) == {CONTENT: b"{" + bytes(50)}
