"""A mini-program for tests: a platform that says who holds a code, counters, and calls as the phone makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consumer_app.platform import CodeRefused, Identity
from domain.kit.errors import Refused

APP_ID = "wxba5fad812f8e6fb9"


@dataclass
class FakePlatform:
    """``people`` by login code, ``phones`` by the button's code; a code works once. ``fails`` is raised instead."""

    people: dict[str, Identity] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    fails: Refused | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def identity(self, account_id: str, code: str) -> Identity:
        self.asked.append(("login", account_id, code))
        self.must_work()
        found: Identity = taken(self.people, code)
        return found

    def phone(self, account_id: str, code: str, openid: str) -> str:
        self.asked.append(("phone", openid, code))
        self.must_work()
        return str(taken(self.phones, code))

    def must_work(self) -> None:
        if self.fails:
            raise self.fails


def taken(kept: dict[str, Any], code: str) -> Any:
    """:raises CodeRefused: unknown or used"""
    if code not in kept:
        raise CodeRefused("登录信息已过期，请再试一次")
    return kept.pop(code)


def content(answer: TestResponse) -> dict[str, Any]:
    """The answer's JSON object."""
    found: dict[str, Any] = answer.get_json()
    return found


@dataclass
class Phone:
    """A mini-program on somebody's phone."""

    client: FlaskClient
    token: str = ""

    def __call__(self, method: str, path: str, **body: object) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.open(
            f"/api/consumer{path}", method=method, json=body if method == "POST" else None, headers=headers
        )

    def log_in(self, code: str) -> TestResponse:
        answer = self("POST", "/login", code=code)
        if answer.status_code == 200:
            self.token = content(answer)["token"]
        return answer
