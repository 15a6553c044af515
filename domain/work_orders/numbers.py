"""Order numbers a person can read over the phone: eight digits and a check digit, said in threes.

The check digit is Damm's (H. M. Damm, 2004): it catches every single wrong digit and every pair of neighbours
swapped, the two slips people make when reading numbers out.
"""

from __future__ import annotations

import re
import unicodedata

QUASIGROUP = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def check_digit(digits: str) -> str:
    """The digit that makes ``digits`` plus itself valid."""
    interim = "0"
    for digit in digits:
        interim = QUASIGROUP[int(interim)][int(digit)]
    return interim


def number_from(count: int) -> str:
    """The order number for the ``count``-th order: 9 digits, growing to 10 after ninety million orders."""
    digits = str(10_000_000 + count)
    return digits + check_digit(digits)


def spoken(number: str) -> str:
    """In groups of three for eyes and ears: 100 000 019."""
    return " ".join(number[i : i + 3] for i in range(0, len(number), 3))


def read_number(text: str) -> str | None:
    """The valid order number in what somebody typed, or None: spaces and dashes are allowed, a wrong digit is not."""
    plain = unicodedata.normalize("NFKC", text)
    for found in re.finditer(r"(?<!\d)\d(?:[ -]?\d){8,10}(?!\d)", plain):
        digits = re.sub(r"\D", "", found.group())
        if check_digit(digits) == "0" and digits[0] != "0":
            return digits
    return None
