"""Downloading what somebody sent: bytes, or JSON with HTTP 200 when the platform says no (wechat-protocol §6.5)."""

from __future__ import annotations

import json
import time
from typing import Any

import requests

from adapters.wechat.answers import lost_call, must_have_worked
from jobs.channels import NeverAgain, OutcomeUnknown, TooLarge

CONTENT = "content"
"""Where bytes are in an answer that is otherwise JSON."""
LONGEST = 40.0
"""Seconds for a whole download: a line that drips never runs into the timeout between two pieces."""
PIECE = 64 << 10
PATH = "/cgi-bin/media/get"
"""As it is named in logs, whatever the address."""
NOTE = 4096
"""Bytes: an answer in JSON is shorter."""


def download(
    http: requests.Session, url: str, params: dict[str, str], timeouts: tuple[float, float], largest: int
) -> dict[str, Any]:
    """``{"content": bytes}``, or what the platform says instead.

    :raises TooLarge: more than ``largest`` bytes
    :raises RetryLater, OutcomeUnknown: it did not come, or not whole
    :raises NeverAgain: there is no such thing
    """
    if not url.startswith(("https://", "http://")):
        raise NeverAgain(0, "平台给的地址不能用")
    try:
        with http.get(url, params=params or None, timeout=timeouts, allow_redirects=False, stream=True) as response:
            must_have_worked(PATH, response)
            if response.status_code != 200:
                raise NeverAgain(response.status_code, "平台没有给出内容")
            content = whole(response, largest)
            kind = response.headers.get("Content-Type", "")
    except requests.RequestException as error:
        raise lost_call(PATH, error) from None
    return note(content, kind) or {CONTENT: content}


def whole(response: requests.Response, largest: int) -> bytes:
    """The body, read only as far as it is wanted."""
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > largest:
        raise TooLarge(f"{announced} bytes")
    until, content = time.monotonic() + LONGEST, bytearray()
    for piece in response.iter_content(PIECE):
        content += piece
        if len(content) > largest:
            raise TooLarge(f"more than {largest} bytes")
        if time.monotonic() > until:
            raise OutcomeUnknown("下载太慢")
    if announced.isdigit() and len(content) < int(announced) and "Content-Encoding" not in response.headers:
        raise OutcomeUnknown("下载不完整")
    return bytes(content)


def note(content: bytes, kind: str) -> dict[str, Any] | None:
    """The JSON object that came instead of a file; its type is sometimes said to be text."""
    if len(content) > NOTE or not ("json" in kind or "text" in kind or content[:1] == b"{"):
        return None
    try:
        said = json.loads(content)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
