"""A phone of the sandbox's, by its control API: what its owner does, and what its screen shows."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import requests

mine = threading.local()


@dataclass(frozen=True)
class Bubble:
    """One thing on a screen; ``side`` is me, account or system."""

    id: int
    side: str
    words: str


@dataclass(frozen=True)
class Sandbox:
    """The control API of a running sandbox."""

    url: str

    def call(self, method: str, path: str, **body: Any) -> Any:
        """:raises requests.RequestException: it is not there, or refuses"""
        if not hasattr(mine, "session"):
            mine.session = requests.Session()
            mine.session.trust_env = False
        answer = mine.session.request(method, f"{self.url}/sandbox/api{path}", json=body or None, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def phone(self, name: str) -> Phone:
        """A new person's phone."""
        return Phone(self, self.call("POST", "/people", name=name)["openid"])


@dataclass(frozen=True)
class Phone:
    """One person's."""

    sandbox: Sandbox
    openid: str

    def do(self, kind: str, **what: Any) -> None:
        """Say or do something, without waiting for what comes of it."""
        self.sandbox.call("POST", f"/people/{self.openid}/send", kind=kind, wait=False, **what)

    def look(self, since: int) -> list[Bubble]:
        """What came on the screen after the bubble with this id."""
        shown = self.sandbox.call("GET", f"/people/{self.openid}/screen?since={since}")
        return [
            Bubble(bubble["id"], bubble["side"], str(bubble["content"].get("content") or bubble["content"]))
            for bubble in shown["bubbles"]
        ]
