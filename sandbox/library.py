"""The templates an account has chosen from the platform's library; a new one is a row of LIBRARY.

A field's name says what it takes: thing1, time2, character_string3 … (protocol sheet 5.2).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.errors import PlatformError

FIELD = re.compile(r"([a-z_]+?)(\d{1,2})")
THING = 20  # characters shown; the platform cuts the rest off


@dataclass(frozen=True)
class Template:
    """One template: its title on the phone, and its fields with the words before their values."""

    template_id: str
    title: str
    fields: dict[str, str]


LIBRARY = [
    Template(
        "sandbox-template-progress-0000000000000000",
        "服务工单进度提醒",
        {"character_string1": "工单编号", "thing2": "服务项目", "phrase3": "当前状态", "thing4": "温馨提示"},
    ),
    Template(
        "sandbox-template-appointment-0000000000000",
        "上门服务预约提醒",
        {"thing1": "服务项目", "time2": "上门时间", "thing3": "服务人员", "thing4": "温馨提示"},
    ),
    Template(
        "sandbox-template-question-0000000000000000",
        "服务时间变更确认",
        {"character_string1": "工单编号", "time2": "原定时间", "time3": "变更后时间", "thing4": "变更说明"},
    ),
]


def _anything(value: str) -> bool:
    return True


TIME = r"(\d{4}年\d{1,2}月\d{1,2}日\s?)?\d{1,2}:\d{2}(:\d{2})?"
DATE = r"\d{4}([年\-/.])\d{1,2}([月\-/.])\d{1,2}日?"
SYMBOL = r"[^\w\s]{1,5}"
TAKES: dict[str, Callable[[str], bool]] = {
    "time": lambda value: bool(re.fullmatch(rf"{TIME}(\s?~\s?{TIME})?", value)),
    "date": lambda value: bool(re.fullmatch(rf"{DATE}(\s?\d{{1,2}}:\d{{2}})?(\s?~.+)?", value)),
    "character_string": lambda value: value.isascii() and len(value) <= 32,
    "number": lambda value: bool(re.fullmatch(r"-?\d+(\.\d+)?", value)) and len(value) <= 32,
    "letter": lambda value: value.isascii() and value.isalpha() and len(value) <= 32,
    "phrase": lambda value: bool(re.fullmatch(r"[一-鿿]{1,5}", value)),
    "phone_number": lambda value: bool(re.fullmatch(r"[0-9+\-() ]{1,17}", value)),
    "amount": lambda value: bool(re.fullmatch(r"[¥￥$]?\d{1,10}(\.\d+)?元?", value)),
    "name": lambda value: len(value) <= (20 if value.isascii() else 10),
    "symbol": lambda value: bool(re.fullmatch(SYMBOL, value)),
    "car_number": lambda value: len(value) <= 8,
}


def find(templates: dict[str, Template], template_id: object) -> Template:
    """:raises PlatformError: 40037 when the account has no such template"""
    found = templates.get(str(template_id))
    if found is None:
        raise PlatformError(40037)
    return found


def lines(template: Template, data: object, *, strict: bool = False) -> list[dict[str, str]]:
    """What the phone shows, in the template's order; `strict`, as with subscriptions, refuses what is else cut off.

    :raises PlatformError: 47003 when a field is missing, empty, has a line break, or a value its kind does not take
    """
    given = data if isinstance(data, dict) else {}
    shown = []
    for name, title in template.fields.items():
        one = given.get(name)
        value = str(one.get("value", "")) if isinstance(one, dict) else ""
        if not value:
            raise PlatformError(47003, f"data.{name}.value is empty")
        found = FIELD.fullmatch(name)
        takes = TAKES.get(found[1] if found else "", _anything)
        if strict and found and found[1] == "thing" and len(value) > THING:
            raise PlatformError(47003, f"data.{name}.value invalid")
        if "\n" in value or any(not letter.isprintable() for letter in value) or not takes(value):
            raise PlatformError(47003, f"data.{name}.value invalid")
        plain = "".join(letter for letter in value if ord(letter) < 0x1_0000)  # the platform drops emoji
        cut = plain[:THING] if found and found[1] in ("thing", "const") else plain
        shown.append({"name": title, "value": cut})
    return shown
