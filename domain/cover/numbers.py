"""Certificate numbers 证书号: eleven digits nobody can guess and a check digit (Damm's, as orders have), said in fours."""

from __future__ import annotations

import re
import unicodedata
from itertools import count

from sqlalchemy import select

from domain.cover.model import Cover
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.numbers import check_digit

DIGITS = 11


def new_number(uow: UnitOfWork, cover_id: str) -> str:
    """Made of a keyed print of the id; made again where it is taken already."""
    for attempt in count():
        drawn = int(uow.keyring.fingerprint("cover number", f"{cover_id} {attempt}"), 16) % 10**DIGITS
        digits = f"{drawn:0{DIGITS}d}"
        number = digits + check_digit(digits)
        if uow.session.scalar(select(Cover.id).filter_by(number=number)) is None:
            return number
    raise AssertionError("counting does not end")


def spoken(number: str) -> str:
    """1234 5678 9012."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def read_number(words: str) -> str | None:
    """The number in what somebody typed; None where it is none, or a digit is wrong."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", words))
    valid = re.fullmatch(rf"[0-9]{{{DIGITS + 1}}}", digits) and check_digit(digits) == "0"
    return digits if valid else None
