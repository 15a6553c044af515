"""WeChat Pay v3 behind `domain.payments.gateway.Gateway`, on wechatpayv3 in public-key mode: no network to construct, no shared state.

What the library does not do is done here, before and behind it (wechat-protocol §7.10): timeouts, the guard before
`callback` and keys that verify side by side (`adapters.wechat_pay_keys`), answers told apart into certain and uncertain, the bills' hash. To add a call, add a
method that ends in `_call`. Nothing here is logged but codes: the library's own logger shows keys and people.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.type import RequestType

from adapters.wechat_pay_keys import guard, verifier
from domain.kit.unit_of_work import SHANGHAI
from domain.payments.gateway import (
    AlreadyPaid,
    Declined,
    Forged,
    MerchantKeys,
    Notice,
    NotSetUp,
    NotThere,
    Order,
    Prepaid,
    RefundNews,
    RefundOrder,
    Trade,
    Unsure,
)

TIMEOUTS = (3, 10)
"""Seconds to connect, and to answer."""
KINDS = {"jsapi": WeChatPayType.JSAPI, "native": WeChatPayType.NATIVE, "h5": WeChatPayType.H5}
BILLS = {
    "trade": "/v3/bill/tradebill?bill_date={day}&bill_type=ALL&tar_type=GZIP",
    "fund": "/v3/bill/fundflowbill?bill_date={day}&account_type=BASIC&tar_type=GZIP",
}
ABSENT = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS", "NO_STATEMENT_EXIST"})
PAID = frozenset({"ORDER_PAID", "ORDERPAID"})
OVER = frozenset({"ORDER_CLOSED", "ORDERCLOSED"})
LATER = frozenset(
    {"SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED", "BANK_ERROR", "STATEMENT_CREATING"}
)
"""Refused for now, or done perhaps: asked again."""
SETUP = frozenset({"SIGN_ERROR", "NO_AUTH", "NOAUTH", "MCH_NOT_EXISTS", "INVALID_REQUEST_SIGN"})
"""The merchant's keys or rights are set up wrongly: nothing that was owed is given up for it."""
TRIES, REST = 3, 30.0
"""After so many calls in a row that reached nobody, nobody is called for so many seconds: whoever waits is told at once."""

log = structlog.get_logger()


class WeChatPayGateway:
    """One per process; threads may share it. ``public_url`` is where the platform reaches us with its notices."""

    def __init__(self, api_url: str, public_url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.api_url, self.notify_url, self.clock = (
            api_url.rstrip("/"),
            f"{public_url.rstrip('/')}/webhooks/wechat-pay",
            clock,
        )
        self.clients: dict[MerchantKeys, WeChatPay] = {}
        self.lock = threading.Lock()
        self.failures, self.resting_until = 0, 0.0

    def client(self, merchant: MerchantKeys) -> WeChatPay:
        """The library's client for these keys, made once; other keys of the same merchant are another client."""
        with self.lock:
            found = self.clients.get(merchant)
            if found is None:
                found = WeChatPay(
                    WeChatPayType.JSAPI, merchant.mch_id, merchant.private_key, merchant.cert_serial, app_of(merchant),
                    merchant.api_v3_key, notify_url=self.notify_url, timeout=TIMEOUTS, public_key=merchant.public_key,
                    public_key_id=merchant.public_key_id,
                )  # fmt: skip
                found._core._gate_way = self.api_url
                found._core._verify_signature = verifier(merchant)
                self.clients = {
                    **{known: one for known, one in self.clients.items() if known.id != merchant.id},
                    merchant: found,
                }
            return found

    def order(self, merchant: MerchantKeys, order: Order) -> Prepaid:
        """See `domain.payments.gateway.Gateway`; so for all below."""
        wanted: dict[str, Any] = {
            "description": order.title, "out_trade_no": order.number, "amount": {"total": order.fen, "currency": "CNY"},
            "time_expire": order.expires_at.astimezone(SHANGHAI).isoformat(timespec="seconds"), "appid": order.app_id,
            "pay_type": KINDS[order.method], "notify_url": self.notify_url,
        }  # fmt: skip
        if order.method == "jsapi":
            wanted["payer"] = {"openid": order.openid}
        if order.method == "h5":
            wanted["scene_info"] = {"payer_client_ip": order.client_ip, "h5_info": {"type": "Wap"}}
        said = self._call("order", lambda: self.client(merchant).pay(**wanted))
        return Prepaid(str(said.get("prepay_id") or ""), str(said.get("code_url") or ""), str(said.get("h5_url") or ""))

    def query(self, merchant: MerchantKeys, number: str) -> Trade:
        said = self._call("query", lambda: self.client(merchant).query(out_trade_no=number))
        return trade_of(said)

    def close(self, merchant: MerchantKeys, number: str) -> None:
        self._call("close", lambda: self.client(merchant).close(out_trade_no=number))

    def refund(self, merchant: MerchantKeys, refund: RefundOrder) -> RefundNews:
        amount = {"refund": refund.fen, "total": refund.total_fen, "currency": "CNY"}
        said = self._call(
            "refund",
            lambda: self.client(merchant).refund(
                out_refund_no=refund.number, amount=amount, out_trade_no=refund.order_number, reason=refund.reason,
                notify_url=self.notify_url,
            ),
        )  # fmt: skip
        return refund_of(said)

    def query_refund(self, merchant: MerchantKeys, number: str) -> RefundNews:
        return refund_of(self._call("query_refund", lambda: self.client(merchant).query_refund(out_refund_no=number)))

    def statement(self, merchant: MerchantKeys, day: date, kind: str) -> tuple[bytes, str]:
        core = self.client(merchant)._core
        offered = self._call("bill", lambda: core.request(BILLS[kind].format(day=day.isoformat())))
        link, wanted = urlsplit(str(offered.get("download_url") or "")), str(offered.get("hash_value") or "").lower()
        path = link.path + (f"?{link.query}" if link.query else "")
        if not path.startswith("/v3/"):
            raise Unsure("the bill's address is none of the platform's")
        packed = self._download(lambda: core.request(path, RequestType.GET, skip_verify=True))
        try:
            text = gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed
        except (OSError, EOFError) as damaged:
            raise Unsure("the bill did not come whole") from damaged
        if hashlib.sha1(text).hexdigest() != wanted:
            raise Unsure("the bill's hash is another one")
        return text, wanted

    def client_params(self, merchant: MerchantKeys, app_id: str, prepay_id: str) -> dict[str, str]:
        stamp, nonce, package = str(int(time.time())), secrets.token_hex(16), f"prepay_id={prepay_id}"
        signature = self.client(merchant).sign([app_id, stamp, nonce, package])
        return {
            "appId": app_id, "timeStamp": stamp, "nonceStr": nonce, "package": package, "signType": "RSA",
            "paySign": signature,
        }  # fmt: skip

    def read_notice(self, merchant: MerchantKeys, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        guard(merchant, headers, body, now)
        try:
            opened = self.client(merchant).callback(dict(headers.items()), body)
        except Exception as error:
            raise Forged(f"not readable: {type(error).__name__}") from error
        if not opened:
            raise Forged("signature or key do not fit")
        return notice_of(opened)

    def _call(self, what: str, run: Callable[[], tuple[int, Any]]) -> dict[str, Any]:
        """Run one call and read its answer."""
        status, text = self._reach(what, run)
        if status == 204 or (200 <= status < 300 and not text):
            return {}
        said = read_json(text)
        if 200 <= status < 300:
            if said is None:
                raise Unsure(f"{what}: {status} without an answer")
            return said
        code, words = str((said or {}).get("code") or ""), str((said or {}).get("message") or "")
        log.info("pay says no", call=what, status=status, code=code)
        if code in PAID:
            raise AlreadyPaid
        if code in ABSENT:
            raise NotThere
        if code in OVER and what == "close":
            return {}
        if code in SETUP and what != "order":
            raise NotSetUp(f"{what}: {status} {code}")
        if not code or status >= 500 or code in LATER:
            raise Unsure(f"{what}: {status} {code}".strip())
        raise Declined(code, words)

    def _download(self, run: Callable[[], tuple[int, Any]]) -> bytes:
        status, body = self._reach("download", run)
        if status != 200:
            raise Unsure(f"download: {status}")
        return body.encode() if isinstance(body, str) else bytes(body)

    def _reach(self, what: str, run: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        """Call, unless nobody has been there for the last calls; whatever goes wrong on the way proves nothing."""
        if self.clock() < self.resting_until:
            raise Unsure(f"{what}: resting")
        try:
            status, answer = run()
        except Exception as error:  # the library raises bare Exception for a signature that does not hold
            self.failures += 1
            if self.failures >= TRIES:
                self.resting_until = self.clock() + REST
            log.warning("pay not reached", call=what, error=type(error).__name__)
            raise Unsure(f"{what}: {type(error).__name__}") from error
        self.failures = 0
        return status, answer


def app_of(merchant: MerchantKeys) -> str:
    return merchant.app_ids[0] if merchant.app_ids else ""


def read_json(text: Any) -> dict[str, Any] | None:
    try:
        said = json.loads(text)
    except (ValueError, TypeError):
        return None
    return said if isinstance(said, dict) else None


def notice_of(opened: Mapping[str, Any]) -> Notice:
    """:raises Forged: signed, but not what a notice is"""
    body, kind, id_ = opened.get("resource"), str(opened.get("event_type") or ""), str(opened.get("id") or "")
    if not isinstance(body, dict) or not kind or not id_:
        raise Forged("no notice")
    try:
        trade = trade_of(body) if kind.startswith("TRANSACTION.") else None
        refund = refund_of(body) if kind.startswith("REFUND.") else None
    except Unsure as wrong:
        raise Forged("no notice") from wrong
    return Notice(id_, kind, body, trade, refund)


def trade_of(said: Mapping[str, Any]) -> Trade:
    """:raises Unsure: it is no trade"""
    amount, payer = said.get("amount") or {}, said.get("payer") or {}
    try:
        return Trade(
            number=str(said["out_trade_no"]), state=str(said["trade_state"]), mch_id=str(said.get("mchid") or ""),
            app_id=str(said.get("appid") or ""), transaction_id=str(said.get("transaction_id") or ""),
            fen=whole(amount.get("total") or 0), currency=str(amount.get("currency") or "CNY"),
            openid=str(payer.get("openid") or ""), paid_at=moment(said.get("success_time")),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, AttributeError) as wrong:
        raise Unsure("an answer that is no trade") from wrong


def refund_of(said: Mapping[str, Any]) -> RefundNews:
    """:raises Unsure: it is no refund"""
    try:
        return RefundNews(
            number=str(said["out_refund_no"]), refund_id=str(said.get("refund_id") or ""),
            state=str(said.get("status") or said.get("refund_status") or ""), fen=whole(said["amount"]["refund"]),
            order_number=str(said.get("out_trade_no") or ""), mch_id=str(said.get("mchid") or ""),
            asked_at=moment(said.get("create_time")), done_at=moment(said.get("success_time")),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError) as wrong:
        raise Unsure("an answer that is no refund") from wrong


def whole(fen: Any) -> int:
    """:raises ValueError: no whole number: nothing of an amount is cut off"""
    if type(fen) is not int:
        raise ValueError("an amount that is not whole fen")
    return fen


def moment(text: Any) -> datetime | None:
    """:raises ValueError: no RFC 3339 time, which has a zone"""
    at = datetime.fromisoformat(str(text)) if text else None
    if at is not None and at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at
