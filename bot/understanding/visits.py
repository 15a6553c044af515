"""The visit time somebody wants, among all the times they mention: purchases, breakdowns and missed times are not wanted.

Each time gets points for the words around it (`WANTED`, `NOT_WANTED` and the tables below them); the best one counts,
later parts of the day complete it. A new way to want or not to want a time is a phrase in one of the tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.understanding.found import Found, read
from bot.understanding.moments import Bound, HalfDay, Moment, moments_in
from bot.understanding.normalise import Normalised
from bot.understanding.windows import Window, day_of, resolve

ENOUGH = 1.0
SURE = 3.0
"""Points from which on a time need not be confirmed."""


@dataclass(frozen=True, slots=True)
class When:
    """The visit wanted. `date_offset_days` counts from the day of the message; with `weekday` (1 to 7) it is None.

    `weeks` is 1 for 下周, 0 for 这周 and None when only the weekday was said. With all of day, weekday, half day and hour
    None only a stretch was said (国庆后, 月底前): `resolve` knows it.
    """

    date_offset_days: int | None
    weekday: int | None
    half_day: HalfDay | None
    hour: int | None
    minute: int
    bound: Bound | None
    until_hour: int | None
    weeks: int | None
    is_weekend: bool
    said: Moment

    def resolve(self, now: datetime) -> Window | None:
        """The moments meant, in Asia/Shanghai, seen from `now` (aware)."""
        return resolve(self.said, now)


_CLAUSE = re.compile(r"[,。!?;\n~]|\s+|但是|可是|不过|然后|因为|所以|而是")
WANTED = re.compile(
    r"来(?!不了|电|着)|上门|过来|到家|有空|有时间|有人|在家|在的|都在|得闲|方便|可以|能(?!不用)|行(?!业|情)|约|安排|派|空闲|休息|(?<!不)要(?!不)|想|希望|最好|吧|修|装|洗|弄|换|"
    r"得唔得|得唔|中不|要得|成不|好不|好吗|ok|都行|随时|之间|前后|左右|再|等|务必|尽量|赶|放在|定在|定到|挪到|提前|都好|嚟|睇|有数|得不|来得及|看看|搞|为准|send|come"
)
OPEN_CLAUSE = re.compile(r"^[\s的在就那要是时间上门预约:约于点吧哈呀啊嘛呗哦]*$")
NOT_WANTED = (
    r"(?:约的|约好的?|约了|说好的?|说好|讲好|话咗|话了|说了|定的|定好的?|原定|原来|原本|本来|预约的|之前|报的|订的|答应|承诺|通知我?|(?:师傅|客服|他|你们)说|说是?|明明|不是|除了|并非)的?$|(?:现在|而家|已经|都快|都已经|现在都|都)$",
    r"^[^,。!?;\n]{0,8}?(?:买|购|装|安装|修|换|报修?|坏|搬|拆|送|收|发|签|下单|用|开始|发现|出现|停|响|漏|来|洗|打电话|打|催|加|弄|做|办)(?:回来|到货|过来|完)?(?:的(?!时)|了(?!吧|行|可以|吗)|过(?!来|去)|咗|完|到货|起)",
    r"^(?:[都也白又还仍就一整才]|已经|突然|忽然|开始|到现在|刚)*(?:开始|发现|突然|还好|还能|坏|响|没人来|没来|都没|就没|没人联系|睡不着|热死|冷死)",
    r"^(?:我|我们|家里|这边|都|也|不行|临时|的话|要|还|可能|真的|又)*(?:不在|没空|没时间|不行|不方便|有事|没人|冇人|唔得闲|唔喺|不得闲|来不了|别来|不用来|不要来|不来|上班|加班|出差|除外|开会|出门|要上班|要加班|要[接送看去]|没法|不可以|冇时间|走不开|不合适|赶不及|不在家|去不了)",
    r"^(?:的|那个|那次|那天的?|那)(?:预约|单|订单|约|上门|工单|时间)",
    r"^[^,。!?;\n]{0,4}(?:来不来|到底|有没有人)",
    r"^(?:好|安|好啊|愉快|快乐|气|太热|太冷|天气|真热|真冷|热死)",
    r"^(?:[^,。!?;\n]{0,6})(?:到现在|没人来|没见人|没人理|了还没|就说|鬼影|几点了)",
)  # fmt: skip
_BEFORE_NOT = re.compile(NOT_WANTED[0])
_AFTER_NOT = tuple(re.compile(pattern) for pattern in NOT_WANTED[1:])
_CHANGED_TO = re.compile(
    r"(?:改|换|挪|推|提前|延|调|移|拖|变更|推迟|延后|往后|往前|换成|安排)(?:期|约|时间)?(?:到|成|为|至|去|在|约)?(?:了)?\s*$"
)
_INSTEAD = re.compile(r"(?:是|而是|应该是|改|要)\s*$")


def find_when(text: str | Normalised, today: date) -> Found[When] | None:
    """The visit wanted, the first of several days; None when every time said is about something else."""
    said = read(text)
    moments = [moment for moment in moments_in(said) if not (moment.day and moment.day.is_past)]
    moments = [moment for moment in moments if _is_not_over(moment, today)]
    points = [_points(said.text, moment, moments) for moment in moments]
    best = next((i for i, moment in enumerate(moments) if _changed_to(said.text, moment)), None)
    if best is None:
        best = next((i for i, value in enumerate(points) if value >= ENOUGH), None)
    if best is None:
        return None
    moment = _completed(moments, points, best, said.text)
    score = 0.95 if points[best] >= SURE or _changed_to(said.text, moment) else 0.8 if points[best] >= 2 else 0.6
    return Found(_when(moment, today), said.span(moment.start, moment.end), score)


def no_such_day(text: str | Normalised, today: date) -> str:
    """The words of a date that no calendar has (2026年2月29日, 11月31号), "" when there is none."""
    said = read(text)
    for moment in moments_in(said):
        day, words = moment.day, said.span(moment.start, moment.end).words
        is_over = day is None or day.is_past or (day.year or today.year) < today.year
        if day and day.dom and not is_over and re.search(r"月|20\d\d", words) and day_of(day, today) is None:
            return words
    return ""


def _is_not_over(moment: Moment, today: date) -> bool:
    if moment.day is None:
        return True
    days = day_of(moment.day, today)
    return days is not None and days[1] > today and days[0] < today + timedelta(days=370)


def _clause(text: str, moment: Moment) -> tuple[str, str]:
    """What stands before and after the time in its clause."""
    start = max((m.end() for m in _CLAUSE.finditer(text, 0, moment.start)), default=0)
    stop = _CLAUSE.search(text, moment.end)
    return text[start : moment.start], text[moment.end : stop.start() if stop else len(text)]


def _points(text: str, moment: Moment, moments: list[Moment]) -> float:
    before, after = _clause(text, moment)
    value = _kind(moment)
    if _BEFORE_NOT.search(before) or any(pattern.search(after) for pattern in _AFTER_NOT):
        return -5.0
    alone = (not before.strip() and OPEN_CLAUSE.match(after)) or (
        OPEN_CLAUSE.match(before) and not after.strip("吧哈呀啊呗哦 ")
    )
    others = [
        m
        for m in moments
        if m is not moment and m.start < moment.end + len(after) and m.end > moment.start - len(before)
    ]
    if others and re.match(
        r"(?:或者?|和|跟|、|还是|/|以及|也|都|,)*$",
        after[: max(0, min((m.start for m in others if m.start >= moment.end), default=0) - moment.end)],
    ):
        others = []
    rest = (
        after[: min((m.start for m in others if m.start >= moment.end), default=len(text)) - moment.end]
        if others
        else after
    )
    if WANTED.search(rest) or WANTED.search(before[-6:]):
        value += 2.0
    elif alone:
        value += 1.5
    elif re.match(r"[不没]?\s*[?吗么不]", after):
        value += 1.0
    return value


def _kind(moment: Moment) -> float:
    """How likely a time of that kind is wanted, before its surroundings are looked at."""
    clock = 0.5 if moment.has_clock else 0.0
    day = moment.day
    if day is None:
        return -0.9 + clock + (0.9 if moment.has_clock and moment.bound else 0.0) + (0.4 if moment.bound else 0.0)
    if day.offset is not None:
        return clock + (1.6 if day.offset > 0 else 0.0) + (0.4 if moment.half else 0.0)
    if day.weekday is not None:
        return 0.4 + clock + (0.4 if moment.half else 0.0) + (1.0 if (day.weeks or 0) > 0 else 0.0)
    return 0.4 + clock


def _changed_to(text: str, moment: Moment) -> bool:
    before, after = _clause(text, moment)
    return bool(_CHANGED_TO.search(before)) and not re.match(r"(?:不行|不方便|没空|有事)", after)


def _completed(moments: list[Moment], points: list[float], best: int, text: str) -> Moment:
    """With what is said of it elsewhere: a later part of the day (周六或周日，上午最好), the day of the old appointment."""
    moment = moments[best]
    if moment.day and moment.half is None:
        for other, value in zip(moments[best + 1 :], points[best + 1 :], strict=True):
            if other.day is None and other.half and value > -2:
                return replace(
                    moment,
                    half=other.half,
                    hour=other.hour,
                    minute=other.minute,
                    bound=other.bound,
                    until_hour=other.until_hour,
                )
    if moment.day is None and best > 0 and _changed_to(text, moment):
        older = next((m for m in reversed(moments[:best]) if m.day), None)
        if older:
            return replace(moment, day=older.day)
    return moment


def _when(moment: Moment, today: date) -> When:
    day = moment.day
    offset = weekday = weeks = None
    is_weekend = False
    if day and day.offset is not None and not day.is_vague:
        offset = day.offset
    elif day and day.weekday is not None:
        weekday, weeks, is_weekend = day.weekday, day.weeks, day.is_weekend
    elif day and not day.is_vague:
        days = day_of(day, today)
        offset = (days[0] - today).days if days else None
    return When(
        offset,
        weekday,
        moment.half,
        moment.hour,
        moment.minute,
        moment.bound,
        moment.until_hour,
        weeks,
        is_weekend,
        moment,
    )
