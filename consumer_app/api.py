"""The mini-program's API under /api/consumer. A route is a row of `routes`, its verb lives in a module beside this one.

The one policy for every call: small bodies, a session's token but for signing in, one plain error for every no.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import structlog
from apiflask import APIBlueprint, APIFlask, HTTPError, Schema
from flask import Response, jsonify, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from consumer_app import shapes, signing_in
from consumer_app.platform import CodeRefused, Limits, MiniPrograms, PersonBlocked, PlatformAway
from consumer_app.signing_in import BadNumber, ConsentNeeded, Counter, TooMany, Unauthorized
from domain.kit.errors import NotFound, Refused
from domain.kit.unit_of_work import Runtime

log = structlog.get_logger()

LARGEST = 16 * 1024
SESSION = {"type": "http", "scheme": "bearer", "description": "POST /api/consumer/login 返回的 token"}
STATUS: dict[type[Refused], int] = {
    Unauthorized: 401, ConsentNeeded: 403, PersonBlocked: 403, NotFound: 404, CodeRefused: 400, BadNumber: 422,
    TooMany: 429, PlatformAway: 503,
}  # fmt: skip
"""Any other refusal is 409."""
WRONG = {400: "code 无效或已用过", 401: "没有登录或已失效", 403: "没有同意隐私说明", 409: "业务上不允许",
         422: "字段有误", 429: "太频繁", 503: "暂时不可用"}  # fmt: skip

View = Callable[[dict[str, Any]], Any]


def blueprint(runtime: Runtime, platform: MiniPrograms, limits: Limits) -> APIBlueprint:
    """The API, given what it runs on."""
    door = APIBlueprint("consumer_api", __name__, url_prefix="/api/consumer", tag="小程序")
    door.record_once(document)
    door.before_request(small_only)
    door.after_request(never_kept)
    door.register_error_handler(Refused, refused)
    door.register_error_handler(HTTPError, malformed)
    door.register_error_handler(HTTPException, turned_away)
    door.register_error_handler(SQLAlchemyError, not_now)
    routes(door, Counter(runtime, platform, limits))
    return door


def routes(door: APIBlueprint, at: Counter) -> None:
    def log_in(given: dict[str, Any]) -> Any:
        return signing_in.log_in(at, request.remote_addr or "", given["code"], given.get("account"))

    def agree(given: dict[str, Any]) -> Any:
        with at.runtime.transaction() as uow:
            return signing_in.agree(uow, signing_in.who_is(uow, token()), given["version"])

    def give_phone(given: dict[str, Any]) -> Any:
        return signing_in.give_phone(at, token(), given.get("code"), given.get("number"))

    def look(given: dict[str, Any]) -> Any:
        with at.runtime.transaction() as uow:
            return signing_in.summary(uow, signing_in.who_is(uow, token()))

    def log_out(given: dict[str, Any]) -> Any:
        with at.runtime.transaction() as uow:
            signing_in.who_is(uow, token())
            signing_in.log_out(uow, token())
        return {}

    route(door, "POST", "/login", log_in, "登录", shapes.LoginOut(), shapes.LoginIn(), signed_in=False)
    route(door, "POST", "/consent", agree, "同意隐私说明", shapes.MeOut(), shapes.ConsentIn())
    route(door, "POST", "/phone", give_phone, "提交手机号", shapes.MeOut(), shapes.PhoneIn())
    route(door, "GET", "/me", look, "我的资料", shapes.MeOut())
    route(door, "POST", "/logout", log_out, "退出登录", shapes.Nothing())


def route(
    door: APIBlueprint, method: str, path: str, view: View, summary: str, gives: Schema, takes: Schema | None = None,
    *, signed_in: bool = True,
) -> None:  # fmt: skip
    """One row: what it takes and gives is checked and documented."""

    def call(json_data: dict[str, Any] | None = None) -> Any:
        return view(json_data or {})

    documented: Any = door.output(gives)(call)
    if takes:
        documented = door.input(takes, location="json")(documented)
    error = {"application/json": {"schema": shapes.ErrorOut}}
    responses: Any = {code: {"description": words, "content": error} for code, words in WRONG.items()}
    documented = door.doc(summary=summary, security="session" if signed_in else None, responses=responses)(documented)
    door.add_url_rule(path, path.strip("/"), documented, methods=[method])


def token() -> str:
    """The session's token of this request, "" when there is none."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


def document(state: BlueprintSetupState) -> None:
    app = cast("APIFlask", state.app)
    app.config["SECURITY_SCHEMES"] = {**(app.config.get("SECURITY_SCHEMES") or {}), "session": SESSION}


def small_only() -> None:
    request.max_content_length = LARGEST


def never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def said(code: str, words: str, status: int, **more: Any) -> tuple[Response, int]:
    return jsonify(error=code, message=words, **more), status


def refused(error: Refused) -> tuple[Response, int]:
    """The business said no."""
    log.info("consumer refused", path=request.path, code=error.code)
    return said(error.code, str(error), STATUS.get(type(error), 409))


def malformed(error: HTTPError) -> tuple[Response, int]:
    """What was sent is not what the documentation asks for."""
    places: dict[str, Any] = error.detail if isinstance(error.detail, dict) else {}
    wrong = {name: words for place in places.values() if isinstance(place, dict) for name, words in place.items()}
    return said("invalid", "请求的内容不符合接口说明", error.status_code, fields=wrong)


def turned_away(error: HTTPException) -> tuple[Response, int]:
    return said("invalid", "请求的内容不符合接口说明", error.code or 400)


def not_now(error: SQLAlchemyError) -> tuple[Response, int]:
    """The database is away, or something is wrong with us: the log says which."""
    log.exception("consumer api failed", path=request.path)
    return said("unavailable", "系统暂时不可用，请稍后再试", 503)
