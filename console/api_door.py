"""The one policy for every call of the API: bearer token, permission, well-formed input, one transaction, plain errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from apiflask import APIBlueprint, APIFlask, HTTPError, Schema
from flask import Response, abort, jsonify, request
from flask.blueprints import BlueprintSetupState
from marshmallow import fields
from werkzeug.exceptions import HTTPException

from console.narrowing import narrow, only_own
from console.opening import Malformed
from console.page_door import status_of
from console.shelves import Shelves
from domain.access import sessions
from domain.access.roles import Permission, may
from domain.access.sessions import SignedIn
from domain.kit.actors import Actor
from domain.kit.errors import Forbidden, Refused
from domain.kit.strangers import is_endless, is_plain
from domain.kit.unit_of_work import Runtime, UnitOfWork

log = logging.getLogger("console.api")

BEARER = {"type": "http", "scheme": "bearer", "description": "令牌由 weixiu staff token 用户名 生成"}
SWAGGER = "/console/static/swagger-ui"
LARGEST = 256 << 10
"""Bytes of a body."""


class Unauthorized(Refused):
    """No token, or one that opens nothing."""

    code = "unauthorized"


class TooMany(Refused):
    """Whoever holds this token calls too often."""

    code = "too_many_requests"


class ErrorOut(Schema):
    """What every refusal looks like."""

    error = fields.String(metadata={"description": "代码，供程序判断"})
    message = fields.String(metadata={"description": "给人看的说明"})
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.Raw(), data_key="fields", metadata={"description": "哪个字段有什么问题"}
    )


@dataclass(frozen=True)
class Call:
    """One call as a view sees it; ``given`` is the checked query or body."""

    uow: UnitOfWork
    who: SignedIn
    given: dict[str, Any]
    shelves: Shelves

    @property
    def by(self) -> Actor:
        return self.who.actor


@dataclass(frozen=True)
class Asked:
    """Who calls, in the transaction of the call; the input is not read yet."""

    uow: UnitOfWork
    who: SignedIn


View = Callable[..., Any]


class ApiDoor:
    """Routes that call plain functions ``view(call, **path fields)`` inside one transaction."""

    def __init__(self, runtime: Runtime, shelves: Shelves, may_call: Callable[[str], bool]) -> None:
        self.runtime, self.shelves, self.may_call = runtime, shelves, may_call
        self.blueprint = APIBlueprint("console_api", __name__, url_prefix="/api/console", tag="控制台")
        self.blueprint.record_once(document)
        self.blueprint.register_error_handler(Refused, refused)
        self.blueprint.register_error_handler(HTTPError, malformed)
        self.blueprint.register_error_handler(HTTPException, turned_away)
        self.blueprint.register_error_handler(RecursionError, too_deep)
        self.blueprint.before_request(readable_only)
        self.blueprint.after_request(never_kept)

    def route(
        self, method: str, path: str, view: View, *, permission: Permission, gives: Schema, summary: str,
        takes: Schema | None = None, query: Schema | None = None, status: int = 200,
    ) -> None:  # fmt: skip
        @wraps(view)
        def call(
            asked: Asked, json_data: dict[str, Any] | None = None, query_data: dict[str, Any] | None = None, **path: Any
        ) -> Any:
            given = json_data or query_data or {}
            if not is_plain([given, path]):
                raise Malformed({"text": "内容里有看不见的字符，请重新输入"})
            only_own(asked.uow, asked.who, path, given)
            return view(Call(asked.uow, asked.who, given, self.shelves), **path)

        documented: Any = self.blueprint.output(gives, status_code=status)(call)
        if takes:
            documented = self.blueprint.input(takes, location="json")(documented)
        if query:
            documented = self.blueprint.input(query, location="query")(documented)

        wrong = {401: "没有令牌或令牌无效", 403: "没有权限", 404: "没有找到", 409: "业务上不允许", 422: "字段有误"}
        responses = {code: {"description": words, "content": error_content()} for code, words in wrong.items()}
        doc = self.blueprint.doc(summary=summary, security="bearer", responses=cast("Any", responses))
        documented = doc(documented)

        @wraps(documented)
        def guarded(**path: Any) -> Any:
            request.get_data()  # a slow caller's body is waited for before the transaction
            with self.runtime.transaction() as uow:
                return documented(Asked(uow, self.caller(uow, permission)), **path)

        guarded.permission = permission  # type: ignore[attr-defined]
        name = f"{view.__module__.rsplit('.', 1)[-1]}_{view.__name__}_{method.lower()}"
        self.blueprint.add_url_rule(path, name, guarded, methods=[method])

    def caller(self, uow: UnitOfWork, permission: Permission) -> SignedIn:
        """Who holds the token of this request, if they may.

        :raises Unauthorized: no such token
        :raises TooMany: it is used too often
        :raises Forbidden: they may not do this
        """
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        who = sessions.who_is(uow, token.strip(), "api") if kind.lower() == "bearer" else None
        if who is None:
            raise Unauthorized("没有令牌，或令牌无效")
        if not self.may_call(f"api:{who.staff.id}"):
            raise TooMany("调用太频繁，请稍后再试")
        if not may(who.staff.role, permission):
            raise Forbidden("您没有权限做这个操作")
        narrow(uow, who)
        return who


def document(state: BlueprintSetupState) -> None:
    """Tell the app what the documentation needs: how to sign in, and Swagger UI from our own files."""
    app = cast("APIFlask", state.app)
    app.config["SECURITY_SCHEMES"] = {**(app.config.get("SECURITY_SCHEMES") or {}), "bearer": BEARER}
    app.config["SWAGGER_UI_CSS"] = f"{SWAGGER}/swagger-ui.css"
    app.config["SWAGGER_UI_BUNDLE_JS"] = f"{SWAGGER}/swagger-ui-bundle.js"
    app.config["SWAGGER_UI_STANDALONE_PRESET_JS"] = f"{SWAGGER}/swagger-ui-standalone-preset.js"
    app.config["DOCS_FAVICON"] = f"{SWAGGER}/favicon-32x32.png"


def error_content() -> dict[str, Any]:
    return {"application/json": {"schema": ErrorOut}}


def refused(error: Refused) -> tuple[Response, int]:
    """The business said no."""
    body: dict[str, Any] = {"error": error.code, "message": str(error)}
    status = status_of(error)
    if isinstance(error, Malformed):
        body["fields"] = error.fields
    elif isinstance(error, (Unauthorized, TooMany)):
        status = 401 if isinstance(error, Unauthorized) else 429
    log.info("refused", extra={"endpoint": request.endpoint, "code": error.code})
    return jsonify(body), status


def malformed(error: HTTPError) -> tuple[Response, int]:
    """What was sent is not what the documentation asks for."""
    places: dict[str, Any] = error.detail if isinstance(error.detail, dict) else {}
    wrong = {name: words for place in places.values() if isinstance(place, dict) for name, words in place.items()}
    body = {"error": "invalid", "message": "请求的内容不符合接口说明", "fields": wrong}
    return jsonify(body), error.status_code


def turned_away(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error="invalid", message="请求的内容不符合接口说明"), error.code or 400


def too_deep(error: RecursionError) -> tuple[Response, int]:
    return jsonify(error="invalid", message="请求的内容不符合接口说明"), 400


def readable_only() -> None:
    """Small, and without numbers no program reads; nobody is known yet, so nothing else is looked at."""
    request.max_content_length = LARGEST
    if request.is_json and is_endless(request.get_data()):
        abort(400)


def never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
