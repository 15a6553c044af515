"""Daily quotas: asking and clearing (protocol sheet 6.5)."""

from typing import Any

from sandbox.api.endpoint import ApiCall, Endpoint, by_secret
from sandbox.errors import PlatformError

OK = {"errcode": 0, "errmsg": "ok"}


def get(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/openapi/quota/get."""
    path = str(call.json().get("cgi_path") or "")
    if not path.startswith("/"):
        raise PlatformError(76021)
    use = call.account.api_use
    limit, used = use.limit(path), use.used(path)
    quota = {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}
    return {**OK, "quota": quota, "rate_limit": {"call_count": 5000, "refresh_second": 60}}


def clear(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/clear_quota: ten times a month."""
    if call.json().get("appid") != call.app_id:
        raise PlatformError(40013)
    call.account.api_use.clear(call.now)
    return OK


def clear_by_secret(call: ApiCall) -> dict[str, Any]:
    """POST /cgi-bin/clear_quota/v2: the same when the token itself cannot be had."""
    body = call.json()
    by_secret(call, body.get("appid"), body.get("appsecret")).api_use.clear(call.now)
    return OK


ENDPOINTS = [
    Endpoint("/cgi-bin/openapi/quota/get", "POST", get),
    Endpoint("/cgi-bin/clear_quota", "POST", clear),
    Endpoint("/cgi-bin/clear_quota/v2", "POST", clear_by_secret, token=False),
]
