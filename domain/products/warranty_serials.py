"""Reading the day a product was made from its serial, by the brand's mask.

A mask is written over the serial's upper-case letters and digits: ``{YYYY}`` or ``{YY}`` the year, ``{MM}`` ``{DD}`` or ``{WW}``
(week of the year) the day, ``?`` any letter or digit, all else as it stands: ``YF{YY}{WW}???????``. A new format is a new
dated row of `domain.products.warranty_model.SerialRule`.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from domain.kit.errors import Refused

PIECES = {"{YYYY}": r"(?P<year>\d{4})", "{YY}": r"(?P<short>\d{2})", "{MM}": r"(?P<month>\d{2})", "{DD}": r"(?P<day>\d{2})",
          "{WW}": r"(?P<week>\d{2})", "?": "[0-9A-Z]"}  # fmt: skip
LONGEST = 60


class BadMask(Refused):
    """A mask from which no day can be read."""

    code = "bad_mask"


@lru_cache(maxsize=500)
def pattern(mask: str) -> re.Pattern[str]:
    """:raises BadMask: it says no year, or neither month nor week, or says something twice"""
    pieces = re.findall(r"\{\w+\}|.", mask)
    years = [one for one in pieces if one in ("{YYYY}", "{YY}")]
    named = [one for one in pieces if one.startswith("{")]
    if (
        len(mask) > LONGEST
        or len(years) != 1
        or len(set(named)) != len(named)
        or ("{MM}" in named) == ("{WW}" in named)
    ):
        raise BadMask("格式里要有一个年份，以及月份或周次中的一个")
    if any(one not in PIECES and not re.fullmatch("[0-9A-Z]", one) for one in pieces) or (
        "{DD}" in named and "{WW}" in named
    ):
        raise BadMask("格式只能用大写字母、数字、?、{YYYY}、{YY}、{MM}、{DD}、{WW}")
    return re.compile("".join(PIECES.get(one, one) for one in pieces))


def made_on(serial_key: str, mask: str) -> date | None:
    """The first day of the month or week in which it was made, None where the serial is not of this format."""
    found = pattern(mask).fullmatch(serial_key)
    if found is None:
        return None
    said = {name: int(value) for name, value in found.groupdict().items() if value is not None}
    year = said.get("year", 2000 + said.get("short", 0))
    try:
        if "week" in said:
            return date.fromisocalendar(year, said["week"], 1)
        return date(year, said["month"], said.get("day", 1))
    except ValueError:
        return None
