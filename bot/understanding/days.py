"""Days as people say them: 大后天, 下周三, 这周末, 月底, 12月5号, 国庆后第一天. A new kind of day is a row in `_ROWS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.understanding.numerals import NUMBER, number, weekday_number
from domain.calendar import feast_names


@dataclass(frozen=True, slots=True)
class Day:
    """What was said of the day; only the fields that were said are set.

    `weeks` counts from the present week (下周 1, 下下周 2, 上周 -1, 这周 0; None for a bare 周三). `month` and `year` may be
    relative with `months` and `years` (下个月 1, 去年 -1). `part` is of a month: 初, 中 or 底.
    """

    end: int
    offset: int | None = None
    weekday: int | None = None
    weeks: int | None = None
    year: int | None = None
    years: int | None = None
    month: int | None = None
    months: int | None = None
    dom: int | None = None
    part: str | None = None
    feast: str | None = None
    tail: str = ""
    """Of a feast: "" itself, "after" once it is over, "first" its first day, "last" its last, "before" the day before."""
    nth: int | None = None
    """The how-manieth week or day, counted from the year, or from now without one."""
    workdays: int | None = None
    """That many working days from now."""
    is_weekend: bool = False
    is_vague: bool = False
    """A stretch and no day: 国庆期间, 下周, 月底前, 两天内."""

    @property
    def is_past(self) -> bool:
        """Said to be over, whatever today is."""
        behind = (self.offset, self.weeks, self.years, self.months)
        return any(value is not None and value < 0 for value in behind)


_OFFSETS = {
    "大大后天": 4, "大后天": 3, "大后日": 3, "大后儿": 3, "外后天": 3, "后天": 2, "后日": 2, "后儿个": 2, "后儿": 2,
    "过两天后": 2, "明天": 1, "明日": 1, "明儿个": 1, "明儿": 1, "明朝": 1, "听日": 1, "听朝": 1, "听晚": 1, "次日": 1, "翌日": 1, "第二天": 1,
    "隔天": 1, "tomorrow": 1, "tmr": 1, "明": 1, "听": 1,
    "今天": 0, "今日": 0, "今儿个": 0, "今儿": 0, "今朝": 0, "即日": 0, "当天": 0, "当日": 0, "今": 0, "today": 0, "tonight": 0,
    "大前天": -3, "前天": -2, "前日": -2, "前儿": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "琴日": -1, "寻日": -1, "昨": -1,
}  # fmt: skip
_SHORT = {"明", "听", "今", "昨"}
_PART_OF_DAY = r"(?=早|晚|夜|晨|朝|上午|下午|上昼|下昼|中午|午)"
_OFFSET_WORDS = "|".join(
    word + (_PART_OF_DAY if word in _SHORT else "") for word in sorted(_OFFSETS, key=len, reverse=True)
)
_YEAR = r"(?:(?P<year>\d{4}|[零一二三四五六七八九]{4}|\d{2}|[零一二三四五六七八九]{2})年|(?P<years>大前年|前年|去年|今年|本年|明年|后年))的?"
_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_WEEK = r"(?:周|星期|礼拜)"
_FEAST_TAILS = (
    (r"(?:节)?(?:放?假|长假|假期)?(?:[之以过]?后|回来|结束|完)[的之]?(?:第一天|头一天|首日|一上班|上班第一天|第一个工作日)", "after"),
    (r"(?:节)?(?:假期?)?(?:的)?(?:最后一天)", "last"),
    (r"(?:节)?(?:假期?)?(?:的)?(?:第一天|头一天)", "first"),
    (r"(?:节)?(?:的)?(?:前一天|前夕|头天)", "before"),
    (r"(?:节)?(?:当天|那天|当日|那日)", ""),
    (r"(?:节)?(?:放?假|长假|假期)?(?:[之以过]?后|回来|结束|完|过完)", "later"),
    (r"(?:节)?(?:[之以]?前)(?!天)", "until"),
    (r"(?:节)?(?:期间|假期|放假(?:的时候)?|长假|那几天|几天|放假)", "during"),
    (r"(?:节)", ""),
)  # fmt: skip


def _said(match: re.Match[str], name: str) -> str | None:
    """The words of that group; None where the row has no such group."""
    return match.groupdict().get(name)


def _offset(match: re.Match[str]) -> Day:
    return Day(match.end(), offset=_OFFSETS[match.group()])


def _weekday(match: re.Match[str]) -> Day:
    which = match["which"] or ""
    weeks = which.count("下") - which.count("上") if re.search("[上下]", which) else 0 if which else None
    character = match["day"]
    weekend = character == "末"
    return Day(match.end(), weekday=weekday_number(character), weeks=weeks, is_weekend=weekend)


def _weekend(match: re.Match[str]) -> Day:
    return Day(match.end(), weekday=6, is_weekend=True)


def _week(match: re.Match[str]) -> Day:
    which = match["which"]
    return Day(match.end(), weeks=which.count("下") - which.count("上"), is_vague=True)


def _in_days(match: re.Match[str]) -> Day | None:
    count = number(match["n"])
    if count is None:
        return None
    days = count * (7 if match["unit"].lstrip("个") in ("周", "星期", "礼拜") else 1)
    if "作日" in match["unit"] or "易日" in match["unit"]:
        return Day(match.end(), workdays=count)
    return Day(match.end(), offset=days, is_vague=match["in"] in ("内", "之内", "以内"))


def _nth_day(match: re.Match[str]) -> Day | None:
    nth = number(match["n"])
    has_year = bool(_said(match, "year") or _said(match, "years"))
    if nth is None or (not has_year and nth < 2):
        return None
    if has_year:
        return Day(match.end(), year=_year(match), years=_years(match), nth=nth, month=1, dom=1)
    return Day(match.end(), offset=nth - 1)


def _nth_week(match: re.Match[str]) -> Day | None:
    nth = number(match["n"])
    return Day(match.end(), year=_year(match), years=_years(match), nth=-nth) if nth else None


def _years(match: re.Match[str]) -> int | None:
    return _YEARS.get(_said(match, "years") or "")


def _year(match: re.Match[str]) -> int | None:
    value = number(_said(match, "year") or "")
    if value is None:
        return None
    return value if value > 999 else value + (2000 if value < 70 else 1900)


_MONTHS = {"下下": 2, "下": 1, "这": 0, "本": 0, "上上": -2, "上": -1}


def _date(match: re.Match[str]) -> Day | None:
    month = number(_said(match, "month") or "")
    dom = number(match["dom"])
    if dom is None or not 1 <= dom <= 31 or (month is not None and not 1 <= month <= 12):
        return None
    months = _MONTHS.get(_said(match, "months") or "")
    return Day(match.end(), year=_year(match), years=_years(match), month=month, months=months, dom=dom)


def _slashed(match: re.Match[str]) -> Day | None:
    month, dom = number(_said(match, "month") or ""), int(match["dom"])
    if month is None or not (1 <= month <= 12 and 1 <= dom <= 31):
        return None
    return Day(match.end(), year=_year(match), month=month, dom=dom)


def _part_of_month(match: re.Match[str]) -> Day:
    months = _MONTHS.get(_said(match, "months") or "")
    month = number(_said(match, "month") or "")
    return Day(
        match.end(), month=month, months=months, part={"末": "底"}.get(match["part"], match["part"]), is_vague=True
    )


def _feast(match: re.Match[str]) -> Day:
    name = match["name"]
    end, tail = match.end("name"), ""
    for pattern, meaning in _FEAST_TAILS:
        found = re.compile(pattern).match(match.string, end)
        if found:
            end, tail = found.end(), meaning
            break
    return Day(
        end,
        year=_year(match),
        years=_years(match),
        feast=name,
        tail=tail,
        is_vague=tail in ("later", "until", "during"),
    )


_NOT_A_DATE = r"(?!\d{3}|\d+\s?[栋幢座室楼单号#\-]|楼|栋|线|店|院|门|码|机|房|单|铺|室|厅|厂|桌|车|字|版|分)"
_NOT_A_FEAST = r"(?!月|点|[0-9零一二三四五六七八九十年]|[到至-]\d|楼|路|街|广场|商场|大酒店|家|区|[号栋幢座室]|度)"
_NOT_A_DAY = r"(?!气|性|然|线|津|河|鹅|猫|府|麻|头条|白|确|显|明|年|文件)"
_NOT_A_WEEKDAY = r"(?!\d|年|次|天内|个|岁|月|[到至]?年|边|围|转)"
_MONTHS_ON = r"(?P<months>下下|下|这|本|上上|上)个?月"
_WHICH_WEEK = r"(?P<which>(?:上上|下下|上|下|这|本|今)?(?:一|1)?个?)"
_UNITS = r"(?P<unit>天|日|个?星期|个?礼拜|周|个?工作日|个?交易日)"
_DATE_ENDS = rf"(?:[号日]|(?=到|至|-|~){_NOT_A_DATE}|(?![\d个台点.])){_NOT_A_DATE}"
_ROWS: tuple[tuple[str, Callable[[re.Match[str]], Day | None]], ...] = (
    (rf"(?<!\d)(?:{_YEAR})?(?P<name>{'|'.join(feast_names())}){_NOT_A_FEAST}", _feast),
    (r"(?<![\d/.\-])(?:(?P<year>20\d\d)[-/.])(?P<month>\d{1,2})[-/.](?P<dom>\d{1,2})(?!\d)", _slashed),
    (r"(?<![\d/.\-a-z])(?P<month>\d{1,2})/(?P<dom>\d{1,2})(?:[号日]|(?![\d/a-z]))", _slashed),
    (rf"(?<!\d)(?:{_YEAR})?(?P<month>{NUMBER})月份?(?P<dom>{NUMBER}){_DATE_ENDS}", _date),
    (rf"{_MONTHS_ON}(?P<dom>{NUMBER})[号日]?", _date),
    (rf"(?:{_YEAR})第(?P<n>{NUMBER})天", _nth_day),
    (rf"(?:{_YEAR})第(?P<n>{NUMBER})个?{_WEEK}", _nth_week),
    (rf"(?<![\d\-a-z.大小第])(?P<dom>{NUMBER})[号日]{_NOT_A_DATE}(?!是|电池)", _date),
    (rf"(?:{_MONTHS_ON}|(?P<month>{NUMBER})月份?|月)(?P<part>底|末|初|中(?!旬?间))", _part_of_month),
    (rf"(?P<n>{NUMBER}){_UNITS}(?P<in>[之以]?后|过后|[之以]?内)", _in_days),
    (rf"第(?P<n>{NUMBER})天", _nth_day),
    (rf"(?<![今之然最过])(?<!以(?=后))(?:{_OFFSET_WORDS}){_NOT_A_DAY}", _offset),
    (
        rf"{_WHICH_WEEK}(?:{_WEEK}{_WEEK}|{_WEEK}的?{_WEEK}?|周|拜)(?P<day>[一二三四五六日天末1-7]){_NOT_A_WEEKDAY}",
        _weekday,
    ),
    (r"双休日?|礼拜日?天", _weekend),
    (rf"(?P<which>(?:上上|下下|上|下)个?){_WEEK}(?![一二三四五六日天末1-7])", _week),
)
_DAYS = tuple((re.compile(pattern), make) for pattern, make in _ROWS)
_CAN_START = re.compile(
    "[0-9零一二两三四五六七八九十廿卅大外后过明听今昨前琴寻次翌第隔即当上下这本周星礼拜双月去t"
    + "".join({n[0] for n in feast_names()})
    + "]"
)


def read_day(text: str, at: int) -> Day | None:
    """The day that is said right there, if one is."""
    if not _CAN_START.match(text, at):
        return None
    for pattern, make in _DAYS:
        match = pattern.match(text, at)
        day = make(match) if match else None
        if day:
            return day
    return None
