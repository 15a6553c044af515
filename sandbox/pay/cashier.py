"""Where people pay: what a page hands over is checked as WeChat's cashier does; a new way to pay is a branch of `present`."""

from collections.abc import Mapping
from typing import Any

from sandbox.pay.errors import Unpayable
from sandbox.pay.signing import signed
from sandbox.pay.till import Till
from sandbox.pay.trades import Trade

NAMES = ("appId", "timeStamp", "nonceStr", "package", "signType", "paySign")
ACTS = ("look", "pay", "cancel", "fail")
BRIDGE = "get_brand_wcpay_request"


def present(till: Till, given: Mapping[str, Any]) -> Trade:
    """The trade that is asked to be paid: by the parameters of JSAPI and wx.requestPayment, a code_url, or H5's prepay_id.

    :raises Unpayable: in the words the phone shows
    """
    if "code_url" in given:
        return _of_kind(till, str(given["code_url"]), "NATIVE")
    if "prepay_id" in given:
        return _of_kind(till, str(given["prepay_id"]), "MWEB")
    for name in NAMES:
        if not isinstance(given.get(name), str) or not given[name]:
            raise Unpayable(f"调用支付JSAPI缺少参数：{name}")
    if given["signType"] != "RSA":
        raise Unpayable("支付签名类型 signType 应为 RSA")
    if not given["timeStamp"].isdecimal() or len(given["timeStamp"]) != 10:
        raise Unpayable("支付参数 timeStamp 应为秒级时间戳")
    head, _, prepay_id = given["package"].partition("=")
    if head != "prepay_id":
        raise Unpayable("支付参数 package 应为 prepay_id=…")
    trade = _of_kind(till, prepay_id, "JSAPI")
    key = till.merchants[trade.mch_id].public_key
    lines = (given["appId"], given["timeStamp"], given["nonceStr"], given["package"])
    if given["appId"] != trade.app_id or not signed(key, given["paySign"], *lines):
        raise Unpayable("支付验证签名失败")
    return trade


def _of_kind(till: Till, ticket: str, kind: str) -> Trade:
    trade = till.redeem(ticket)
    if trade.trade_type != kind:
        raise Unpayable("支付方式与下单时不一致")
    return trade


def act(till: Till, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the person does at the cashier, and what the page is told of it, as WeixinJSBridge does.

    `act` is look, pay, cancel or fail; `openid` is whose phone it is, where the trade does not say. `paid` is for the
    cashier itself: a page learns `err_msg` only, which the switch `cashier_lies` turns into a cancel.

    :raises ValueError: no such act
    """
    what = str(given.get("act") or "pay")
    if what not in ACTS:
        raise ValueError(f"act is one of {', '.join(ACTS)}")
    try:
        trade = present(till, given)
        if what == "look":
            return _seen(till, trade, str(given.get("openid") or ""))
        if what == "cancel":
            return {"err_msg": f"{BRIDGE}:cancel"}
        if what == "fail":
            return {"err_msg": f"{BRIDGE}:fail", "err_desc": "余额不足，请更换支付方式"}
        till.pay(trade, str(given.get("openid") or trade.openid))
    except Unpayable as wrong:
        return {"err_msg": f"{BRIDGE}:fail", "err_desc": str(wrong)}
    lies = till.platform.faults.take("cashier_lies")
    return {"err_msg": f"{BRIDGE}:{'cancel' if lies else 'ok'}", "paid": True}


def _seen(till: Till, trade: Trade, openid: str) -> dict[str, Any]:
    """What the cashier shows: who must pay, or whose phone it is, or else everybody who could."""
    platform, people = till.platform, []
    if not trade.openid and openid:
        openid = platform.elsewhere(openid, trade.app_id).openid
    openid = trade.openid or openid
    if not openid:
        people = [one for one in list(platform.people.values()) if one.app_id == trade.app_id]
    return {
        "merchant": till.merchants[trade.mch_id].name,
        "description": trade.description,
        "amount_fen": trade.total,
        "openid": openid,
        "payer_name": platform.person(openid).name if openid else "",
        "people": [{"openid": one.openid, "name": one.name} for one in people],
    }
