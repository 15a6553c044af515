"""What a nameplate says: model codes and serial numbers, out of the bar codes and the print on a picture.

Reading print makes mistakes, so nothing found here is ever taken without the customer's word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic
from urllib.parse import unquote

from bot.understanding.codes import CodeMention, find_codes
from bot.understanding.products import CodeHit, CodeIndex, Id, Match
from domain.products.operations import serial_key

MOST = 4
"""Of each that are offered."""
CLOSE = 0.8
"""Below this score a near model code is a guess, and not offered."""
LABELLED = re.compile(
    r"(?:机身|出厂|产品|整机|制造)?(?:编号|机号|条码|序列号|号码)|\bs/?n\b|serial\s*(?:no|number)?", re.IGNORECASE
)
AFTER_LABEL = re.compile(r"^[\s:.(（）)号码]*(?P<serial>[0-9A-Za-z][0-9A-Za-z\-]{5,27})(?![0-9A-Za-z])")
SERIAL = re.compile(r"(?=.*\d)[0-9A-Z]{8,24}")
MODEL_LABEL = re.compile(r"型号|型式|model|规格", re.IGNORECASE)
NO_SERIAL = re.compile(r"许可|证书|认证|执行标准|GB|标准|专利|备案", re.IGNORECASE)


@dataclass(frozen=True)
class Print:
    """What can be read on a picture: the contents of its bar codes, and its lines of print, top to bottom."""

    lines: tuple[str, ...] = ()
    bar_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plate(Generic[Id]):
    """What was found, the likeliest first."""

    models: tuple[CodeHit[Id], ...] = ()
    serials: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.models or self.serials)


def read_plate(seen: Print, index: CodeIndex[Id]) -> Plate[Id]:
    """The models of the catalogue and the serials on a nameplate."""
    mentions = [mention.value for text in texts(seen) for mention in find_codes(text, index)]
    hits = best([hit for mention in mentions for hit in hits_of(mention)])
    models = {hit.code for hit in hits}
    serials = dict.fromkeys(serial for serial in serials_in(seen) if not index.knows(serial))
    return Plate(tuple(hits[:MOST]), tuple(serial for serial in serials if serial not in models)[:MOST])


def texts(seen: Print) -> list[str]:
    """Everything legible, piece by piece: an address in a QR code may have the code among its parameters."""
    pieces = [piece for text in seen.bar_codes for piece in pieces_of(text)]
    return [*pieces, *seen.lines]


def pieces_of(text: str) -> list[str]:
    """The parts of a bar code's content; an address is cut at what separates its parts."""
    plain = unquote(text)
    if "://" not in plain:
        return [plain]
    _, _, path = plain.partition("://")[2].partition("/")
    return [part for part in re.split(r"[?&=#;,|\s]+", path) if part] + path.split("/")


def hits_of(mention: CodeMention[Id]) -> list[CodeHit[Id]]:
    return [mention.hit] if mention.hit else [one for one in mention.near if one.score >= CLOSE]


def best(hits: Iterable[CodeHit[Id]]) -> list[CodeHit[Id]]:
    """Each product once, by score; where very codes were read, those that are only close are not offered."""
    found: dict[Id, CodeHit[Id]] = {}
    for hit in hits:
        if hit.id not in found or found[hit.id].score < hit.score:
            found[hit.id] = hit
    exact = [hit for hit in found.values() if hit.match is Match.EXACT]
    return exact or sorted(found.values(), key=lambda hit: -hit.score)


def serials_in(seen: Print) -> Iterable[str]:
    """Numbers that bar codes hold, then numbers that are printed behind a label."""
    for text in seen.bar_codes:
        for piece in pieces_of(text):
            key = serial_key(piece)
            if SERIAL.fullmatch(key) and not is_trade_number(piece) and key in plain_key(piece):
                yield key
    for before, line in zip(("", *seen.lines), seen.lines, strict=False):
        yield from labelled(unicodedata.normalize("NFKC", line), unicodedata.normalize("NFKC", before))


def plain_key(piece: str) -> str:
    """The piece when it is nothing but a number, else ""."""
    return serial_key(piece) if re.fullmatch(r"[0-9A-Za-z\-]{8,28}", piece) else ""


def labelled(line: str, before: str) -> Iterable[str]:
    """The number behind a label, on its line or alone on the next."""
    if NO_SERIAL.search(line) or MODEL_LABEL.search(line):
        return
    for label in LABELLED.finditer(line):
        number = AFTER_LABEL.match(line[label.end() :])
        if number and re.search(r"\d", number["serial"]):
            yield serial_key(number["serial"])
    alone = AFTER_LABEL.fullmatch(line.strip())
    if alone and LABELLED.search(before) and not NO_SERIAL.search(before) and SERIAL.fullmatch(serial_key(line)):
        yield serial_key(line)


def is_trade_number(text: str) -> bool:
    """An EAN-13 or UPC: the number of a kind of goods, the same on every box of it, and no serial."""
    digits = text.strip()
    if not re.fullmatch(r"\d{12,13}", digits):
        return False
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0
