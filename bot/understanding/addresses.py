"""Where somebody lives, out of a sentence that says other things too; what is unclear is reported, never guessed.

Divisions come from `domain.regions`, chains of them from `places`, roads and numbers from `address_detail`; what a
second answer adds to the first is in `address_answers`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.understanding.address_detail import HOUSE_NUMBER, STRONG, detail_after, detail_start
from bot.understanding.codes import CodeMention, find_codes
from bot.understanding.contacts import find_name, find_phone
from bot.understanding.found import Found, read
from bot.understanding.normalise import Normalised, Span, normalise
from bot.understanding.places import Chain, Mention, chains_in, streets_alone
from domain.regions import Division, Level, divisions
from domain.regions.divisions import MUNICIPALITIES

_ZONE = re.compile(
    r"[\u4e00-\u9fff]{0,7}?(?:高新技术产业开发区|高新技术开发区|高新区|高新|经济技术开发区|经济开发区|经开区|开发区|工业园区|产业园区|新区|保税区|示范区|度假区)"
)
MOST_CANDIDATES = 6
"""Towns of one name beyond which it is easier to ask for the city (there are hundreds of 城关镇)."""
_MISSPELT = re.compile(r"[\u4e00-\u9fff]{2,5}?[区县市]")


@dataclass(frozen=True, slots=True)
class Address:
    """`detail` is everything below the district as written; `rest` the same without the street's name.

    `stated` holds the parts named, as written. With several `candidates` the place is one of them and the customer must
    say which; the levels they share are filled. `missing` is of district, street_or_road, house_number, in that order.
    """

    province: Division | None
    city: Division | None
    district: Division | None
    street: Division | None
    detail: str
    rest: str
    stated: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    span: Span
    zone: str | None = None
    candidates: tuple[Division, ...] = ()

    @property
    def code(self) -> str | None:
        """The smallest division that is sure: nine digits for a street, six above."""
        sure = next((d for d in (self.street, self.district, self.city, self.province) if d), None)
        return sure.code if sure else None

    @property
    def stated_district(self) -> str | None:
        """The district or zone as the customer wrote it."""
        return dict(self.stated).get("district")

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.candidates

    @property
    def line(self) -> str:
        """In one line, to be read back: 广东省佛山市顺德区容桂街道卫红路18号3栋502."""
        names = [d.name for d in (self.province, self.city, self.district) if d]
        if not self.district and self.zone:
            names.append(self.zone)
        return "".join(names) + (self.detail or (self.street.name if self.street else ""))


def parse_address(text: str | Normalised, near: str | None = None) -> Address | None:
    """The address in the text, or None. `near` is a division the customer is known to be in: it only settles which
    of several places of one name is meant."""
    said = without_contacts(text) if isinstance(text, str) else text
    chains = chains_in(said.text)
    if chains:
        best = max(chains[:12], key=lambda chain: (_worth(said.text, chain), -chain.start))
        return _from_chain(said, best, near)
    alone = streets_alone(said.text)
    if alone and len(_narrowed(alone.divisions, near)) <= MOST_CANDIDATES:
        return _from_chain(said, Chain((alone,)), near)
    strong = STRONG.search(said.text)
    if alone:
        return _from_detail(said, alone.start, alone.end, near)
    if strong:
        start = strong.start("whole") + _lead(strong["whole"])
        return _from_detail(said, start, strong.end("whole"), near)
    return None


def without_contacts(text: str) -> Normalised:
    """The text without phone, name and codes, which would look like parts of an address."""
    said = read(text)
    mentions: list[Found[CodeMention[str]]] = find_codes(said)
    phone = find_phone(said)
    name = find_name(said) if phone or re.search("联系人|我叫|姓名|收货人", said.text) else None
    found = [code.span for code in mentions if len(code.span.words) > 6] + ([phone.span] if phone else [])
    if name and name.score > 0.8:
        found.append(name.span)
    return said.blanked(*found)


def _worth(text: str, chain: Chain) -> float:
    """What follows counts too: a place with a road behind it is the address, a place alone may be anything."""
    follows = detail_after(text, chain.end) - chain.end
    return chain.score() + (1.0 if follows > 1 else 0.0)


def levels_of(division: Division) -> tuple[Division | None, Division | None, Division | None]:
    """Province, city and district that the division is or lies in."""
    line = {d.level: d for d in divisions().line(division.code)}
    return line.get(Level.PROVINCE), line.get(Level.CITY), line.get(Level.DISTRICT)


def _narrowed(found: tuple[Division, ...], near: str | None) -> tuple[Division, ...]:
    if len(found) > 1 and near:
        for digits in (6, 4, 2):
            close = tuple(d for d in found if d.code[:digits] == near[:digits])
            if close:
                return close
    if len(found) > 1 and found[0].level is Level.PROVINCE:
        return found[:1]
    return found


def _from_chain(said: Normalised, chain: Chain, near: str | None) -> Address:
    mentions = [m for m in chain.mentions if m.level is not Level.STREET]
    street = chain.mentions[-1] if chain.mentions[-1].level is Level.STREET else None
    found = _narrowed(chain.last, near)
    shared = _shared(found)
    place = mentions[-1].end if mentions else chain.start
    zone = _zone_at(said.text, place) if not street and shared[2] is None and len(found) == 1 else None
    candidates = found if len(found) > 1 else ()
    if len(found) == 1 and not zone and not street and shared[2] is None:
        candidates, place = _misspelt(said.text, place, found[0])
    begin = street.start if street else detail_start(said.text, zone[1] if zone else place)
    is_deep = bool(street or zone or shared[2] or candidates)
    end = detail_after(said.text, street.end if street else begin, any_name=is_deep)
    detail = said.span(begin, end).words if end > begin else ""
    rest = said.span(street.end, end).words if street and end > street.end else "" if street else detail
    start = chain.start
    if not rest and (before := _detail_before(said.text, chain.start)):
        start, rest = before[0], said.span(*before).words
        detail += rest
    top = found[0] if len(found) == 1 else None
    return Address(
        *shared,
        top if top and top.level is Level.STREET else None,
        detail,
        rest,
        tuple(_stated(said, mentions, zone)),
        missing_parts(shared[1] or shared[0], shared[2], zone[0] if zone else None, detail),
        said.span(start, max(end, chain.end)),
        zone[0] if zone else None,
        candidates,
    )


def _shared(found: tuple[Division, ...]) -> tuple[Division | None, Division | None, Division | None]:
    lines = [levels_of(division) for division in found]
    return tuple(level[0] if len(set(level)) == 1 else None for level in zip(*lines, strict=True))  # type: ignore[return-value]


def _stated(said: Normalised, mentions: list[Mention], zone: tuple[str, int] | None) -> list[tuple[str, str]]:
    stated: dict[str, str] = {}
    for mention in mentions:
        division = mention.divisions[0]
        part = "city" if division.code in MUNICIPALITIES else division.level.value
        stated[part] = said.span(mention.start, mention.end).words
    if zone:
        stated.setdefault("district", zone[0])
    return list(stated.items())


def _zone_at(text: str, place: int) -> tuple[str, int] | None:
    """成都高新区: a development zone, which has no code of its own; as (name, where it ends)."""
    match = _ZONE.match(text, detail_start(text, place))
    return (match.group(), match.end()) if match else None


def _misspelt(text: str, place: int, parent: Division) -> tuple[tuple[Division, ...], int]:
    """佛山市顺得区: the districts one character away from what stands there, as candidates."""
    match = _MISSPELT.match(text, detail_start(text, place))
    if not match:
        return (), place
    near = tuple(
        d
        for d in divisions().children(parent.code)
        if d.level is Level.DISTRICT
        and len(d.name) == len(match.group())
        and sum(a != b for a, b in zip(d.name, match.group(), strict=True)) == 1
    )
    return near, match.end() if near else place


def _detail_before(text: str, end: int) -> tuple[int, int] | None:
    """卫红路18号，佛山顺德: the detail said before the divisions."""
    found = list(STRONG.finditer(text, 0, end))
    if not found:
        return None
    start = found[-1].start("whole") + _lead(found[-1]["whole"])
    return start, max(min(detail_after(text, start), end), found[-1].end("whole"))


def _from_detail(said: Normalised, start: int, at_least: int, near: str | None) -> Address:
    end = max(detail_after(said.text, start), at_least)
    detail = said.span(start, end)
    known = divisions().get(near[:6]) if near else None
    levels = levels_of(known) if known else (None, None, None)
    missing = missing_parts(levels[1] or levels[0], levels[2], None, detail.words)
    return Address(*levels, None, detail.words, detail.words, (), missing, detail)


def _lead(words: str) -> int:
    """How much of what was caught in front of a road's name is talk: 我家在, 地址是."""
    found = re.match(
        r".*(?:地址|小区叫|住址|住在|家住|搬到|家在|就在|改成|改为|换成|换到|应该是|不是|是|在|住|到|送)(?=[\u4e00-\u9fff\d]{2,})",
        words,
    )
    return found.end() if found else 0


def missing_parts(city: Division | None, district: Division | None, zone: str | None, detail: str) -> tuple[str, ...]:
    """What an engineer could not find the door without."""
    lacks = []
    if district is None and zone is None and not (city and _has_no_districts(city)):
        lacks.append("district")
    if not detail:
        lacks.append("street_or_road")
    if not HOUSE_NUMBER.search(normalise(detail).text):
        lacks.append("house_number")
    return tuple(lacks)


def _has_no_districts(city: Division) -> bool:
    return all(d.level is Level.STREET for d in divisions().children(city.code))
