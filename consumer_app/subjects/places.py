"""Where to come: a typed address read as the chat reads it, checked for a door and for being served, read back."""

from __future__ import annotations

from typing import Any

from bot.understanding import Address, choose, parse_address
from consumer_app.counter import Malformed
from consumer_app.person import Person
from domain.customers.address import AddressLine
from domain.customers.queries import known, phones_of
from domain.kit.personal import mask_phone
from domain.organizations.queries import is_served
from domain.regions import divisions
from domain.regions.centroids import centroid
from domain.regions.datums import gcj_from_wgs
from domain.regions.positions import Position, Source, metres

LACKS = {
    "district": "请写清是哪个市、哪个区（县），例如：佛山市顺德区……",
    "house_number": "还缺门牌号，请写到几号、几栋几室",
}
EXACT_M, ROUGH_M = 50, 500
"""A pin is never known better than the one, and is none when known less well than the other."""
HOW = "没认出地址，请从城市写起，例如：佛山市顺德区容桂街道卫红路18号3栋502"


def contact(person: Person) -> dict[str, Any]:
    """What need not be typed again."""
    kept = known(person.uow, person.customer_id)
    return {
        "name": kept.name,
        "phones": [
            {"id": one.number_print, "number": mask_phone(one.number), "verified": one.verified_at is not None}
            for one in phones_of(person.uow, person.customer_id)
        ],
        "addresses": [
            {
                "id": one.id, "line": one.line,
                "served": is_served(person.uow, person.voice.brand_id, one.division_code),
            }
            for one in kept.addresses
        ],
    }  # fmt: skip


def check(person: Person, text: str) -> dict[str, Any]:
    """How the text is understood, or what is missing."""
    address = parse_address(text)
    if address is None:
        return place("", "", HOW)
    if address.candidates:
        return choices(person, address)
    if address.code is None or "district" in address.missing:
        return place("", address.line, LACKS["district"])
    if not is_served(person.uow, person.voice.brand_id, address.code):
        return place("", address.line, not_served(person, address))
    if address.missing:
        short = (
            LACKS["house_number"] if address.missing == ("house_number",) else "还缺街道和门牌号，请写到几号、几栋几室"
        )
        return place("", address.line, short)
    return place(address.code, address.line, "")


def place(code: str, line: str, words: str, some: list[dict[str, str]] | None = None) -> dict[str, Any]:
    return {"complete": bool(code), "division_code": code, "line": line, "choices": some or [], "message": words}


def choices(person: Person, address: Address) -> dict[str, Any]:
    served = [one for one in address.candidates if is_served(person.uow, person.voice.brand_id, one.code)]
    if not served:
        return place("", address.line, not_served(person, address))
    some = []
    for one in served:
        narrowed = choose(address, one)
        line = narrowed.line if narrowed.is_complete else "".join(divisions().path(one.code))
        some.append({"division_code": one.code, "line": line})
    return place("", address.line, "这个地名在好几个地方都有，请问是哪一个？", some)


def not_served(person: Person, address: Address) -> str:
    area = "".join(level.name for level in (address.city or address.province, address.district) if level)
    return f"很抱歉，{area or '这里'}暂时不在{person.voice.brand}的上门服务范围内。可以换一个地址，或请客服帮您想办法。"


def chosen(person: Person, given: dict[str, Any]) -> AddressLine:
    """The address of a report: a known one, or a typed one that is complete; with the customer's pin, where one was set.

    :raises NotFound, Malformed: see there
    """
    if given.get("address_id"):
        kept = person.address(given["address_id"])
        if not is_served(person.uow, person.voice.brand_id, kept.division_code):
            raise Malformed(f"这个地址不在{person.voice.brand}的上门服务范围内，请换一个")
        return with_pin(AddressLine(kept.division_code, kept.line), pin_of(given))
    checked = check(person, given.get("address") or "")
    if not checked["complete"]:
        raise Malformed(checked["message"])
    return with_pin(AddressLine(checked["division_code"], checked["line"]), pin_of(given))


def pin_of(given: dict[str, Any]) -> Position | None:
    """What was set on a map or by a tap, where it is exact enough to say more than the address."""
    lat, lng, radius = given.get("lat"), given.get("lng"), given.get("radius_m") or 0
    if lat is None or lng is None or radius > ROUGH_M:
        return None
    if given.get("datum") == "wgs84":
        lat, lng = gcj_from_wgs(lat, lng)
    return Position(lat, lng, Source.PIN, max(radius, EXACT_M))


def with_pin(line: AddressLine, pin: Position | None) -> AddressLine:
    """With the pin, where it lies in the address's district (as in chat)."""
    middle = centroid(line.division_code)
    if pin is None or middle is None or metres(pin, middle) > middle.radius_m:
        return line
    return AddressLine(line.division_code, line.line, pin)
