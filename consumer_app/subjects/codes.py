"""Which model a scanned or typed text means: taken as it is only when it is exactly one of the catalogue's, else choices."""

from __future__ import annotations

from typing import Any

from bot.beyond_text import FORMATTED, OWN_MODEL, UNREAD
from bot.engine import catalogues
from bot.talk import Catalogue
from bot.understanding.codes import find_codes
from bot.understanding.nameplates import is_trade_number, pieces_of
from consumer_app.person import Person
from domain.catalog.categories import TITLES
from domain.catalog.model import Model
from domain.products.operations import serial_key
from domain.products.queries import by_serial

HOW = "型号在机身铭牌上，如 KFR-35GW/… 或 BCD-…，照着输入就行。"


def find(person: Person, text: str) -> dict[str, Any]:
    """The very model, or those that look like it, and the serial that stands in the text."""
    said, catalogue = text.strip(), catalogues.of(person.uow, person.voice)
    formatted = FORMATTED.match(said)
    content = formatted["content"].strip() if formatted else said
    if own := OWN_MODEL.match(content):
        content = own["code"]
    if is_trade_number(content):
        return answer(person, None, (), "", UNREAD["trade_number"].partition("，或者")[0] + "。")
    words = " ".join(pieces_of(content)) if "://" in content else content
    mentions = [found.value for found in find_codes(words, catalogue.codes)]
    serial = next((serial_key(one.written) for one in mentions if one.is_serial and not one.hit), "")
    hit = next((one.hit.id for one in mentions if one.hit), None)
    if hit is None and serial and (owned := by_serial(person.uow, person.voice.brand_id, serial)):
        hit = owned.model.id  # a nameplate's bar code says only the serial: which appliance has it is known
    near = [one.id for mention in mentions for one in mention.near] or [
        one.id for one in catalogue.codes.near(words)
    ]  # fmt: skip
    return answer(person, hit, near, serial, told(catalogue, content, hit, near, serial))


def told(catalogue: Catalogue, content: str, hit: str | None, near: list[str], serial: str) -> str:
    if hit:
        return ""
    if near:
        return f"没有完全一样的型号 {content[:40]}，您指的是哪一个？"
    if serial:
        return "认出了机身编号，请再输入型号。" + HOW
    longer = catalogue.beginning_with(content)
    if longer:
        return f"以 {content[:40]} 开头的型号有 {longer} 款，请把后面的也写上。"
    return f"没有查到这个型号，请核对一下。{HOW}"


def answer(person: Person, hit: str | None, near: Any, serial: str, words: str) -> dict[str, Any]:
    choices = [] if hit else [model_json(person.model(one)) for one in dict.fromkeys(near)]
    return {
        "exact": model_json(person.model(hit)) if hit else None, "choices": choices[:5], "serial": serial,
        "message": words,
    }  # fmt: skip


def model_json(model: Model) -> dict[str, Any]:
    return {
        "id": model.id, "code": model.code, "name": model.name, "category": model.category_code,
        "category_title": TITLES.get(model.category_code, "家电"),
    }  # fmt: skip
