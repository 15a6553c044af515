"""Web authorization (protocol sheet 6.3): a code from the page at /connect/oauth2/authorize is exchanged for an openid."""

import hashlib
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.accounts import MINI_PROGRAM
from sandbox.api.endpoint import ApiCall, Endpoint, by_secret
from sandbox.api.mini_program import use_code
from sandbox.errors import PlatformError, Unsendable
from sandbox.people import Person
from sandbox.platform import Platform

CODE_LIFE = 300.0
SCOPES = ("snsapi_base", "snsapi_userinfo")
KIND = "web"


def access_token(call: ApiCall) -> dict[str, Any]:
    """GET /sns/oauth2/access_token. With the switch `snapshot_users` everybody is a virtual account of a snapshot page."""
    account = by_secret(call, call.arg("appid"), call.arg("secret"))
    if account.config.kind == MINI_PROGRAM:
        raise PlatformError(40013)
    if call.arg("grant_type") != "authorization_code":
        raise PlatformError(40002)
    person = use_code(call, KIND, call.arg("code"))
    answer = {
        "access_token": secrets.token_urlsafe(48), "expires_in": 7200, "refresh_token": secrets.token_urlsafe(48),
        "openid": person.openid, "scope": "snsapi_base",
    }  # fmt: skip
    if call.platform.faults.snapshot_users:
        fake = hashlib.sha256(f"snapshot/{person.openid}".encode()).hexdigest()[:27]
        return {**answer, "openid": f"o{fake}", "is_snapshotuser": 1}
    return answer


def people_asked(platform: Platform, asked: dict[str, str]) -> list[Person]:
    """Whom a browser may be, that was sent to the authorization page with these parameters.

    :raises Unsendable: what WeChat would show an error page for
    """
    app_id, back = asked.get("appid", ""), urlsplit(asked.get("redirect_uri", ""))
    if platform.account(app_id or "-").config.kind == MINI_PROGRAM:
        raise Unsendable("a mini-program has no web authorization")
    if asked.get("response_type") != "code" or asked.get("scope") not in SCOPES:
        raise Unsendable("Scope 参数错误或没有 Scope 权限")
    if back.scheme not in ("http", "https") or not back.netloc:
        raise Unsendable("redirect_uri 参数错误")
    state = asked.get("state", "")
    if len(state) > 128 or not ((state.isalnum() and state.isascii()) or not state):
        raise Unsendable("state 只能是 128 个以内的字母和数字")
    return [one for one in list(platform.people.values()) if one.app_id == app_id]


def way_back(platform: Platform, asked: dict[str, str], openid: str) -> str:
    """Where the browser goes as this person, with a code that works once for five minutes.

    :raises Unsendable: nobody there is called so
    """
    if openid not in {one.openid for one in people_asked(platform, asked)}:
        raise Unsendable("no such person on this account")
    code = secrets.token_hex(16)
    platform.login_codes[code] = (KIND, openid, platform.clock.now() + CODE_LIFE)
    back = asked["redirect_uri"]
    joined = "&" if "?" in back else "?"
    return f"{back}{joined}{urlencode({'code': code, 'state': asked.get('state', '')})}"


ENDPOINTS = [Endpoint("/sns/oauth2/access_token", "GET", access_token, token=False)]
