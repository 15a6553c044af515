"""Access tokens and the JS-SDK ticket (protocol sheet 6.1, 6.2)."""

import hashlib
from typing import Any

from sandbox.api.endpoint import ApiCall, Endpoint, by_secret
from sandbox.errors import PlatformError


def token(call: ApiCall) -> dict[str, Any]:
    """GET /cgi-bin/token: a new one each time."""
    _grant(call.arg("grant_type"))
    account = by_secret(call, call.arg("appid"), call.arg("secret"))
    account.api_use.note("/cgi-bin/token", call.now)
    value, seconds = account.tokens.classic(call.now)
    return {"access_token": value, "expires_in": seconds}


def stable_token(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/stable_token: the same one until its last five minutes."""
    body = call.json()
    _grant(body.get("grant_type"))
    account = by_secret(call, body.get("appid"), body.get("secret"))
    account.api_use.note("/cgi-bin/stable_token", call.now)
    value, seconds = account.tokens.stable(call.now, force=body.get("force_refresh") is True)
    return {"access_token": value, "expires_in": seconds}


def _grant(grant_type: object) -> None:
    if grant_type != "client_credential":
        raise PlatformError(40002)


def ticket(call: ApiCall) -> dict[str, Any]:
    """GET /cgi-bin/ticket/getticket: one a two-hour slot."""
    value, left = js_ticket(call.app_id, call.arg("type"), call.now)
    return {"errcode": 0, "errmsg": "ok", "ticket": value, "expires_in": left}


def js_ticket(app_id: str, kind: str, now: float) -> tuple[str, int]:
    """The present ticket and for how many seconds."""
    slot = int(now // 7200)
    return hashlib.sha256(f"{app_id}/{kind}/{slot}".encode()).hexdigest(), int((slot + 1) * 7200 - now)


ENDPOINTS = [
    Endpoint("/cgi-bin/token", "GET", token, token=False),
    Endpoint("/cgi-bin/stable_token", "POST", stable_token, token=False),
    Endpoint("/cgi-bin/ticket/getticket", "GET", ticket),
]
