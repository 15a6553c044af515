"""What the platform knows about the shipping of each trade of a mini-program, and tells it by itself; a new event is a row of
program_pushes.PROGRAM_KINDS and a deed here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.accounts import MINI_PROGRAM
from sandbox.pay.trades import Trade

if TYPE_CHECKING:
    from sandbox.pay.till import Till

REMIND = 48 * 3600.0
DAY = 86_400.0
EXPRESS = 1


@dataclass
class Shipment:
    """One trade's shipping; `told` is what was uploaded last."""

    trade: Trade
    told: dict[str, Any] | None = None
    uploads: int = 0
    shipped_at: float = 0.0
    settles_at: float = 0.0
    settled: bool = False


class Shipments:
    """All of one till. Guarded by the till's lock."""

    def __init__(self, till: "Till") -> None:
        self._till = till
        self._known: dict[str, Shipment] = {}

    def of(self, trade: Trade) -> Shipment:
        """The shipping of a paid trade."""
        with self._till.lock:
            return self._known.setdefault(trade.transaction_id, Shipment(trade))

    def clear(self) -> None:
        """Forget them."""
        self._known.clear()

    def paid(self, trade: Trade) -> None:
        """Money came: in two days a mini-program is reminded, unless it ships."""
        if self._till.platform.account(trade.app_id).config.kind == MINI_PROGRAM:
            self._till.timeline.at(trade.paid_at + REMIND, lambda: self._remind(self.of(trade)))

    def ship(self, known: Shipment, told: dict[str, Any]) -> None:
        """It was shipped, or its shipping corrected; the settlement follows: an express in ten days, anything else in two."""
        till, first = self._till, not known.uploads
        with till.lock:
            known.told, known.uploads, known.shipped_at = told, known.uploads + 1, till.now
            known.settles_at = till.now + (10 if told["logistics_type"] == EXPRESS else 2) * DAY
        self._push(known, "trade_settlement", self._times(known))
        if first:
            till.timeline.at(known.settles_at, lambda: self._settle(known))

    def _remind(self, known: Shipment) -> None:
        if not known.uploads and known.trade.refunded < known.trade.total:
            self._push(known, "trade_remind_shipping", {"msg": "订单已支付超过48小时，请尽快发货"})

    def _settle(self, known: Shipment) -> None:
        if self._till.now < known.settles_at:  # shipped again meanwhile
            self._till.timeline.at(known.settles_at, lambda: self._settle(known))
            return
        known.settled = True
        at = int(self._till.now)
        late = {"confirm_receive_method": 2, "confirm_receive_time": at, "settlement_time": at}
        self._push(known, "trade_settlement", {**self._times(known), **late})

    def _times(self, known: Shipment) -> dict[str, Any]:
        return {"shipped_time": int(known.shipped_at), "estimated_settlement_time": int(known.settles_at)}

    def _push(self, known: Shipment, kind: str, more: dict[str, Any]) -> None:
        trade = known.trade
        facts = {
            "transaction_id": trade.transaction_id, "merchant_id": trade.mch_id, "sub_merchant_id": "",
            "merchant_trade_no": trade.out_trade_no, "pay_time": int(trade.paid_at), **more,
        }  # fmt: skip
        self._till.platform.send(trade.openid, kind, wait=False, **facts)
