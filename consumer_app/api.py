"""The mini-program's API under /api/consumer. A route is a row of `routes` or of an `api_….py`; its verb is a function of
`consumer_app/subjects/`, which the pages call as well.

The one policy for every call: small bodies, a session's token but for signing in, one plain error for every no.
"""

from __future__ import annotations

from typing import Any, cast

import structlog
from apiflask import APIBlueprint, APIFlask, HTTPError
from flask import Response, abort, jsonify, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from consumer_app import api_money, api_orders, api_person, api_products, shapes, signing_in
from consumer_app.counter import BadNumber, ConsentNeeded, Counter, Malformed, TooMany, Unauthorized, must_be_plain
from consumer_app.person import Person, end_session, person_of
from consumer_app.platform import CodeRefused, Limits, MiniPrograms, PersonBlocked, PlatformAway
from consumer_app.row import Given, Row
from consumer_app.subjects.money import PaymentAway, QuoteChanged
from domain.customers.proving import TooManyCodes, WrongCode
from domain.files.pictures import MOST_BYTES
from domain.files.sent import TooManyPictures
from domain.files.store import FileStore, NoStore
from domain.kit.errors import NotFound, Refused
from domain.kit.strangers import is_endless
from domain.kit.unit_of_work import Runtime
from domain.payments.gateway import Gateway

log = structlog.get_logger()

LARGEST = 16 * 1024
SESSION = {"type": "http", "scheme": "bearer", "description": "POST /api/consumer/login 返回的 token"}
STATUS: dict[type[Refused], int] = {
    Unauthorized: 401, ConsentNeeded: 403, PersonBlocked: 403, WrongCode: 403, NotFound: 404, CodeRefused: 400,
    BadNumber: 422, Malformed: 422, TooMany: 429, TooManyCodes: 429, TooManyPictures: 429, PlatformAway: 503,
    PaymentAway: 503,
}  # fmt: skip
"""Any other refusal is 409."""
WRONG = {400: "code 无效或已用过", 401: "没有登录或已失效", 403: "没有同意隐私说明", 409: "业务上不允许",
         422: "字段有误", 429: "太频繁", 503: "暂时不可用"}  # fmt: skip

CALLS, WRITES = (600, 60), (60, 60)
"""Calls of one person, and those of them that change something, in how many seconds."""


def blueprint(
    runtime: Runtime, platform: MiniPrograms, limits: Limits, files: FileStore | None = None,
    gateway: Gateway | None = None,
) -> APIBlueprint:  # fmt: skip
    """The API, given what it runs on. Without ``files`` no picture is taken, without ``gateway`` nothing can be paid."""
    door = APIBlueprint("consumer_api", __name__, url_prefix="/api/consumer", tag="小程序")
    door.record_once(document)
    door.before_request(small_only)
    door.after_request(never_kept)
    door.register_error_handler(Refused, refused)
    door.register_error_handler(HTTPError, malformed)
    door.register_error_handler(HTTPException, turned_away)
    door.register_error_handler(SQLAlchemyError, not_now)
    door.register_error_handler(OSError, not_now)
    door.register_error_handler(RecursionError, too_deep)
    at = Counter(runtime, limits, platform, files or NoStore(), gateway)
    routes(door, at)
    for rows in (api_products.rows, api_orders.rows, api_money.rows, api_person.rows):
        for row in rows(at):
            route(door, at, row)
    return door


def routes(door: APIBlueprint, at: Counter) -> None:
    """Signing in, consent, the phone."""

    def log_in(secret: str, given: Given) -> Any:
        return signing_in.log_in(at, request.remote_addr or "", given["code"], given.get("account"))

    def give_phone(secret: str, given: Given) -> Any:
        return signing_in.give_phone(at, secret, given.get("code"), given.get("number"))

    def log_out(person: Person, given: Given) -> Any:
        end_session(person.uow, token())
        return {}

    for row in (
        Row("POST", "/login", log_in, "登录", shapes.LoginOut(), shapes.LoginIn(), outside=True, public=True),
        Row("POST", "/consent", signing_in.agree, "同意隐私说明", shapes.MeOut(), shapes.ConsentIn()),
        Row("POST", "/phone", give_phone, "提交手机号", shapes.MeOut(), shapes.PhoneIn(), outside=True),
        Row("GET", "/me", signing_in.look, "我的资料", shapes.MeOut()),
        Row("POST", "/logout", log_out, "退出登录", shapes.Nothing()),
    ):
        route(door, at, row)


def route(door: APIBlueprint, at: Counter, row: Row) -> None:
    """One row: what it takes and gives is checked and documented."""

    def call(
        json_data: Given | None = None, query_data: Given | None = None,
        form_and_files_data: Given | None = None, **path: str,
    ) -> Any:  # fmt: skip
        given = {**(json_data or {}), **(query_data or {}), **(form_and_files_data or {})}
        must_be_plain(given)
        must_be_plain(path)
        if row.outside:
            if not row.public:
                at.count("calls of session", token(), CALLS)
            return row.view(token(), given, **path)
        with at.runtime.transaction() as uow:
            person = person_of(uow, token())
            at.count("calls of person", person.key, CALLS)
            if row.writes:
                at.count("writes of person", person.key, WRITES)
            return row.view(person, given, **path)

    documented: Any = door.output(row.gives)(call) if row.gives else call
    if row.takes:
        documented = door.input(row.takes, location=row.location)(documented)
    error = {"application/json": {"schema": shapes.ErrorOut}}
    responses: Any = {code: {"description": words, "content": error} for code, words in WRONG.items()}
    security = None if row.public else "session"
    documented = door.doc(summary=row.summary, security=security, responses=responses)(documented)
    name = f"{row.method} {row.path}".replace("/", " ").replace("<", "").replace(">", "").replace(".", "")
    door.add_url_rule(row.path, "_".join(name.split()), documented, methods=[row.method])


def token() -> str:
    """The session's token of this request, "" when there is none."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


def document(state: BlueprintSetupState) -> None:
    app = cast("APIFlask", state.app)
    app.config["SECURITY_SCHEMES"] = {**(app.config.get("SECURITY_SCHEMES") or {}), "session": SESSION}


def small_only() -> None:
    """Of a form with a picture, what a picture may have and a little for its fields."""
    form = request.mimetype == "multipart/form-data"
    request.max_content_length = MOST_BYTES + LARGEST if form else LARGEST
    if request.is_json and is_endless(request.get_data()):
        abort(400)


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
    if isinstance(error, QuoteChanged):
        return said(error.code, str(error), 409, quote=error.newer)
    return said(error.code, str(error), STATUS.get(type(error), 409))


def malformed(error: HTTPError) -> tuple[Response, int]:
    """What was sent is not what the documentation asks for."""
    places: dict[str, Any] = error.detail if isinstance(error.detail, dict) else {}
    wrong = {name: words for place in places.values() if isinstance(place, dict) for name, words in place.items()}
    return said("invalid", "请求的内容不符合接口说明", error.status_code, fields=wrong)


def turned_away(error: HTTPException) -> tuple[Response, int]:
    return said("invalid", "请求的内容不符合接口说明", error.code or 400)


def too_deep(error: RecursionError) -> tuple[Response, int]:
    return said("invalid", "请求的内容不符合接口说明", 400)


def not_now(error: SQLAlchemyError | OSError) -> tuple[Response, int]:
    """The database or the file store is away, or something is wrong with us: the log says which."""
    log.exception("consumer api failed", path=request.path)
    return said("unavailable", "系统暂时不可用，请稍后再试", 503)
