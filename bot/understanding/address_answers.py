"""Answers about an address already begun: which of several places, which road and number, what else was said."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.address_detail import HOUSE_NUMBER, LOOKS_LIKE_DETAIL, detail_after, detail_start
from bot.understanding.addresses import Address, levels_of, missing_parts, without_contacts
from bot.understanding.places import street_at
from domain.regions import Division, Level, divisions


def choose(address: Address, division: Division) -> Address:
    """The address once the customer has said which of the candidates it is."""
    chosen = levels_of(division)
    street = address.street or (division if division.level is Level.STREET else None)
    filled = replace(address, candidates=(), province=chosen[0], city=chosen[1], district=chosen[2], street=street)
    top = filled.city or filled.province
    return replace(filled, missing=missing_parts(top, filled.district, filled.zone, filled.detail))


def joined(earlier: Address, later: Address) -> Address:
    """Two answers about one address: what the later one says counts, what it leaves out is kept from the earlier.

    A city alone settles which of the earlier candidates was meant.
    """
    meant = [d for d in earlier.candidates if later.code and divisions().contains(later.code, d.code)]
    if len(meant) == 1 and not later.detail:
        return choose(earlier, meant[0])
    is_deeper = later.district or later.zone or later.candidates or not (earlier.district or earlier.zone)
    place = later if is_deeper and (later.code or later.candidates) else earlier
    words = later if later.detail else earlier
    whole = replace(place, detail=words.detail, rest=words.rest, span=later.span)
    return replace(whole, missing=missing_parts(place.city or place.province, place.district, place.zone, words.detail))


def parse_detail(text: str, near: str | None = None) -> Address | None:
    """The answer to "which road and number?": less is enough than in free text (18号3栋502, 碧桂园西苑).

    `near` is the code of the district, or the city, that the address is known to be in.
    """
    said = without_contacts(text)
    start = detail_start(said.text, 0)
    end = detail_after(said.text, start)
    detail = said.span(start, end)
    if not (LOOKS_LIKE_DETAIL.search(said.text[start:end]) or HOUSE_NUMBER.search(said.text[start:end])):
        return None
    known = divisions().today(near) if near else None
    street = street_at(said.text, start, known) if known and known.level is not Level.STREET else None
    found = street.divisions[0] if street else known
    levels = levels_of(found) if found else (None, None, None)
    rest = said.span(street.end, end).words if street and street.end < end else "" if street else detail.words
    missing = missing_parts(levels[1] or levels[0], levels[2], None, detail.words)
    top = found if found and found.level is Level.STREET else None
    return Address(*levels, top, detail.words, rest, (), missing, detail)
