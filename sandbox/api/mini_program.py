"""Mini-program login and phone number (protocol sheet 6.4); codes come from the control API."""

import base64
import hashlib
from typing import Any

from sandbox.accounts import MINI_PROGRAM
from sandbox.api.endpoint import ApiCall, Endpoint, by_secret
from sandbox.errors import PlatformError
from sandbox.people import Person


def session(call: ApiCall) -> dict[str, Any]:
    """GET /sns/jscode2session."""
    account = by_secret(call, call.arg("appid"), call.arg("secret"))
    if account.config.kind != MINI_PROGRAM:
        raise PlatformError(40013)
    if call.arg("grant_type") != "authorization_code":
        raise PlatformError(40002)
    person = use_code(call, "login", call.arg("js_code"))
    key = hashlib.sha256(person.openid.encode()).digest()[:16]
    return {"openid": person.openid, "session_key": base64.b64encode(key).decode(), "unionid": person.union_id}


def phone_number(call: ApiCall) -> dict[str, Any]:
    """POST /wxa/business/getuserphonenumber."""
    body = call.json()
    person = use_code(call, "phone", str(body.get("code") or ""))
    if body.get("openid") not in (None, "", person.openid):
        raise PlatformError(40029)
    info = {
        "phoneNumber": person.phone,
        "purePhoneNumber": person.phone,
        "countryCode": "86",
        "watermark": {"timestamp": int(call.now), "appid": call.app_id},
    }
    return {"errcode": 0, "errmsg": "ok", "phone_info": info}


def use_code(call: ApiCall, kind: str, code: str) -> Person:
    """A code works once, for five minutes."""
    if not code:
        raise PlatformError(41008)
    known_kind, openid, until = call.platform.login_codes.get(code, ("", "", 0.0))
    person = call.platform.people.get(openid)
    if known_kind == f"{kind} used":
        raise PlatformError(40163)
    if known_kind != kind or person is None or person.app_id != call.app_id:
        raise PlatformError(40029)
    if until < call.now:
        raise PlatformError(42003)
    call.platform.login_codes[code] = (f"{kind} used", openid, until)
    call.openid = openid
    return person


ENDPOINTS = [
    Endpoint("/sns/jscode2session", "GET", session, token=False),
    Endpoint("/wxa/business/getuserphonenumber", "POST", phone_number, kind=MINI_PROGRAM),
]
