"""The payment platform as a handful of verbs: what it is asked, what it answers, and the four ways it does not.

`adapters.wechat_pay` is the real one, on wechatpayv3. Nothing here knows of HTTP or signatures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class MerchantKeys:
    """A merchant as the gateway needs it, without its row. Never logged: it does not print its keys."""

    id: str
    mch_id: str
    cert_serial: str
    private_key: str
    api_v3_key: str
    public_key: str
    public_key_id: str
    """Of the platform's key that answers are asked to be signed with."""
    app_ids: tuple[str, ...]
    other_keys: tuple[tuple[str, str], ...] = ()
    """More of the platform's keys, by id or serial, that verify at the same time: while it changes them."""

    @property
    def verifying(self) -> dict[str, str]:
        """Id or serial → the key, PEM."""
        return {self.public_key_id: self.public_key, **dict(self.other_keys)}

    def __repr__(self) -> str:
        return f"MerchantKeys({self.mch_id})"


@dataclass(frozen=True)
class Order:
    """What the platform is asked to take money for. The same number must always come with the same contents."""

    number: str
    app_id: str
    method: str
    """``jsapi``, ``native`` or ``h5``."""
    openid: str
    fen: int
    title: str
    expires_at: datetime
    client_ip: str = ""
    """Needed for ``h5`` alone."""


@dataclass(frozen=True)
class Prepaid:
    """The platform took the order; what the payer's device needs, by method."""

    prepay_id: str = ""
    code_url: str = ""
    h5_url: str = ""


@dataclass(frozen=True)
class Trade:
    """What the platform says of an order: by notice, query, or both. ``state`` is its own word (wechat-protocol §7.5)."""

    number: str
    state: str
    mch_id: str
    app_id: str = ""
    transaction_id: str = ""
    fen: int = 0
    currency: str = "CNY"
    openid: str = ""
    paid_at: datetime | None = None

    @property
    def is_paid(self) -> bool:
        """Money came; a refund that was asked for changes nothing about that."""
        return self.state in ("SUCCESS", "REFUND")

    @property
    def is_over(self) -> bool:
        """It can never be paid any more."""
        return self.state in ("CLOSED", "REVOKED", "PAYERROR")


@dataclass(frozen=True)
class RefundOrder:
    """What the platform is asked to give back. ``number`` stays the same however often it is sent."""

    number: str
    order_number: str
    fen: int
    total_fen: int
    reason: str


@dataclass(frozen=True)
class RefundNews:
    """What the platform says of a refund: ``PROCESSING``, ``SUCCESS``, ``CLOSED`` or ``ABNORMAL``."""

    number: str
    refund_id: str
    state: str
    fen: int
    order_number: str = ""
    mch_id: str = ""
    """Only notices name the merchant."""
    asked_at: datetime | None = None
    """When the platform took it: the day its bill has it on. Notices do not say."""
    done_at: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """A notice whose signature held and whose contents opened."""

    id: str
    kind: str
    """``TRANSACTION.SUCCESS``, ``REFUND.SUCCESS`` …"""
    body: Mapping[str, Any]
    trade: Trade | None = None
    refund: RefundNews | None = None


class Unsure(Exception):
    """No answer that can be trusted: timeout, 5xx, a signature that does not hold. Whatever was asked may have happened."""


class NotSetUp(Unsure):
    """The platform takes no request of this merchant: its keys or rights are set up wrongly. Nothing is given up for it."""


class NotThere(Exception):
    """The platform signed that it knows no such order, refund or bill."""


class AlreadyPaid(Exception):
    """It cannot be closed or ordered again: it is paid."""


class Declined(Exception):
    """The platform refused for certain: nothing happened. ``code`` is its own, ``words`` its reason."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code, self.words = code, words


class Forged(Exception):
    """A notice that is not the platform's, or is too old; ``words`` say why, for the log."""


class Gateway(Protocol):
    """The platform's verbs.

    Every call :raises Unsure: see there; :raises Declined: see there
    """

    def order(self, merchant: MerchantKeys, order: Order) -> Prepaid:
        """:raises AlreadyPaid: the number is paid"""

    def query(self, merchant: MerchantKeys, number: str) -> Trade:
        """:raises NotThere: it has no such order"""

    def close(self, merchant: MerchantKeys, number: str) -> None:
        """Closing twice is closing once. :raises AlreadyPaid, NotThere: see there"""

    def refund(self, merchant: MerchantKeys, refund: RefundOrder) -> RefundNews: ...

    def query_refund(self, merchant: MerchantKeys, number: str) -> RefundNews:
        """:raises NotThere: it has no such refund"""

    def statement(self, merchant: MerchantKeys, day: date, kind: str) -> tuple[bytes, str]:
        """A day's bill, unpacked, and its SHA1 as announced and checked. :raises NotThere: no bill for that day (yet)"""

    def client_params(self, merchant: MerchantKeys, app_id: str, prepay_id: str) -> dict[str, str]:
        """What wx.requestPayment or the JSAPI needs, signed; makes no call."""

    def read_notice(self, merchant: MerchantKeys, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """Verify and open a notice; makes no call. :raises Forged: it is none of the platform's"""
