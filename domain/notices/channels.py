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


FIELD = re.compile(r"(?P<kind>[a-z_]+?)(?P<number>\d{1,2})")
"""A template's field as the platform names it: ``thing1``, ``character_string2``."""

LONGEST: Mapping[str, int] = {
    "thing": 20,
    "character_string": 32,
    "time": 32,
    "date": 32,
    "phrase": 5,
    "name": 10,
    "phone_number": 17,
    "const": 20,
}
"""Characters by the kind of a field (wechat-protocol §5.1, §5.2): what is longer is cut or refused."""


def fitting(field: str, value: str) -> str:
    """The value as this field takes it: one line, no emoji, not too long; never empty, which would be refused (47003)."""
    found = FIELD.fullmatch(field)
    longest = LONGEST.get(found["kind"], 20) if found else 20
    plain = "".join(letter for letter in " ".join(value.split()) if letter.isprintable() and ord(letter) < 0x1_0000)
    if found and found["kind"] == "character_string":
        plain = "".join(letter for letter in plain if letter.isascii())
    if found and found["kind"] == "phrase":
        plain = "".join(letter for letter in plain if "一" <= letter <= "鿿")
    if found and found["kind"] == "phone_number":
        plain = "".join(letter for letter in plain if letter in "0123456789-+")
    return plain[: longest - 1] + "…" if len(plain) > longest and longest > 5 else plain[:longest] or "无"
