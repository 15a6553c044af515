"""The ways a message can go, and which kinds of value the platform's templates take. Pure.

A new channel is a member of `Channel`, a row of `TITLES` and a branch in `jobs.deliver`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

PATIENCE = timedelta(minutes=5)
"""A channel that asks for a longer pause than this is left for the next one, where there is one."""


class Channel(StrEnum):
    CHAT = "chat"
    """A customer-service message, inside the platform's window and quota."""
    TEMPLATE = "template"
    """A template message of an official account: its followers can always be sent one, of service matters only."""
    SMS = "sms"
    STAFF = "staff"
    """The staff's pager."""


TITLES: Mapping[Channel, str] = {
    Channel.CHAT: "微信会话",
    Channel.TEMPLATE: "微信模板消息",
    Channel.SMS: "短信",
    Channel.STAFF: "员工通知",
}


class Purpose(StrEnum):
    """What an account needs a template for; which one says it is a row of `domain.notices.model.MessageTemplate`."""

    PROGRESS = "progress"
    APPOINTMENT = "appointment"
    QUESTION = "question"


PURPOSES: Mapping[Purpose, str] = {
    Purpose.PROGRESS: "工单进度",
    Purpose.APPOINTMENT: "上门预约、提醒、出发",
    Purpose.QUESTION: "改约询问",
}

VALUES: Mapping[str, tuple[str, frozenset[str]]] = {
    "number": ("工单号", frozenset({"character_string", "thing", "number"})),
    "service": ("服务项目，如 空调维修", frozenset({"thing", "const"})),
    "window": ("上门时间，如 5月13日 14:00~16:00", frozenset({"thing"})),
    "time": ("上门时间，如 2026年5月13日 14:00~16:00", frozenset({"time", "date"})),
    "new_time": ("想改到的时间，如 2026年5月13日 16:00~18:00", frozenset({"time", "date"})),
    "engineer": ("师傅和工号，如 李师傅（工号 1024）", frozenset({"thing"})),
    "master": ("师傅，如 李师傅", frozenset({"thing", "name"})),
    "state": ("状态，五个字以内", frozenset({"phrase", "thing", "const"})),
    "tip": ("说明，二十个字以内", frozenset({"thing"})),
    "brand": ("品牌", frozenset({"thing", "name", "const"})),
    "hotline": ("客服电话", frozenset({"phone_number", "thing", "character_string"})),
}
"""What a template's field may be filled with → its title, and the kinds of field that take it (wechat-protocol §5.2)."""


FIELD = re.compile(r"(?P<kind>[a-z_]+?)(?P<number>\d{1,2})")
"""A template's field as the platform names it: ``thing1``, ``character_string2``."""

LONGEST: Mapping[str, int] = {
    "thing": 20,
    "character_string": 32,
    "number": 32,
    "time": 32,
    "date": 32,
    "phrase": 5,
    "name": 10,
    "phone_number": 17,
    "const": 20,
}
"""Characters by the kind of a field (wechat-protocol §5.1, §5.2): what is longer is cut or refused."""


ALLOWED: Mapping[str, re.Pattern[str]] = {
    "character_string": re.compile(r"[!-~]"),
    "number": re.compile(r"[0-9]"),
    "phone_number": re.compile(r"[0-9+-]"),
    "phrase": re.compile(r"[一-鿿]"),
}
"""The only characters these kinds of field take."""
NOTHING: Mapping[str, str] = {"character_string": "-", "number": "0", "phone_number": "0"}
"""What stands for no value, which would be refused (47003); elsewhere 无."""


def fitting(field: str, value: str) -> str:
    """The value as this field takes it: one line, no emoji, not too long, never empty."""
    found = FIELD.fullmatch(field)
    kind = found["kind"] if found else ""
    longest, allowed = LONGEST.get(kind, 20), ALLOWED.get(kind)
    plain = "".join(letter for letter in " ".join(value.split()) if letter.isprintable() and ord(letter) < 0x1_0000)
    if allowed:
        plain = "".join(allowed.findall(plain))
    if kind in ("thing", "const") and len(plain) > longest:
        return plain[: longest - 1] + "…"
    return plain[:longest] or NOTHING.get(kind, "无")
