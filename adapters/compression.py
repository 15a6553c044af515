"""Answers go out gzipped where that gives nothing away: built files, and the engineers' API. A further place is a row of `PLACES`.

Pages with a cookie's session are left as they are: who can make a browser ask for them, and see how long the answers are, could
guess at what is in them. The engineers' API goes by a header that no foreign page can make a browser send.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from threading import Lock

from flask import Flask, Response, request

PLACES = ("/e/", "/console/static/", "/c/static/", "/api/engineer/")
KINDS = frozenset({
    "text/html", "text/css", "text/plain", "text/javascript", "application/javascript", "application/json",
    "application/manifest+json", "application/wasm", "image/svg+xml",
})  # fmt: skip
LEAST = 860
"""Bytes: less goes into one packet anyhow."""
FILES, MOST_KEPT = 9, 16 << 20
"""How hard a file is pressed, once in a process; and how many bytes of them are kept."""
ANSWERS = 5


@dataclass
class Pressed:
    """Files by their entity tag: it names path, size and time, so that a file built anew is another one."""

    kept: dict[str, bytes] = field(default_factory=dict)
    size: int = 0
    lock: Lock = field(default_factory=Lock)

    def of(self, tag: str, response: Response) -> bytes:
        found = self.kept.get(tag)
        if found is None:
            found = gzip.compress(response.get_data(), FILES, mtime=0)
            with self.lock:
                if self.size + len(found) > MOST_KEPT:
                    self.kept, self.size = {}, 0
                self.kept[tag], self.size = found, self.size + len(found)
        return found


def compress(app: Flask) -> None:
    """Every answer of the app passes here last."""
    pressed = Pressed()

    @app.after_request
    def pack(response: Response) -> Response:
        if not packable(response):
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") <= 0:
            return response
        is_file, (tag, _) = response.direct_passthrough, response.get_etag()
        response.direct_passthrough = False
        kept = pressed.of(tag, response) if is_file and tag else None
        short = kept or gzip.compress(response.get_data(), ANSWERS, mtime=0)
        response.close()
        response.set_data(short)
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("Accept-Ranges", None)
        if tag:  # the same thing in other bytes
            response.set_etag(tag, weak=True)
        return response


def packable(response: Response) -> bool:
    """Whole, long enough, of a kind that gets shorter, and from one of the places."""
    return (
        request.method == "GET"
        and response.status_code == 200
        and request.path.startswith(PLACES)
        and response.mimetype in KINDS
        and "Content-Encoding" not in response.headers
        and (response.content_length or 0) >= LEAST
    )
