"""★ What the fields of templates take, and what they may be filled with (wechat-protocol §5.2). Pure.

A new value is a row of `VALUES`; whoever tells puts it into `domain.notices.facts.Facts.values` under the same name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

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
    "amount": ("金额，如 ¥128.00", frozenset({"amount"})),
    "paper": ("单号，如付款单、报价、凭证的编号", frozenset({"character_string", "thing"})),
    "product": ("产品，如 1.5匹变频空调", frozenset({"thing"})),
    "item": ("项目，如 延保两年、清洗卡", frozenset({"thing"})),
    "when": ("发生的时间，如 2026年5月13日 14:05", frozenset({"time", "date"})),
    "days": ("剩余天数", frozenset({"number", "thing"})),
    "until": ("有效期至，如 2027年5月13日", frozenset({"time", "date"})),
}
"""What a template's field may be filled with → its title, and the kinds of field that take it."""

FIELD = re.compile(r"(?P<kind>[a-z_]+?)(?P<number>\d{1,2})")
"""A template's field as the platform names it: ``thing1``, ``character_string2``."""

LONGEST: Mapping[str, int] = {
    "thing": 20,
    "character_string": 32,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "time": 64,
    "date": 64,
    "amount": 15,
    "phrase": 5,
    "name": 20,
    "car_number": 8,
    "phone_number": 17,
    "const": 20,
    "enum": 20,
}
"""Characters by the kind of a field: what is longer is cut or refused."""

ALLOWED: Mapping[str, re.Pattern[str]] = {
    "character_string": re.compile(r"[!-~]"),
    "number": re.compile(r"[0-9.]"),
    "letter": re.compile(r"[A-Za-z]"),
    "symbol": re.compile(r"[!-/:-@\[-`{-~]"),
    "amount": re.compile(r"[0-9.¥￥$元]"),
    "phone_number": re.compile(r"[0-9+-]"),
    "phrase": re.compile(r"[一-鿿]"),
}
"""The only characters these kinds of field take."""
NOTHING: Mapping[str, str] = {"character_string": "-", "number": "0", "phone_number": "0", "symbol": "-", "letter": "N"}
"""What stands for no value, which would be refused (47003); elsewhere 无."""

CLOCK = r"\d{1,2}:\d{2}(:\d{2})?"
DAY = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}([-/.])\d{1,2}\3\d{1,2})"
MOMENT = rf"(\d{{4}}年\d{{1,2}}月\d{{1,2}}日 ?)?{CLOCK}"
TIME = re.compile(rf"(?:{MOMENT})(?: ?~ ?(?:{MOMENT}))?")
DATE = re.compile(rf"(?:{DAY.replace('3', '2')})(?: ?{CLOCK})?(?: ?~ ?.{{1,24}})?")


def plainly(kind: str) -> Callable[[str], bool]:
    """Made of the kind's characters only, and not too long."""
    allowed, longest = ALLOWED.get(kind), LONGEST[kind]
    return lambda value: len(value) <= longest and (allowed is None or len(allowed.findall(value)) == len(value))


def is_name(value: str) -> bool:
    return len(value) <= (20 if value.isascii() else 10)


TAKES: Mapping[str, Callable[[str], bool]] = {
    **{kind: plainly(kind) for kind in LONGEST},
    "number": lambda value: bool(re.fullmatch(r"[0-9]+(\.[0-9]+)?", value)) and len(value) <= 32,
    "time": lambda value: bool(TIME.fullmatch(value) or DATE.fullmatch(value)),
    "date": lambda value: bool(DATE.fullmatch(value)),
    "amount": lambda value: bool(re.fullmatch(r"[¥￥$]?\d{1,10}(\.\d+)?元?", value)),
    "name": is_name,
}
"""Whether a value is one the mini-program's platform takes: it refuses the whole message for one that is not (47003),
where official accounts cut it."""


def fitting(field: str, value: str) -> str:
    """The value as this field takes it: one line, no emoji, not too long, never empty."""
    kind = kind_of(field)
    longest, allowed = LONGEST.get(kind, 20), ALLOWED.get(kind)
    plain = "".join(letter for letter in " ".join(value.split()) if letter.isprintable() and ord(letter) < 0x1_0000)
    if allowed:
        plain = "".join(allowed.findall(plain))
    if kind == "name" and not plain.isascii():
        longest = 10
    if kind in ("thing", "const") and len(plain) > longest:
        return plain[: longest - 1] + "…"
    return plain[:longest] or NOTHING.get(kind, "无")


def unfit(values: Mapping[str, str]) -> str:
    """The first field whose value the platform would refuse, "" when all are well."""
    for field, value in values.items():
        takes = TAKES.get(kind_of(field))
        if not value or not value.isprintable() or takes is None or not takes(value):
            return field
    return ""


def kind_of(field: str) -> str:
    found = FIELD.fullmatch(field)
    return found["kind"] if found else ""
