"""Shipping of what was paid in a mini-program (protocol sheet 6.5): without it the money stays frozen, and the platform reminds.

Events come by the platform's clock: a reminder after 48 hours, the settlement after its period.
"""

from datetime import datetime
from typing import Any

from sandbox.accounts import MINI_PROGRAM
from sandbox.api.endpoint import ApiCall, Endpoint
from sandbox.errors import PlatformError
from sandbox.pay.asked import RFC3339
from sandbox.pay.shipments import Shipment
from sandbox.pay.trades import Trade

OK = {"errcode": 0, "errmsg": "ok"}
EXPRESS, MOST_PARTS, DESCRIPTION = 1, 15, 120


def upload(call: ApiCall) -> dict[str, Any]:
    """POST /wxa/sec/order/upload_shipping_info: once, and once more to correct it."""
    body = call.json()
    trade = _trade(call, body.get("order_key"))
    call.openid, call.gist = trade.openid, trade.out_trade_no
    told = _checked(body)
    payer = body.get("payer")
    if not isinstance(payer, dict) or payer.get("openid") != trade.openid:
        raise PlatformError(10060031)
    shipments = call.platform.pay.shipments
    known = shipments.of(trade)
    if known.told == told:
        raise PlatformError(10060023)
    if known.uploads >= 2:
        raise PlatformError(10060003)
    if known.settled:
        raise PlatformError(10060002)
    shipments.ship(known, told)
    return OK


def _trade(call: ApiCall, key: object) -> Trade:
    """The trade meant, of this mini-program.

    :raises PlatformError: 10060001 when there is none, or it is not paid
    """
    if not isinstance(key, dict) or key.get("order_number_type") not in (1, 2):
        raise PlatformError(40097, "order_key")
    till = call.platform.pay
    for trade in list(till.trades.values()):
        mine = trade.transaction_id == key.get("transaction_id")
        if key["order_number_type"] == 1:
            mine = (trade.mch_id, trade.out_trade_no) == (key.get("mchid"), key.get("out_trade_no"))
        if mine and trade.paid and trade.app_id == call.app_id:
            return trade
    raise PlatformError(10060001)


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    kind, parts = body.get("logistics_type"), body.get("shipping_list")
    if kind not in (1, 2, 3, 4) or body.get("delivery_mode") not in (1, 2):
        raise PlatformError(40097, "logistics_type or delivery_mode")
    if not isinstance(parts, list) or not 1 <= len(parts) <= (1 if body["delivery_mode"] == 1 else MOST_PARTS):
        raise PlatformError(40097, "shipping_list")
    for part in parts:
        description = part.get("item_desc") if isinstance(part, dict) else None
        if not isinstance(description, str) or not 1 <= len(description) <= DESCRIPTION:
            raise PlatformError(40097, "item_desc")
        if kind == EXPRESS and not (part.get("tracking_no") and part.get("express_company")):
            raise PlatformError(40097, "tracking_no or express_company")
    at = body.get("upload_time")
    if not isinstance(at, str) or not RFC3339.fullmatch(at):
        raise PlatformError(268485216)
    datetime.fromisoformat(at)
    return {name: body[name] for name in ("logistics_type", "delivery_mode", "shipping_list")}


def get_order(call: ApiCall) -> dict[str, Any]:
    """POST /wxa/sec/order/get_order: how far it is; 1 not shipped, 2 shipped, 4 settled, 5 refunded."""
    body = call.json()
    key = {"order_number_type": 2, "transaction_id": body.get("transaction_id")}
    if not body.get("transaction_id"):
        key = {"order_number_type": 1, "mchid": body.get("merchant_id"), "out_trade_no": body.get("merchant_trade_no")}
    trade = _trade(call, key)
    return {**OK, "order": _shown(call.platform.pay.shipments.of(trade), trade)}


def _shown(known: Shipment, trade: Trade) -> dict[str, Any]:
    state = 5 if trade.refunded >= trade.total else 4 if known.settled else 2 if known.told else 1
    return {
        "transaction_id": trade.transaction_id,
        "merchant_id": trade.mch_id,
        "sub_merchant_id": "",
        "merchant_trade_no": trade.out_trade_no,
        "description": trade.description,
        "paid_amount": trade.payer_total,
        "openid": trade.openid,
        "trade_create_time": int(trade.created_at),
        "pay_time": int(trade.paid_at),
        "order_state": state,
        "in_complaint": False,
        "shipping": {**(known.told or {}), "finish_shipping": bool(known.told), "finish_shipping_count": known.uploads},
    }


def managed(call: ApiCall) -> dict[str, Any]:
    """POST /wxa/sec/order/is_trade_managed: every mini-program here is."""
    return {**OK, "is_trade_managed": True}


ENDPOINTS = [
    Endpoint("/wxa/sec/order/upload_shipping_info", "POST", upload, kind=MINI_PROGRAM),
    Endpoint("/wxa/sec/order/get_order", "POST", get_order, kind=MINI_PROGRAM),
    Endpoint("/wxa/sec/order/is_trade_managed", "POST", managed, kind=MINI_PROGRAM),
]
