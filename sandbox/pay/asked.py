"""What a merchant's request must look like (protocol sheet 7.3, 7.5); a new field is checked in the function of its call."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sandbox.pay.errors import invalid, wrong_field

OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
OUT_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
Body = Mapping[str, Any]


def text(body: Body, field: str, least: int, most: int, at: str = "", *, needed: bool = True) -> str:
    """A string of so many characters.

    :raises PayError: PARAM_ERROR
    """
    value = body.get(field)
    if value is None and field not in body and not needed:
        return ""
    if not isinstance(value, str):
        raise wrong_field(f"{at}/{field}", value, "必填，且为字符串")
    if not least <= len(value) <= most:
        raise wrong_field(f"{at}/{field}", value, f"长度应为 {least} 到 {most}")
    return value


def inside(body: Body, field: str, at: str = "") -> Body:
    """An object.

    :raises PayError: PARAM_ERROR
    """
    value = body.get(field)
    if not isinstance(value, dict):
        raise wrong_field(f"{at}/{field}", value, "必填，且为对象")
    return value


def fen(body: Body, field: str, at: str, least: int = 1) -> int:
    """Whole fen: no text, no fraction.

    :raises PayError: PARAM_ERROR
    """
    value = body.get(field)
    if type(value) is not int or value < least:
        raise wrong_field(f"{at}/{field}", value, f"应为不小于 {least} 的整数，单位为分")
    return value


def currency(amount: Body) -> str:
    """CNY, which is also what is meant when it is left out."""
    value = amount.get("currency", "CNY")
    if value != "CNY":
        raise wrong_field("/amount/currency", value, "仅支持 CNY")
    return "CNY"


def out_trade_no(body: Body) -> str:
    """6 to 32 of the letters the platform takes."""
    value = text(body, "out_trade_no", 6, 32)
    if not OUT_TRADE_NO.fullmatch(value):
        raise wrong_field("/out_trade_no", value, "只能是数字、大小写字母和 _-|*")
    return value


def out_refund_no(body: Body) -> str:
    """1 to 64 of the letters the platform takes."""
    value = text(body, "out_refund_no", 1, 64)
    if not OUT_REFUND_NO.fullmatch(value):
        raise wrong_field("/out_refund_no", value, "只能是数字、大小写字母和 _-|*@")
    return value


def notify_url(body: Body, *, needed: bool = True) -> str:
    """An address without a query."""
    value = text(body, "notify_url", 1, 256, needed=needed)
    where = urlsplit(value)
    if value and (where.scheme not in ("http", "https") or not where.netloc or "?" in value or "#" in value):
        raise wrong_field("/notify_url", value, "应为 http(s) 地址，不能带参数")
    return value


def time_expire(body: Body, now: float, default: float) -> float:
    """Until when it may be paid.

    :raises PayError: not RFC 3339 with an offset, or over already
    """
    if "time_expire" not in body:
        return default
    value = text(body, "time_expire", 1, 64)
    if not RFC3339.fullmatch(value):
        raise wrong_field("/time_expire", value, "应为 RFC 3339 格式，如 2018-06-08T10:34:56+08:00")
    until = datetime.fromisoformat(value).timestamp()
    if until <= now:
        raise invalid("订单失效时间 time_expire 应晚于当前时间")
    return until


def scene(body: Body) -> dict[str, Any]:
    """What H5 needs more: the payer's address and what opens the browser."""
    told = inside(body, "scene_info")
    text(told, "payer_client_ip", 1, 45, "/scene_info")
    if text(inside(told, "h5_info", "/scene_info"), "type", 1, 32, "/scene_info/h5_info") not in (
        "iOS",
        "Android",
        "Wap",
    ):
        raise wrong_field("/scene_info/h5_info/type", told["h5_info"]["type"], "应为 iOS、Android 或 Wap")
    return {}
