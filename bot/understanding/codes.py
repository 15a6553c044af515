"""Finds product codes, serial numbers and error codes in a sentence; what a code may look like is decided here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic

from bot.understanding.found import Found, read
from bot.understanding.normalise import Normalised, Span
from bot.understanding.numerals import number
from bot.understanding.products import CodeHit, CodeIndex, Id
from domain.catalog.codes import code_key, normalise_code

_RUN = re.compile(
    r"[0-9a-z](?:[0-9a-z/+.\-]*[0-9a-z+/])?(?:\([0-9a-z\u4e00-\u9fff]{1,10}\)(?:[0-9a-z+][0-9a-z+/]*)?)*(?:/\d+)?"
)
_LETTER_DIGIT = re.compile(r"[a-z].*\d|\d.*[a-z]")
_MEASURE = re.compile(
    r"\d+(\.\d+)?(l|ml|kg|g|w|kw|v|hz|mpa|p|k|cm|mm|m|min|s|h|a|c|f|g|gb|inch|d|db|am|pm)"
    r"|\d{1,2}[:.]\d{2}(am|pm)?|\d+f|[a-z]\d{1,2}|\d+[a-z]?-\d+[a-z]?-?\d*[a-z]?|(wifi|wlan)[56]?|\d+x|mp[34]|1080p|https?.*|www.*"
)
"""Runs of letters and digits that are amounts, times, floors, flats or error codes."""
_DOOR = re.compile(r"\s?(?:号|室|栋|座|幢|楼|单元|铺|房|户)")
"""What follows B208号 and A1座: a door, unless the catalogue has that very code."""
_SERIAL = re.compile(r"[0-9a-z]{14,24}")
_ANOTHER_NUMBER = re.compile(r"(?:订单|工单|单号|运单|快递|流水|身份证|卡号|账号|帐号)号?码?[是为:\s]*$")
SHORTEST = 4
MENTIONS = 5


@dataclass(frozen=True, slots=True)
class CodeMention(Generic[Id]):
    """A code somebody wrote. `hit` is the very product; otherwise `near` may have it and the customer is asked."""

    written: str
    hit: CodeHit[Id] | None
    near: tuple[CodeHit[Id], ...] = ()
    is_serial: bool = False

    @property
    def shown(self) -> str:
        return normalise_code(self.written)


def find_codes(text: str | Normalised, index: CodeIndex[Id] | None = None) -> list[Found[CodeMention[Id]]]:
    """Everything that looks like a product code or a serial number, in the order written."""
    said = read(text)
    runs = [(run.start(), run.end()) for run in _RUN.finditer(said.text)]
    found: list[Found[CodeMention[Id]]] = []
    at = 0
    while at < len(runs) and len(found) < MENTIONS:
        joined, start, end = _longest(said, runs, at, index)
        at += joined
        span = said.span(start, end)
        is_other = _ANOTHER_NUMBER.search(said.text[:start]) or _is_error_code(said.text, start, end)
        mention = None if is_other else _mention(said.text[start:end], span, index)
        if mention and (mention.value.hit or not _DOOR.match(said.text, end)):
            found.append(mention)
    return found


def _longest(
    said: Normalised, runs: list[tuple[int, int]], at: int, index: CodeIndex[Id] | None
) -> tuple[int, int, int]:
    """How many runs from here on are one code with spaces in it: by the catalogue, else 'BCD 216SDE' by its look."""
    start, end = runs[at]
    ends = [end]
    for (_, before), (after, until) in pairwise(runs[at : at + 4]):
        if not 0 < after - before <= 2 or said.text[before:after].strip():
            break
        ends.append(until)
    for joined in range(len(ends), 0, -1):
        if index is not None and index.knows(said.text[start : ends[joined - 1]]):
            return joined, start, ends[joined - 1]
    if len(ends) > 1 and re.fullmatch(r"[a-z]{2,5}-?", said.text[start:end]) and said.text[runs[at + 1][0]].isdigit():
        return 2, start, ends[1]
    return 1, start, end


def _mention(words: str, span: Span, index: CodeIndex[Id] | None) -> Found[CodeMention[Id]] | None:
    key = code_key(words)
    known = index is not None and index.knows(words)
    if len(key) < SHORTEST or not (known or _looks_like_code(words, key)):
        return None
    serial = _is_serial(words)
    if index is None:
        return Found(CodeMention(span.words, None, (), serial), span, 0.6)
    hit = index.exact(words)
    if hit:
        return Found(CodeMention(span.words, hit), span)
    near = tuple(index.near(words))
    if serial and not known:
        return Found(CodeMention(span.words, None, near, True), span, 0.7)
    return Found(CodeMention(span.words, None, near), span, near[0].score if near else 0.5)


def _looks_like_code(words: str, key: str) -> bool:
    if not any(c.isdigit() for c in words.partition("(")[0]):
        return False  # alert(1)
    return _is_serial(words) or bool(_LETTER_DIGIT.search(words) and not _MEASURE.fullmatch(words))


def _is_error_code(text: str, start: int, end: int) -> bool:
    """显示CH05: short, and right behind what a display does."""
    is_short = end - start <= LONGEST_ERROR and re.fullmatch(r"[a-z]{1,2}-?\d{1,3}", text[start:end])
    return bool(is_short and _SHOWN_BEFORE.search(text[:start]))


def _is_serial(words: str) -> bool:
    return bool(_SERIAL.fullmatch(words)) and sum(c.isdigit() for c in words) >= 6


_SAYS = (
    r"(?:故障码|故障代码|错误代码|错误码|代码|报错|报警|报故障|报个?|显示屏?上?|屏幕?上?|面板|数码管|"
    r"闪烁?着?|跳出?来?|出现|提示|亮着?|code|error|err)"
)
_FILLER = r"(?:了|的|是|为|:|着|一?个|\s|\"|代码|故障|错误)*"
LONGEST_ERROR = 5
_SHOWN_BEFORE = re.compile(rf"{_SAYS}{_FILLER}$")
_ALONE = r"(?:[efhpldcujb][\s\-:]?[0-9o][0-9a-f]?|eh|ee|er\d?|[ef][a-f])(?![0-9a-z/\-+.]|度|楼|栋|座|单元|室|口)"
_ANNOUNCED = r"[a-z]{1,2}[\s\-:]?\d{1,3}|\d{2,3}|[a-z]{2}"
_NO_AMOUNT = r"(?![0-9a-z/\-+.]|度|%|分|点|元|块|升|天|次|年|个|号|°|℃|月|小时)"
_SPOKEN_E = re.compile(
    rf"{_SAYS}{_FILLER}[一易衣依](?P<digit>[0-9一二三四五六七八九])(?![0-9一二三四五六七八九十点月号年天次个度楼分块元])"
)
"""E3 as voice recognition writes it: 显示一三."""
_ERROR = re.compile(
    rf"(?<![0-9a-z/\-+.])(?P<plain>{_ALONE})|{_SAYS}{_FILLER}(?<![0-9a-z])(?P<said>{_ANNOUNCED}){_NO_AMOUNT}"
)
_PRODUCT_ENDS = tuple("机器煲灶箱调炉锅柜")
_NO_CODES = {"tv", "ok", "pm", "am", "hi", "qq", "vx", "wx", "no", "on", "kg", "ml", "id", "ai", "db", "cm", "mm", "kw"}


def find_error_code(text: str | Normalised) -> Found[str] | None:
    """The code on the display, E1 or F2 or EH, upper case without dashes; never a piece of a product code."""
    said = read(text)
    spoken = _SPOKEN_E.search(said.text)
    if spoken:
        digit = number(spoken["digit"])
        return Found(f"E{digit}", said.span(spoken.start("digit") - 1, spoken.end()), 0.7)
    for match in _ERROR.finditer(said.text):
        group = "plain" if match["plain"] else "said"
        if match[group] in _NO_CODES:
            continue
        value = re.sub(r"[\s\-:]", "", match[group]).upper()
        if len(value) > 1 and value[1] == "O":
            value = value[0] + "0" + value[2:]
        if group == "plain" and value[0] not in "EFH" and not _is_display(said.text, match):
            continue
        return Found(value, said.span(*match.span(group)), 1.0 if group == "said" or value[0] in "EF" else 0.85)
    return None


def _is_display(text: str, match: re.Match[str]) -> bool:
    """Whether C1 is on a display: a display is spoken of, the product stands right before it, or it is all there is."""
    before = text[: match.start()].rstrip()
    return bool(re.search(_SAYS, text) or before.endswith(_PRODUCT_ENDS) or match.group() == text.strip())
