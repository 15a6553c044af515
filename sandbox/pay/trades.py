"""A trade and its refunds as the platform keeps and shows them (protocol sheet 7.3 to 7.5); a new state is a row of `WORDS`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

SHANGHAI = timezone(timedelta(hours=8))
WORDS = {
    "NOTPAY": "订单未支付",
    "SUCCESS": "支付成功",
    "CLOSED": "订单已关闭",
    "REFUND": "转入退款",
}
BANK = "OTHERS"  # paid from the balance of the phone
ACCOUNT = "支付用户零钱"


def rfc3339(seconds: float) -> str:
    """As the platform writes times: whole seconds of Shanghai."""
    return datetime.fromtimestamp(int(seconds), SHANGHAI).isoformat()


@dataclass
class Refund:
    """One refund: PROCESSING, then SUCCESS, CLOSED or ABNORMAL. Amounts are fen."""

    refund_id: str
    out_refund_no: str
    trade: "Trade"
    refund: int
    payer_refund: int
    fee_back: int
    reason: str
    notify_url: str
    funds_account: str
    created_at: float
    outcome: str  # what PROCESSING will become
    status: str = "PROCESSING"
    done_at: float = 0.0
    account: str = ACCOUNT

    def show(self) -> dict[str, Any]:
        """As the refund API answers."""
        trade = self.trade
        return {
            "refund_id": self.refund_id,
            "out_refund_no": self.out_refund_no,
            "transaction_id": trade.transaction_id,
            "out_trade_no": trade.out_trade_no,
            "channel": "ORIGINAL",
            "user_received_account": self.account,
            "create_time": rfc3339(self.created_at),
            **({"success_time": rfc3339(self.done_at)} if self.status == "SUCCESS" else {}),
            "status": self.status,
            "funds_account": self.funds_account,
            "amount": {
                "total": trade.total,
                "refund": self.refund,
                "from": [],
                "payer_total": trade.payer_total,
                "payer_refund": self.payer_refund,
                "settlement_refund": self.refund,
                "settlement_total": trade.total,
                "discount_refund": self.refund - self.payer_refund,
                "currency": trade.currency,
            },
            "promotion_detail": [],
        }

    def notice(self) -> dict[str, Any]:
        """The plain text of its notification: the state is called refund_status there."""
        trade = self.trade
        return {
            "mchid": trade.mch_id,
            "out_trade_no": trade.out_trade_no,
            "transaction_id": trade.transaction_id,
            "out_refund_no": self.out_refund_no,
            "refund_id": self.refund_id,
            "refund_status": self.status,
            **({"success_time": rfc3339(self.done_at)} if self.status == "SUCCESS" else {}),
            "amount": {
                "total": trade.total,
                "refund": self.refund,
                "payer_total": trade.payer_total,
                "payer_refund": self.payer_refund,
            },
            "user_received_account": self.account,
        }


@dataclass
class Trade:
    """One order of a merchant. `state` is a key of `WORDS`; `asked` is the request that made it. Amounts are fen."""

    mch_id: str
    out_trade_no: str
    trade_type: str  # JSAPI, NATIVE or MWEB
    app_id: str
    description: str
    total: int
    currency: str
    attach: str
    notify_url: str
    openid: str  # who must pay; '' with NATIVE and MWEB until somebody paid
    asked: dict[str, Any]
    created_at: float
    expires_at: float
    state: str = "NOTPAY"
    transaction_id: str = ""
    paid_at: float = 0.0
    payer_total: int = 0
    fee: int = 0
    refunds: list[Refund] = field(default_factory=list)

    @property
    def paid(self) -> bool:
        """Money came, whether or not some went back."""
        return self.state in ("SUCCESS", "REFUND")

    @property
    def refunded(self) -> int:
        """Fen given back or on their way back."""
        return sum(one.refund for one in self.refunds if one.status != "CLOSED")

    def show(self) -> dict[str, Any]:
        """As the query answers and as a notification says."""
        shown: dict[str, Any] = {
            "appid": self.app_id,
            "mchid": self.mch_id,
            "out_trade_no": self.out_trade_no,
            "trade_state": self.state,
            "trade_state_desc": WORDS[self.state],
            "attach": self.attach,
            "payer": {"openid": self.openid} if self.paid else {},
            "amount": {"total": self.total, "currency": self.currency},
            "promotion_detail": [],
        }
        if not self.paid:
            return shown
        coupon = self.total - self.payer_total
        return shown | {
            "transaction_id": self.transaction_id,
            "trade_type": self.trade_type,
            "bank_type": BANK,
            "success_time": rfc3339(self.paid_at),
            "amount": {
                "total": self.total,
                "payer_total": self.payer_total,
                "currency": self.currency,
                "payer_currency": self.currency,
            },
            "promotion_detail": [
                {"coupon_id": "109519", "name": "满减券", "scope": "GLOBAL", "type": "CASH", "amount": coupon}
            ] if coupon else [],
        }  # fmt: skip
