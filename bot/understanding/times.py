"""Days in the past, as people say when something was bought (去年双十一, 2025年3月). A new feast is a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.understanding.found import Found, read
from bot.understanding.normalise import Normalised


class Precision(StrEnum):
    """How much was said; a month or a year stands for its first day."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    precision: Precision


_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "十": 10}
_N = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
_YEAR = r"(?P<year>(?:19|20)\d{2}|\d{2}(?=年)|[二][零一二三四五六七八九]{3}|大前年|前年|去年|今年)"
_FEASTS = {
    "双十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
    "618": (6, 18),
    "六一八": (6, 18),
    "国庆": (10, 1),
}
_FEASTS |= {
    "元旦": (1, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "圣诞": (12, 25),
    "三八": (3, 8),
    "六一": (6, 1),
    "十一": (10, 1),
}
_AGO = {"今天": 0, "今日": 0, "刚刚": 0, "昨天": 1, "昨日": 1, "昨晚": 1, "前天": 2, "大前天": 3}

_FULL = re.compile(
    rf"(?<!\d){_YEAR}(?:(?<=[前去今]年)|\s*(?:年|[-./]))的?\s*(?P<month>{_N})\s*(?:月份?|[-./])\s*(?P<day>{_N})(?:日|号|(?!\d))"
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>20[0-3]\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)")
_MONTH = re.compile(rf"(?<!\d){_YEAR}\s*(?:年|[-./])?\s*(?P<month>{_N})\s*月份?(?!\d)")
_MONTH_DASHED = re.compile(r"(?<!\d)(?P<year>20[0-3]\d)[-./](?P<month>0?[1-9]|1[0-2])(?![\d\-./])")
_FEAST = re.compile(rf"(?:{_YEAR}年?的?)?(?P<feast>{'|'.join(_FEASTS)})(?!月|点|\d)")
_MONTH_DAY = re.compile(
    rf"(?<!\d)(?P<when>上个?月|这个?月|本月)?(?P<month>{_N})?\s*(?:月|(?<=月))\s*(?P<day>{_N})(?:日|号)"
)
_LAST_MONTH = re.compile(r"(?P<when>上上个?月|上个?月|这个?月|本月)(?:(?P<day>\d{1,2})(?:日|号))?")
_DAYS_AGO = re.compile(rf"(?P<n>{_N}|半)\s*个?(?P<unit>天|周|星期|礼拜|月|年)(?:多|左右)?(?:以)?(?:之)?前")
_SAID = re.compile("|".join(sorted(_AGO, key=len, reverse=True)))
_ONLY_YEAR = re.compile(rf"(?<!\d){_YEAR}(?:年(?!月|前|保)|(?<=前年)|(?<=去年)|(?<=今年))")


def find_date(text: str | Normalised, today: date) -> Found[Day] | None:
    """The first day named, as nearly as it was said; None for none, or for one that no calendar has (2月30日).

    Days without a year are the last such day not after today.
    """
    said = read(text)
    for pattern, make in _READERS:
        for match in pattern.finditer(said.text):
            day = make(match, today)
            if day is None and make is _full:
                return None
            if day:
                return Found(day, said.span(*match.span()), 1.0 if day.precision is Precision.DAY else 0.8)
    return None


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    if "十" in words:
        tens, _, ones = words.partition("十")
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
    return int("".join(str(_DIGITS[c]) for c in words))


def _year(words: str | None, today: date) -> int | None:
    if words is None:
        return None
    back = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}
    if words in back:
        return today.year - back[words]
    number = _number(words)
    return number + 2000 if number < 100 else number


def _made(year: int, month: int, day: int, precision: Precision) -> Day | None:
    try:
        return Day(date(year, month, day), precision)
    except ValueError:
        return None


def _last_such(month: int, day: int, today: date) -> Day | None:
    this_year = _made(today.year, month, day, Precision.DAY)
    return (
        this_year if this_year is None or this_year.day <= today else _made(today.year - 1, month, day, Precision.DAY)
    )


def _full(match: re.Match[str], today: date) -> Day | None:
    return _made(_year(match["year"], today) or 0, _number(match["month"]), _number(match["day"]), Precision.DAY)


def _month(match: re.Match[str], today: date) -> Day | None:
    return _made(_year(match["year"], today) or 0, _number(match["month"]), 1, Precision.MONTH)


def _feast(match: re.Match[str], today: date) -> Day | None:
    month, day = _FEASTS[match["feast"]]
    year = _year(match["year"], today)
    return _made(year, month, day, Precision.DAY) if year else _last_such(month, day, today)


def _month_day(match: re.Match[str], today: date) -> Day | None:
    return _last_such(_number(match["month"]), _number(match["day"]), today) if match["month"] else None


def _last_month(match: re.Match[str], today: date) -> Day | None:
    back = {"上上": 2, "上个": 1, "上月": 1}.get(match["when"][:2], 0)
    first = today.replace(day=1)
    for _ in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    if match["day"]:
        return _made(first.year, first.month, int(match["day"]), Precision.DAY)
    return Day(first, Precision.MONTH)


def _ago(match: re.Match[str], today: date) -> Day | None:
    number = 0.5 if match["n"] == "半" else _number(match["n"])
    days = number * {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30.44, "年": 365.25}[match["unit"]]
    precision = Precision.DAY if match["unit"] == "天" else Precision.YEAR if match["unit"] == "年" else Precision.MONTH
    return Day(today - timedelta(days=round(days)), precision)


def _named(match: re.Match[str], today: date) -> Day | None:
    return Day(today - timedelta(days=_AGO[match.group()]), Precision.DAY)


def _only_year(match: re.Match[str], today: date) -> Day | None:
    return _made(_year(match["year"], today) or 0, 1, 1, Precision.YEAR)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Day | None]], ...] = (
    (_FULL, _full),
    (_COMPACT, _full),
    (_FEAST, _feast),
    (_MONTH, _month),
    (_MONTH_DASHED, _month),
    (_LAST_MONTH, _last_month),
    (_MONTH_DAY, _month_day),
    (_DAYS_AGO, _ago),
    (_SAID, _named),
    (_ONLY_YEAR, _only_year),
)
