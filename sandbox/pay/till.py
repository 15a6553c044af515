"""The payment platform: merchants, their trades, who paid; a new rule of a call is a line of its method.

Calls come in through sandbox.pay.api, people pay through sandbox.pay.cashier and the control API; refunds are in
sandbox.pay.refunding.
"""

import itertools
import secrets
import threading
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.pay import asked
from sandbox.pay.accounts import Book, fee_of
from sandbox.pay.errors import CHANGED, PAID, PayError, Unpayable, invalid, wrong_field
from sandbox.pay.merchants import Merchant
from sandbox.pay.notices import Postman
from sandbox.pay.shipments import Shipments
from sandbox.pay.timeline import Timeline
from sandbox.pay.trades import SHANGHAI, Refund, Trade

if TYPE_CHECKING:
    from sandbox.pay.bills import File
    from sandbox.platform import Platform

PREPAY_LIFE = 7200.0  # whatever time_expire says
H5_LIFE = 300.0
TRADE_LIFE = 7 * 86_400.0
TYPES = {"jsapi": "JSAPI", "native": "NATIVE", "h5": "MWEB"}
LIVES = {"JSAPI": PREPAY_LIFE, "NATIVE": PREPAY_LIFE, "MWEB": H5_LIFE}


class Till:
    """All merchants of one platform. Every public method may be called from any thread."""

    def __init__(self, platform: "Platform", merchants: Iterable[Merchant]) -> None:
        self.platform = platform
        self.merchants = {one.mch_id: one for one in merchants}
        self.lock = threading.RLock()
        self.timeline = Timeline(platform.clock)
        self.postman = Postman(self)
        self.shipments = Shipments(self)
        self.down_until = 0.0
        self._ids = itertools.count(secrets.randbelow(10**9))
        self._forget()

    def _forget(self) -> None:
        self.trades: dict[tuple[str, str], Trade] = {}
        self.refunds: dict[tuple[str, str], Refund] = {}
        self.tickets: dict[str, tuple[Trade, float]] = {}  # prepay_id or code_url → trade, until when
        self.files: dict[str, File] = {}
        self.books = {mch_id: Book() for mch_id in self.merchants}

    def reset(self) -> None:
        """No trades, nothing under way; merchants and their keys stay."""
        with self.lock:
            self._forget()
            self.down_until = 0.0
        self.timeline.clear()
        self.postman.clear()
        self.shipments.clear()

    @property
    def now(self) -> float:
        """The platform's time."""
        return self.platform.clock.now()

    @property
    def down(self) -> bool:
        """Whether nobody gets through, either way."""
        return self.now < self.down_until

    def number(self, prefix: str) -> str:
        """As the platform numbers things: prefix, day of Shanghai, twelve digits."""
        return f"{prefix}{datetime.fromtimestamp(self.now, SHANGHAI):%Y%m%d}{next(self._ids):012}"

    def place(self, merchant: Merchant, kind: str, body: asked.Body) -> dict[str, str]:
        """POST /v3/pay/transactions/jsapi, native, h5: what the person pays with.

        :raises PayError: see there
        """
        fresh = self._read(merchant, kind, body)
        with self.lock:
            trade = self.trades.setdefault((fresh.mch_id, fresh.out_trade_no), fresh)
            if trade is not fresh:
                self._again(trade, fresh)
            return self._ticket(trade)

    def _read(self, merchant: Merchant, kind: str, body: asked.Body) -> Trade:
        self._must_be_his(merchant, body.get("mchid"))
        app_id = asked.text(body, "appid", 1, 32)
        if not merchant.bound(app_id) or app_id not in self.platform.accounts:
            raise PayError(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配，请检查后再试")
        amount = asked.inside(body, "amount")
        return Trade(
            mch_id=merchant.mch_id,
            out_trade_no=asked.out_trade_no(body),
            trade_type=TYPES[kind],
            app_id=app_id,
            description=asked.text(body, "description", 1, 127),
            total=asked.fen(amount, "total", "/amount"),
            currency=asked.currency(amount),
            attach=asked.text(body, "attach", 1, 128, needed=False),
            notify_url=asked.notify_url(body),
            openid=self._payer(app_id, body) if kind == "jsapi" else "",
            asked={**body, "trade_type": kind, **(asked.scene(body) if kind == "h5" else {})},
            created_at=self.now,
            expires_at=asked.time_expire(body, self.now, self.now + TRADE_LIFE),
        )

    def _must_be_his(self, merchant: Merchant, mch_id: object) -> None:
        if mch_id != merchant.mch_id:
            raise wrong_field("/mchid", mch_id, "与签名的商户号不一致")

    def _payer(self, app_id: str, body: asked.Body) -> str:
        openid = asked.text(asked.inside(body, "payer"), "openid", 1, 128, "/payer")
        person = self.platform.people.get(openid)
        if person is None:
            raise PayError(400, "PARAM_ERROR", "无效的openid")
        if person.app_id != app_id:
            raise PayError(400, "OPENID_MISMATCH", "appid和openid不匹配")
        return openid

    def _again(self, trade: Trade, fresh: Trade) -> None:
        """The number came before: fine when nothing else changed and nothing happened."""
        self._touch(trade)
        if trade.paid:
            raise PayError(400, "ORDER_PAID", "该订单已支付", number=PAID)
        if trade.state == "CLOSED":
            raise PayError(400, "ORDER_CLOSED", "该订单已关闭，请更换商户订单号后重新下单")
        if trade.asked != fresh.asked:
            raise invalid("请求重入时，参数与首次请求时不一致，请核实后再试", number=CHANGED)

    def _touch(self, trade: Trade) -> None:
        if trade.state == "NOTPAY" and self.now >= trade.created_at + TRADE_LIFE:
            trade.state = "CLOSED"

    def _ticket(self, trade: Trade) -> dict[str, str]:
        now = self.now
        for ticket, (known, until) in self.tickets.items():
            if known is trade and until > now:
                return self._handed_out(trade, ticket)
        made = secrets.token_hex(14)
        ticket = (
            f"weixin://wxpay/bizpayurl?pr={made[:9]}" if trade.trade_type == "NATIVE" else self.number("wx") + made[:14]
        )
        self.tickets[ticket] = (trade, now + LIVES[trade.trade_type])
        return self._handed_out(trade, ticket)

    def _handed_out(self, trade: Trade, ticket: str) -> dict[str, str]:
        if trade.trade_type == "NATIVE":
            return {"code_url": ticket}
        if trade.trade_type == "JSAPI":
            return {"prepay_id": ticket}
        page = f"{self.platform.public_url}/cgi-bin/mmpayweb-bin/checkmweb"
        return {"h5_url": f"{page}?prepay_id={ticket}&package={int(self.now)}"}

    def find(self, merchant: Merchant, mch_id: object, *, number: str = "", transaction_id: str = "") -> Trade:
        """One of the merchant's trades, by his number or the platform's.

        :raises PayError: 404 ORDER_NOT_EXIST
        """
        self._must_be_his(merchant, mch_id)
        with self.lock:
            trade = self.trades.get((merchant.mch_id, number))
            if transaction_id:
                own = [one for one in self.trades.values() if one.mch_id == merchant.mch_id]
                trade = next((one for one in own if one.transaction_id == transaction_id), None)
            if trade is None:
                raise PayError(404, "ORDER_NOT_EXIST", "订单不存在")
            self._touch(trade)
            return trade

    def close(self, trade: Trade) -> None:
        """POST …/close; doing it again is fine.

        :raises PayError: ORDER_PAID
        """
        with self.lock:
            if trade.paid:
                raise PayError(400, "ORDER_PAID", "该订单已支付，不能关闭", number=PAID)
            trade.state = "CLOSED"

    def redeem(self, ticket: str) -> Trade:
        """The trade a person wants to pay with a prepay_id or code_url.

        :raises Unpayable: it is none, or over
        """
        with self.lock:
            trade, until = self.tickets.get(ticket, (None, 0.0))
            if trade is None:
                raise Unpayable("支付请求已失效，请重新发起支付")
            self._touch(trade)
            self.must_be_open(trade)
            if until <= self.now:
                raise Unpayable("支付请求已过期，请返回商家重新发起支付")
            return trade

    def must_be_open(self, trade: Trade) -> None:
        """:raises Unpayable: paid, closed or too late"""
        if trade.paid:
            raise Unpayable("该订单已支付")
        if trade.state == "CLOSED":
            raise Unpayable("订单已关闭")
        if self.now >= trade.expires_at:
            raise Unpayable("订单已过期，请重新下单")

    def pay(self, trade: Trade, openid: str, *, coupon: int = 0) -> None:
        """The person pays; `coupon` fen of it come from the platform's coupon. The notification leaves.

        :raises Unpayable: somebody was faster, it is over, or it is another one's to pay
        """
        person = self.platform.person(openid)
        if person.app_id != trade.app_id:
            person = self.platform.elsewhere(openid, trade.app_id)
        if trade.openid and person.openid != trade.openid:
            raise Unpayable("下单账号与支付账号不一致")
        with self.lock:
            self._touch(trade)
            self.must_be_open(trade)
            trade.openid, trade.paid_at, trade.state = person.openid, self.now, "SUCCESS"
            trade.transaction_id = self.number("42000029")
            trade.payer_total, trade.fee = trade.total - min(coupon, trade.total - 1), fee_of(trade.total)
            book, papers = (
                self.books[trade.mch_id],
                {"business_no": trade.transaction_id, "voucher": trade.out_trade_no},
            )
            book.note(self.now, "交易", trade.total, flow_no=self.number("1000"), **papers)
            book.note(self.now, "扣除交易手续费", -trade.fee, flow_no=self.number("1000"), **papers)
        self.platform.show_payment(trade)
        self.shipments.paid(trade)
        self.postman.send("TRANSACTION.SUCCESS", trade.mch_id, trade.notify_url, trade.show())
        self.platform.changes.note()

    def list(self) -> list[dict[str, Any]]:
        """All trades for the page and tests, the newest first."""
        with self.lock:
            for trade in self.trades.values():
                self._touch(trade)
            return [self.shown(trade) for trade in reversed(self.trades.values())]

    def shown(self, trade: Trade) -> dict[str, Any]:
        """One trade with what the API does not say: its tickets, its refunds, who was told."""
        with self.lock:
            tickets = [ticket for ticket, (known, _) in self.tickets.items() if known is trade]
            payer = self.platform.people.get(trade.openid)
            return {
                **trade.show(),
                "trade_type": trade.trade_type,
                "description": trade.description,
                "merchant": self.merchants[trade.mch_id].name,
                "openid": trade.openid,
                "payer_name": payer.name if payer else "",
                "created_at": trade.created_at,
                "expires_at": trade.expires_at,
                "tickets": tickets,
                "refunds": [refund.show() for refund in trade.refunds],
                "notices": self.postman.of(trade),
            }
