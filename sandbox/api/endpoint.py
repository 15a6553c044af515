"""What every API call goes through: faults, token, daily quota, log, errors; endpoints are rows of sandbox.api."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Request, Response

from sandbox.accounts import Account
from sandbox.errors import WORDS, PlatformError, new_rid
from sandbox.platform import Platform

_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")


@dataclass
class ApiCall:
    """One call with its account, which the token names; without a token the handler looks it up (`by_secret`)."""

    platform: Platform
    request: Request
    account: Account
    openid: str = ""  # for the log, like the next one
    gist: str = ""
    _json: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def now(self) -> float:
        """The platform's time."""
        return self.platform.clock.now()

    @property
    def app_id(self) -> str:
        """The calling account."""
        return self.account.config.app_id

    def arg(self, name: str) -> str:
        """A parameter of the query string, '' when missing."""
        return self.request.args.get(name, "")

    def json(self) -> dict[str, Any]:
        """The body.

        :raises PlatformError: 44002 empty, 40033 with \\u escapes or not UTF-8, 47001 not a JSON object
        """
        if self._json is None:
            self._json = self._read_json()
        return self._json

    def _read_json(self) -> dict[str, Any]:
        raw = self.request.get_data(cache=True)
        if not raw.strip():
            raise PlatformError(44002)
        try:
            text = raw.decode()
        except UnicodeDecodeError as wrong:
            raise PlatformError(40033) from wrong
        if _ESCAPED.search(text):
            raise PlatformError(40033)
        try:
            body = json.loads(text)
        except ValueError as wrong:
            raise PlatformError(47001, str(wrong)) from wrong
        if not isinstance(body, dict):
            raise PlatformError(47001)
        return body


Handler = Callable[[ApiCall], "Mapping[str, Any] | Response"]


@dataclass(frozen=True)
class Endpoint:
    """One path of the API."""

    path: str
    method: str
    handler: Handler
    token: bool = True  # most calls carry ?access_token=
    kind: str = ""  # the only kind of account that has it


def serve(platform: Platform, endpoint: Endpoint, request: Request) -> Response:
    """Answer one call and write it down."""
    started = time.perf_counter()
    if platform.faults.slow_ms:
        time.sleep(platform.faults.slow_ms / 1000)
    call = ApiCall(platform, request, platform.account())
    if platform.faults.take("api_5xx"):
        answer = _bad_gateway()
    else:
        answer = _carry_out(call, endpoint)
        if platform.faults.take("api_lost"):
            answer = _bad_gateway("carried out, answer lost")
    _write_down(call, endpoint, answer, (time.perf_counter() - started) * 1000)
    return answer


def _carry_out(call: ApiCall, endpoint: Endpoint) -> Response:
    try:
        if call.request.method != endpoint.method:
            raise PlatformError(43001 if endpoint.method == "GET" else 43002)
        if call.platform.faults.take("api_busy"):
            raise PlatformError(-1)
        if endpoint.token:
            call.account = _caller(call)
            call.account.api_use.note(endpoint.path, call.now)
            if endpoint.kind not in ("", call.account.config.kind):
                raise PlatformError(48001)
        result = endpoint.handler(call)
    except PlatformError as wrong:
        return _json({"errcode": wrong.code, "errmsg": f"{wrong.words} rid: {new_rid()}"})
    return result if isinstance(result, Response) else _json(result)


def _caller(call: ApiCall) -> Account:
    value = call.arg("access_token")
    for account in call.platform.accounts.values():
        if account.tokens.knows(value):
            account.tokens.check(value, call.now)
            return account
    call.account.tokens.check(value, call.now)
    raise PlatformError(40001)


def by_secret(call: ApiCall, app_id: object, secret: object) -> Account:
    """The account of a call that shows app id and secret instead of a token.

    :raises PlatformError: 41002, 41004, 40013, 40125
    """
    if not app_id:
        raise PlatformError(41002)
    if not secret:
        raise PlatformError(41004)
    account = call.platform.accounts.get(str(app_id))
    if account is None:
        raise PlatformError(40013)
    if account.config.secret != secret:
        raise PlatformError(40125)
    call.account = account
    return account


def _json(body: Mapping[str, Any]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")


def _bad_gateway(why: str = "") -> Response:
    page = f"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1>{why}</body></html>"
    return Response(page, 502, mimetype="text/html")


def _write_down(call: ApiCall, endpoint: Endpoint, answer: Response, ms: float) -> None:
    textual = answer.mimetype in ("application/json", "text/html")
    response = answer.get_data(as_text=True) if textual else f"({answer.mimetype}, {answer.content_length} bytes)"
    code = _errcode(response) if answer.mimetype == "application/json" else 0
    is_file = "multipart" in (call.request.mimetype or "")
    sent = "(file)" if is_file else call.request.get_data(cache=True, as_text=True)
    call.platform.log.add(
        at=call.now,
        direction="api",
        app_id=call.app_id,
        openid=call.openid,
        what=endpoint.path,
        status=answer.status_code,
        ms=round(ms, 1),
        ok=answer.status_code == 200 and code == 0,
        outcome=str(code) if code else ("ok" if answer.status_code == 200 else "http"),
        why=WORDS.get(code, "") if code else "",
        gist=call.gist,
        request=_without_secret(call, sent),
        response=response,
    )
    call.platform.changes.note()


def _without_secret(call: ApiCall, sent: str) -> str:
    shown = sent or str({name: value for name, value in call.request.args.items() if name != "access_token"})
    return shown.replace(call.account.config.secret, "***")


def _errcode(response: str) -> int:
    body = json.loads(response)
    return int(body.get("errcode", 0)) if isinstance(body, dict) else 0
