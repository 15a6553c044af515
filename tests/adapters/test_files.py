"""File stores: a folder, and an object store that speaks S3."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from adapters.files import Files


@pytest.fixture
def folder(tmp_path: Path) -> Files:
    return Files(str(tmp_path / "files"))


def test_what_is_put_can_be_got_and_deleted(folder: Files) -> None:
    folder.put("2026/05/fi_1", b"content")
    assert folder.get("2026/05/fi_1") == b"content"
    folder.put("2026/05/fi_1", b"new")
    assert folder.get("2026/05/fi_1") == b"new"
    folder.delete("2026/05/fi_1")
    folder.delete("2026/05/fi_1")
    with pytest.raises(FileNotFoundError):
        folder.get("2026/05/fi_1")


def test_nothing_half_written_is_left(folder: Files, tmp_path: Path) -> None:
    folder.put("a", b"1")
    blocked = tmp_path / "files" / "b"
    blocked.mkdir()
    with pytest.raises(IsADirectoryError):
        folder.put("b", b"2")
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == ["a"]


@pytest.mark.parametrize("place", ["../secrets", "a/../../b", "/etc/passwd", ""])
def test_names_lead_nowhere_else(folder: Files, place: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        folder.put(place, b"")


@contextmanager
def object_store() -> Iterator[tuple[str, dict[str, bytes]]]:
    """An S3 in memory: puts, gets, deletes."""
    objects: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        @property
        def place(self) -> str:
            return urlsplit(self.path).path

        def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if "chunked" in self.headers.get("x-amz-content-sha256", "").lower() + self.headers.get(
                "Content-Encoding", ""
            ):
                body = unchunked(body)
            objects[self.place] = body
            self.answer(200, ETag='"1"')

        def do_GET(self) -> None:
            if self.place not in objects:
                self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            else:
                self.answer(200, objects[self.place], ETag='"1"')

        do_HEAD = do_GET

        def do_DELETE(self) -> None:
            objects.pop(self.place, None)
            self.answer(204)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", objects
    finally:
        server.shutdown()
        server.server_close()


def unchunked(body: bytes) -> bytes:
    """The content of S3's signed pieces: a line with the length, the piece, until one of length 0."""
    content, rest = b"", body
    while rest:
        head, _, rest = rest.partition(b"\r\n")
        length = int(head.split(b";")[0], 16)
        if not length:
            break
        content, rest = content + rest[:length], rest[length + 2 :]
    return content


def test_an_object_store_keeps_it_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    with object_store() as (url, objects):
        for name, value in {
            "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "cn-north-1", "AWS_EC2_METADATA_DISABLED": "true",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        store = Files("s3://pictures/weixiu/")
        store.put("2026/05/fi_1", b"content")
        assert objects == {"/pictures/weixiu/2026/05/fi_1": b"content"}
        assert store.get("2026/05/fi_1") == b"content"
        store.delete("2026/05/fi_1")
        with pytest.raises(FileNotFoundError):
            store.get("2026/05/fi_1")
