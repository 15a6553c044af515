"""The door WeChat Pay knocks on: a notice is verified, worked on once within the request, and answered within five seconds.

Verified and taken in (or known): 204. Not the platform's: 401, with nothing looked up for it. Signed, but not as we ordered it:
400, kept for somebody to look at. The database away, or nobody certain: 503; the platform repeats for a day, and open payments
are asked about anyway. What is not 204 has ``{"code": "FAIL", "message": …}``. Nobody signs in here, and nobody is locked out:
turning a forgery away costs one verification.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from domain.kit.unit_of_work import Runtime
from domain.payments.gateway import Forged, Gateway, MerchantKeys, Notice
from domain.payments.merchants import all_merchants, keys_of
from domain.payments.noticing import MISMATCH, take_notice
from webhooks import budget

log = structlog.get_logger()

LARGEST = 64 * 1024
REMEMBERED = 10.0
"""Seconds that merchants are used before they are read again; a serial nobody knows does not make us look sooner."""
IN_TIME = 4.0
"""Seconds for the work: the platform gives up after five."""


class Merchants:
    """The merchants by the ids of the keys that sign their notices; what was read last serves while the database is away."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.known: dict[str, MerchantKeys] = {}
        self.until = 0.0

    def of(self, serial: str) -> MerchantKeys | None:
        """The merchant whose notices are signed with this key."""
        if time.monotonic() >= self.until:
            with self.runtime.transaction() as uow:
                every = [keys_of(one) for one in all_merchants(uow)]
            self.known = {serial: one for one in every for serial in one.verifying}
            self.until = time.monotonic() + REMEMBERED
        return self.known.get(serial)


def blueprint(runtime: Runtime, gateway: Gateway, turned: Callable[[float], None] = lambda seconds: None) -> Blueprint:
    """The door. ``turned`` is told how long each notice took, in seconds."""
    routes, merchants = Blueprint("wechat_pay_hook", __name__), Merchants(runtime)

    @routes.post("/webhooks/wechat-pay")
    def notice() -> ResponseReturnValue:
        started = time.perf_counter()
        try:
            return answer(runtime, gateway, merchants)
        finally:
            turned(time.perf_counter() - started)

    return routes


def answer(runtime: Runtime, gateway: Gateway, merchants: Merchants) -> ResponseReturnValue:
    """Verify, take in, answer."""
    request.max_content_length = LARGEST  # also of one that does not say how long it is
    try:
        body = request.get_data(cache=True)  # the raw bytes, before anything reads them as something
    except RequestEntityTooLarge:
        return fail(413, "通知太大")
    try:
        merchant = merchants.of(request.headers.get("Wechatpay-Serial", ""))
        if merchant is None:
            raise Forged("another serial")
        notice = gateway.read_notice(merchant, dict(request.headers.items()), body, runtime.clock())
    except Forged as forged:
        level = log.debug if str(forged) == "probe" else log.warning
        level("notice turned away", why=str(forged))
        return fail(401, "验签失败")
    except SQLAlchemyError as error:
        return away(error)
    return worked(runtime, merchant, notice)


def worked(runtime: Runtime, merchant: MerchantKeys, notice: Notice) -> ResponseReturnValue:
    """What is the platform's is worked on, once."""
    try:
        with runtime.transaction() as uow, budget.within(uow.session, IN_TIME):
            outcome, words = take_notice(uow, notice, merchant_id=merchant.id)
    except (SQLAlchemyError, budget.Overrun) as error:
        return away(error)
    if outcome == MISMATCH:
        log.error("notice does not fit", kind=notice.kind, notice=notice.id)
        return fail(400, words)
    return Response(status=204)


def away(error: Exception) -> ResponseReturnValue:
    log.warning("notice not taken in", error=type(error).__name__)
    return fail(503, "稍后再试")


def fail(status: int, words: str) -> ResponseReturnValue:
    return jsonify(code="FAIL", message=words), status
