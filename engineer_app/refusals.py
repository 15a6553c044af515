"""How the engineer's API says no: one shape, ``{error, message, fields}``, and the status of each refusal."""

from __future__ import annotations

from typing import Any

import structlog
from apiflask import APIBlueprint, HTTPError
from flask import Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from domain.engineers.devices import Revoked, SignedOut
from domain.engineers.photos import BadPhoto
from domain.engineers.signing_in import TooManyCodes, WrongCode
from domain.files.sent import TooManyPictures
from domain.files.uploads import BadUpload, TooMuch, WrongOffset
from domain.kit.errors import NotFound, Refused
from domain.payments.paying import NotSure
from engineer_app.js_sdk import BadPage
from engineer_app.money import PaymentAway
from engineer_app.platform import PlatformAway
from engineer_app.signing_in import BadPhone, BadTicket, NotBound, TooMany
from engineer_app.syncing import BadBatch

log = structlog.get_logger()

OFFSET = "Upload-Offset"
STATUS: dict[type[Refused], int] = {
    SignedOut: 401, Revoked: 401, NotBound: 403, NotFound: 404, BadPhone: 422, BadTicket: 403, WrongCode: 403,
    BadPage: 422, BadUpload: 422, BadBatch: 422, BadPhoto: 422, TooManyPictures: 429, TooMany: 429, TooManyCodes: 429, TooMuch: 429, PlatformAway: 503,
    PaymentAway: 503, NotSure: 503,
}  # fmt: skip
"""Any other refusal is 409."""
WRONG = {400: "不是 JSON", 401: "没有登录、已失效（unauthorized）或被移除（revoked）", 403: "验证码不对，或微信没有绑定",
         404: "没有，或不是您的", 409: "业务上不允许", 413: "内容太大", 422: "字段有误", 429: "太频繁",
         503: "暂时不可用"}  # fmt: skip


def register(door: APIBlueprint) -> None:
    door.register_error_handler(Refused, refused)
    door.register_error_handler(HTTPError, malformed)
    door.register_error_handler(HTTPException, turned_away)
    door.register_error_handler(SQLAlchemyError, not_now)
    door.register_error_handler(OSError, not_now)
    door.register_error_handler(RecursionError, too_deep)


def said(code: str, words: str, status: int, **more: Any) -> tuple[Response, int]:
    return jsonify(error=code, message=words, **more), status


def refused(error: Refused) -> tuple[Response, int]:
    """The business said no."""
    log.info("engineer refused", path=request.url_rule and request.url_rule.rule, code=error.code)
    if isinstance(error, WrongOffset):
        answer, status = said(error.code, str(error), 409, fields={"offset": [str(error.offset)]})
        answer.headers[OFFSET] = str(error.offset)
        return answer, status
    return said(error.code, str(error), STATUS.get(type(error), 409))


def malformed(error: HTTPError) -> tuple[Response, int]:
    """What was sent is not what the documentation asks for."""
    places: dict[str, Any] = error.detail if isinstance(error.detail, dict) else {}
    wrong = {name: words for place in places.values() if isinstance(place, dict) for name, words in place.items()}
    return said("invalid", "请求的内容不符合接口说明", error.status_code, fields=wrong)


def turned_away(error: HTTPException) -> tuple[Response, int]:
    if isinstance(error, RequestEntityTooLarge):
        return said("too_large", "一次送来的内容太大，最多 256 KB", 413)
    return said("invalid", "请求的内容不符合接口说明", error.code or 400)


def too_deep(error: RecursionError) -> tuple[Response, int]:
    return said("invalid", "请求的内容不符合接口说明", 400)


def not_now(error: SQLAlchemyError | OSError) -> tuple[Response, int]:
    """The database or the file store is away, or something is wrong with us: the log says which."""
    log.exception("engineer api failed", path=request.url_rule and request.url_rule.rule)
    return said("unavailable", "系统暂时不可用，记录还在手机上，请稍后再试", 503)
