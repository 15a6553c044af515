"""The engineer's door for tests: a phone that is signed in, counters that count for ever, files in memory, a platform."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain.engineers import devices
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import Runtime
from tests.runtime import NOW

API = "/api/engineer"


@dataclass
class Phone:
    """Calls as the app makes them."""

    client: FlaskClient
    token: str = ""
    device_id: str = ""
    seq: int = 0

    def __call__(self, method: str, path: str, **body: object) -> TestResponse:
        sent = {"query_string": body} if method == "GET" else {"json": body}
        return self.client.open(API + path, method=method, headers=self.headers(), **sent)  # type: ignore[arg-type]

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = content(self("GET", "/jobs"))["jobs"]
        return found

    def operation(self, visit_id: str | None, kind: str, *, base: int = 0, **body: object) -> dict[str, Any]:
        """The phone's next operation."""
        self.seq += 1
        return {
            "id": f"op_{self.device_id}_{self.seq}", "seq": self.seq, "visit_id": visit_id, "base_version": base,
            "at": NOW.isoformat(), "kind": kind, "body": body,
        }  # fmt: skip

    def sync(self, *operations: object, now: str = NOW.isoformat()) -> TestResponse:
        return self("POST", "/sync", device_now=now, operations=list(operations))

    def announce(self, upload_id: str, visit: str, data: bytes, **changed: object) -> TestResponse:
        said: dict[str, object] = {
            "id": upload_id, "visit_id": visit, "kind": "photo", "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }  # fmt: skip
        return self("POST", "/uploads", **{**said, **changed})

    def piece(self, upload_id: str, offset: int | str, data: bytes) -> TestResponse:
        headers = {**self.headers(), "Upload-Offset": str(offset)}
        return self.client.patch(f"{API}/uploads/{upload_id}", data=data, headers=headers)

    def send(self, upload_id: str, visit_id: str, data: bytes, size: int = 1 << 16) -> TestResponse:
        """All of it, piece after piece."""
        answer = self.announce(upload_id, visit_id, data)
        for offset in range(0, len(data), size):
            answer = self.piece(upload_id, offset, data[offset : offset + size])
        return answer


def content(answer: TestResponse) -> dict[str, Any]:
    """The answer's JSON object, of a call that went well."""
    assert answer.status_code == 200, (answer.status_code, answer.get_data(as_text=True))
    found: dict[str, Any] = answer.get_json()
    return found


def refusal(answer: TestResponse) -> tuple[int, str]:
    """(status, code): every no has the same shape."""
    body = answer.get_json()
    assert body["message"]
    return answer.status_code, body["error"]


def phone_of(runtime: Runtime, client: FlaskClient, engineer_id: str, name: str = "微信 8 · Android") -> Phone:
    """A phone that somebody is signed in on."""
    with runtime.transaction() as uow:
        engineer = uow.get(Engineer, engineer_id, called="")
        device, secret = devices.open_session(uow, engineer, name=name, how="code")
        return Phone(client, secret, device.id)
