"""Times as people say them (后天九点到十一点, 下周三, 国庆后第一天, 听日下昼): what was said, not yet which moment it is.

A day, a part of the day and a clock time are read apart and joined when they stand together. A new way to say one of
them is a row in `_DAYS`, `HALVES` or `_CLOCK`. Which of several times is the visit wanted: `visits`; when it is: `windows`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.understanding.days import Day, read_day
from bot.understanding.found import read
from bot.understanding.lexicon.phrases import TIME
from bot.understanding.normalise import Normalised
from bot.understanding.numerals import NUMBER, number

LONGEST = 400
"""Characters looked at for times; a pasted wall must not cost a turn."""
EVENING = 18
NOON = 12


class HalfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Bound(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Moment:
    """One time said, `text[start:end]` of the normalised text; `until_hour` closes a period, `until_day` one of days."""

    start: int
    end: int
    day: Day | None = None
    half: HalfDay | None = None
    hour: int | None = None
    minute: int = 0
    bound: Bound | None = None
    until_hour: int | None = None
    until_day: Day | None = None

    @property
    def has_clock(self) -> bool:
        return self.hour is not None


HALVES = {
    HalfDay.MORNING: """凌晨 清早 清晨 一大清早 大清早 一大早 一清早 一早 早上 早晨 早间 上午 上昼 朝早 朝头早 早起
        头晌 前晌 晨间 头午 上半天 前半晌 上半日 早""",
    HalfDay.AFTERNOON: "中午 正午 午间 晌午 晏昼 后晌 下晌 过午 下午 下昼 午后 下半天 后半晌 下半日 过晌 晏晡",
    HalfDay.EVENING: """傍晚 黄昏 晚上 夜晚 夜里 夜间 晚间 半夜 午夜 天黑后 天黑以后 擦黑 夜晚黑 晚黑 晚夕
        下班后 下班以后 下班之后 下了班 收工后 放工后 放工 下班 晚 夜头 夜""",
}
_HALF_OF = {word: half for half, words in HALVES.items() for word in words.split()}
_SMALL = "早 晚 夜 一早"
"""Only behind a day (明早) or before a clock time (晚7点); alone they mean something else."""
_HALF = re.compile("|".join(sorted(_HALF_OF, key=len, reverse=True)))
_CLOCK = re.compile(
    rf"(?<![0-9a-z.:：第])(?P<hour>{NUMBER})"
    rf"(?:(?P<mark>点钟?|时(?![间候不常])|:(?=\d\d))(?P<minute>半|[一三]刻|零?{NUMBER}分?)?|(?P<m>am|pm)(?![a-z]))"
    rf"(?:整|左右|多钟?|许|前后|钟|[0-9]+秒)*"
)
_A_LITTLE = re.compile(
    r"(?:有|快|早|晚|慢|差|大|小|多|少|好|轻|重|高|低|[是得了没不]|冇|还|剩|便宜|详细|远|近|新|旧|冷|热|凉)$"
)
_SURE_CLOCK = re.compile(r"钟|半|刻|整|左右|[0-9]|[之以]?前|[之以]?后|到|来|吧|行|可以|在家")
_TO = re.compile(r"\s*(?:到|至|-|~|—|一直到|和|跟|同)\s*")
_AFTER = re.compile(r"(?:[之以]?后|过后|起|开始|之后)(?!天)")
_BEFORE = re.compile(r"(?:[之以]?前|以前)(?!天)")
_GLUE = re.compile(r"\s*(?:的|,|那天|当天|\(|\))?\s*")


def moments_in(text: str | Normalised) -> list[Moment]:
    """All times said, in order; days that are over too."""
    said = read(text).text[:LONGEST]
    found: list[Moment] = []
    at = 0
    while at < len(said):
        moment = _moment_at(said, at)
        if moment is None:
            at += 1
            continue
        at = moment.end
        found.append(moment)
    return _periods(said, found)


def _moment_at(text: str, at: int) -> Moment | None:
    moment: Moment | None = None
    place = at
    day = read_day(text, at)
    if day:
        place = day.end
        moment = Moment(at, place, day=day)
        again = read_day(text, _glued(text, place))
        if again and again.weekday and not day.weekday:
            place = again.end
            moment = replace(moment, end=place)
    half_from = _glued(text, place) if moment else place
    half = _half_at(text, half_from, behind_a_day=moment is not None)
    if half:
        word, value = half
        place = half_from + len(word)
        moment = replace(moment or Moment(at, place), end=place, half=value)
        again_half = _half_at(text, place, behind_a_day=True)
        if again_half:  # 晚上下班后
            place += len(again_half[0])
            either = value is HalfDay.MORNING and again_half[1] is not value and "夜" not in word
            moment = replace(moment, end=place, half=None if either and moment.day else again_half[1])
    clock_from = _glued(text, place) if moment else place
    if half and half[0] in ("中午", "正午", "晌午") and moment and not _CLOCK.match(text, clock_from):
        moment = replace(moment, hour=NOON)
    moment = _with_clock(text, clock_from, moment, half[0] if half else "")
    return _bounded(text, moment) if moment else None


def _glued(text: str, place: int) -> int:
    gap = _GLUE.match(text, place)
    return gap.end() if gap else place


def _half_at(text: str, at: int, *, behind_a_day: bool) -> tuple[str, HalfDay] | None:
    match = _HALF.match(text, at)
    if not match:
        return None
    word = match.group()
    if text[max(0, at - 1) : at] in tuple("一整每大半好") and not behind_a_day:
        return None  # 等了一上午
    if word in _SMALL.split() and not behind_a_day and not _CLOCK.match(text, match.end()):
        return None
    if word in ("早", "晚", "夜") and behind_a_day and text[match.end() : match.end() + 1] in tuple("点些一就已了"):
        return None
    return word, _HALF_OF[word]


def _with_clock(text: str, at: int, moment: Moment | None, word: str) -> Moment | None:
    match = _CLOCK.match(text, at)
    if not match:
        return moment
    hour = _hour(match["hour"])
    is_vague = match["hour"] == "一" and match["mark"] == "点" and not match["minute"]
    is_little = is_vague and (_A_LITTLE.search(text[:at]) or not _SURE_CLOCK.match(text, match.start() + 2))
    if moment is None and is_little:
        return None
    if hour is None or hour > 24:
        return moment
    if match["m"]:
        word = "下午" if match["m"] == "pm" else "早上"
    hour = _by_half(hour, _HALF_OF.get(word), word)
    minute = _minute(match["minute"])
    half = half_of(hour)
    begun = moment or Moment(at, match.end())
    return replace(begun, end=match.end(), half=half, hour=hour, minute=minute)


def _hour(words: str) -> int | None:
    """The hour; of 七八点 and 十一二点 the first."""
    is_choice = (
        len(words) > 1 and not words.isdigit() and words[-1] in "二三四五六七八九" and words[-2] in "一二三四五六七八九"
    )
    return number(words[:-1] if is_choice else words)


def _by_half(hour: int, half: HalfDay | None, word: str) -> int:
    """七点 in the evening is 19; a bare 三点 for a visit is in the afternoon, 七点 to 十一点 in the morning."""
    if hour == 24:
        return 0
    if half is HalfDay.EVENING:
        return 0 if hour == NOON else hour + 12 if hour < NOON and not (word in ("半夜", "夜里") and hour < 5) else hour
    if half is HalfDay.AFTERNOON:
        return hour + 12 if hour < (8 if word in ("中午", "正午", "晌午", "午间", "晏昼") else NOON) else hour
    if half is None and 1 <= hour <= 6:
        return hour + 12
    return hour


def half_of(hour: int) -> HalfDay:
    return HalfDay.MORNING if hour < NOON else HalfDay.AFTERNOON if hour < EVENING else HalfDay.EVENING


def _minute(words: str | None) -> int:
    if not words:
        return 0
    known = {"半": 30, "一刻": 15, "三刻": 45}.get(words)
    if known is None:
        known = number(words.strip("分").lstrip("零") or "零")
    return known if known is not None and known < 60 else 0


def _bounded(text: str, moment: Moment) -> Moment:
    if after := _AFTER.match(text, moment.end):
        return replace(moment, end=after.end(), bound=Bound.AFTER)
    if before := _BEFORE.match(text, moment.end):
        return replace(moment, end=before.end(), bound=Bound.BEFORE)
    if moment.half is HalfDay.EVENING and "下班" in text[moment.start : moment.end]:
        return replace(moment, bound=Bound.AFTER)
    return moment


def _periods(text: str, found: list[Moment]) -> list[Moment]:
    """Two times with 到 between them are one period, which gives its first."""
    joined: list[Moment] = []
    for moment in found:
        last = joined[-1] if joined else None
        to = _TO.fullmatch(text, last.end, moment.start) if last else None
        if last and to and last.until_hour is None and last.until_day is None and last.bound is not Bound.BEFORE:
            joined[-1] = _period(last, moment, text)
        else:
            joined.append(moment)
    whole = [_headless(text, moment) for moment in joined]
    return [one for one in whole if not any(other.start <= one.start < one.end < other.end for other in whole)]


def _period(first: Moment, last: Moment, text: str) -> Moment:
    until = last.hour
    hour, half = first.hour, first.half
    if hour is not None and until is not None and not last.day:
        said_half = last.half is not None and _HALF.search(text, last.start, last.end)
        if not said_half and until <= hour and until + 12 <= 24:
            until += 12  # 下午三点到五点
        elif not said_half and hour < NOON < until and hour + 12 < until + 1 and not (7 <= hour <= 11):
            hour += 12
        elif not said_half and until >= 13 and 7 <= hour <= 11 and until - 12 > hour:
            until -= 12  # 七点到十一点
    return replace(
        first,
        end=last.end,
        hour=hour,
        half=half if hour is None else half_of(hour),
        until_hour=until,
        until_day=last.day,
    )


_HEAD = re.compile(rf"(?P<hour>{NUMBER})\s*(?:到|至|-|~)\s*$")


def _headless(text: str, moment: Moment) -> Moment:
    """9-11点, 九到十一点: the first hour has no 点 of its own."""
    if moment.hour is None or moment.until_hour is not None:
        return moment
    clock = _CLOCK.search(text, moment.start, moment.end)
    head = _HEAD.search(text, 0, clock.start()) if clock else None
    if not clock or not head or clock.start() > moment.start:
        return moment
    hour = number(head["hour"])
    if hour is None or not 0 <= hour < 24:
        return moment
    before = _moment_before(text, head.start())
    word = text[before.start : before.end] if before else ""
    half = before.half if before else None
    until = moment.hour
    if half:
        hour = _by_half(hour, half, word)
        until = _by_half(number(clock["hour"]) or 0, half, word)
    elif hour < until - 12 or (7 <= hour <= 12 and until > 12 and until - 12 > hour):
        until -= 12
    elif hour <= 6:
        hour += 12
    begun = before or Moment(head.start(), moment.end)
    return replace(begun, end=moment.end, hour=hour, half=half_of(hour), minute=0, until_hour=until, bound=moment.bound)


def _moment_before(text: str, end: int) -> Moment | None:
    """The day and the half that stand right before the first hour of 9-11点."""
    for start in range(max(0, end - 12), end):
        moment = _moment_at(text, start)
        if moment and _glued(text, moment.end) == end and moment.hour is None:
            return moment
    return None


def marked(text: str, moments: list[Moment]) -> str:
    """The text with every time made of `TIME`, so that phrases can say "changed to some time"."""
    for moment in moments:
        text = text[: moment.start] + TIME * (moment.end - moment.start) + text[moment.end :]
    return text
