"""Divisions named in a text, as chains from large to small: 广东 | 佛山 | 顺德区 | 容桂街道, with or without gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from domain.regions import Division, Level, divisions

_BETWEEN = re.compile(
    r"[\s,、:;|/\-]*(?:市辖区|省?省?直辖县级行政区划|自治区直辖县级行政区划|详细地址:?|县(?=[\u4e00-\u9fff]{2,3}[区市]))?[\s,、:;|/\-]*"
)
_STREET_LIKE = re.compile(
    r"(?:[东南西北中]|[一二三四五六七八九]|新|老|大)?(?:路(?![南北桥]区)|街(?!道)|大道|大街|道(?!里|外|孚|真)|巷|弄|大厦|大楼|广场|酒店|宾馆|银行|村|桥(?![东西]区)|站(?!前?区)|机场|人家|"
    r"花园|小区|公馆|府(?!谷)|苑|湾(?!里)|新城(?!区)|名城|山庄|公园|大学|学院|师范|医院|牌|菜|话|时间|人|产|啤酒|拉面|烤鸭|火锅|空调|冰箱|电视|热水|客服|师傅|品牌|门(?!头沟|源)|号)"
)
"""After a short name: it is no place but the name of a road, a building or a thing (西安路, 上海大厦, 青岛啤酒)."""
_STREET_TAIL = re.compile(
    r"(?:[东南西北中一二三四五六七八九])?(?:路|街(?!道)|大道|大街|巷|弄|桥|站|号|号线|小区|村|大厦|广场|花园|公园)"
)
_CUE = re.compile(r"(?:地址|住址|家住|住在|住|位于|在|系|是|地点|收货|所在地区?)[是为:\s]*$")
DEEPEST_STREET_NAME = 10
MOST_CHAINS = 400


@dataclass(frozen=True, slots=True)
class Mention:
    """`divisions` are all that the words may stand for; `is_full` when they are an official or old full name."""

    start: int
    end: int
    divisions: tuple[Division, ...]
    is_full: bool

    @property
    def level(self) -> Level:
        return self.divisions[0].level


@dataclass(frozen=True, slots=True)
class Chain:
    mentions: tuple[Mention, ...]

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end

    @property
    def last(self) -> tuple[Division, ...]:
        return self.mentions[-1].divisions

    def score(self) -> float:
        """Levels named, full names above short ones; a little for every character explained."""
        worth = 0.0
        for mention in self.mentions:
            short = 0.8 if mention.level is Level.STREET else 1.6 if mention.level is Level.DISTRICT else 2.0
            worth += 3.0 if mention.is_full else short
        return worth + 0.1 * (self.end - self.start) - (0.5 if len(self.last) > 1 else 0.0)


@lru_cache(maxsize=4_096)
def _called(name: str) -> tuple[tuple[Division, ...], bool]:
    found = divisions().find(name)
    # 西安 is the capital and not one of the districts called so; 朝阳 stays open.
    found = tuple(d for d in found if d.code.endswith(("0000", "0100"))) or found
    official = any(name == d.name for d in found)
    return found, official or (len(name) > 2 and name[-1] in "省市区县州盟旗")


def _mentions_at(text: str, at: int) -> Iterator[Mention]:
    known = divisions()
    for length in range(min(known.longest_name, len(text) - at), 1, -1):
        name = text[at : at + length]
        if not known.is_name(name):
            continue
        found, full = _called(name)
        if full or not _STREET_LIKE.match(text, at + length):
            yield Mention(at, at + length, found, full)


def _streets_at(text: str, at: int, within: tuple[Division, ...]) -> Iterator[Mention]:
    for length in range(min(DEEPEST_STREET_NAME, len(text) - at), 1, -1):
        name = text[at : at + length]
        found = tuple(dict.fromkeys(d for area in within for d in divisions().find_streets(name, area.code)))
        if not found:
            continue
        full = any(d.name == name for d in found) or name.endswith(("街道", "街道办", "街道办事处"))
        # 西安路 is a road long before it is 西安路街道.
        is_road = name.endswith(("路", "街", "大道", "巷")) or _STREET_TAIL.match(text, at + length)
        if full or not is_road:
            yield Mention(at, at + length, found, full)


def _below(inner: tuple[Division, ...], outer: tuple[Division, ...]) -> tuple[Division, ...]:
    known = divisions()
    return tuple(d for d in inner if any(known.contains(o.code, d.code) for o in outer))


def _extended(text: str, chain: Chain, budget: list[int]) -> Iterator[Chain]:
    """The chain itself and every longer one; `budget` bounds the search on walls of text."""
    yield chain
    budget[0] -= 1
    if budget[0] < 0 or chain.mentions[-1].level is Level.STREET or len(chain.mentions) > 6:
        return
    gap = _BETWEEN.match(text, chain.end)
    at = gap.end() if gap else chain.end
    if at - chain.end > 12:
        return
    for mention in _mentions_at(text, at):
        deeper = _below(mention.divisions, chain.last)
        if deeper and not _is_cut_off(chain, mention, at):
            step = Mention(mention.start, mention.end, deeper, mention.is_full)
            yield from _extended(text, Chain((*chain.mentions, step)), budget)
    if chain.mentions[-1].level is not Level.PROVINCE or chain.mentions[-1].divisions[0].code[2:] == "0000":
        for street in _streets_at(text, at, chain.last):
            yield Chain((*chain.mentions, street))


def _is_cut_off(chain: Chain, mention: Mention, at: int) -> bool:
    """A short name repeating the place before it (吐鲁番市吐鲁番宾馆) says nothing new."""
    same = set(mention.divisions) & set(chain.last)
    return bool(same) and not mention.is_full and at == chain.end


def chains_in(text: str) -> list[Chain]:
    """All readings of all places in the text, best first; a bare short name of a district alone is none."""
    found: list[Chain] = []
    budget = [MOST_CHAINS]
    for at in range(len(text)):
        for mention in _mentions_at(text, at):
            for chain in _extended(text, Chain((mention,)), budget):
                if _stands(text, chain):
                    found.append(chain)
    return sorted(found, key=lambda chain: (-chain.score(), chain.start))


def _stands(text: str, chain: Chain) -> bool:
    first = chain.mentions[0]
    if len(chain.mentions) > 1 or first.is_full:
        return True
    if first.level is Level.DISTRICT or len(first.divisions) > 1:
        is_all = text.strip(" ,。!的\n") == text[first.start : first.end]
        return is_all or bool(_CUE.search(text[: first.start]))
    return True


def street_at(text: str, start: int, within: Division) -> Mention | None:
    """The street or town named right there, if it is one of that district or city and only one is called so."""
    return next((m for m in _streets_at(text, start, (within,)) if len(m.divisions) == 1), None)


def streets_alone(text: str) -> Mention | None:
    """A town or street by its full name without anything larger around it; the first one in the text."""
    for match in re.finditer(r"(?:街道|镇|乡)", text):
        for length in range(6, 1, -1):
            start = match.start() - length
            if start >= 0:
                found = divisions().find_streets(text[start : match.end()])
                if found and any(d.name == text[start : match.end()] for d in found):
                    return Mention(start, match.end(), found, True)
    return None
