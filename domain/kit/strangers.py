"""What strangers send: text the database can keep and a terminal does not obey, numbers a program can read. Every door asks here
before it looks further; what is odd beyond that is a pattern to add."""

from __future__ import annotations

import re
from typing import Any

ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of characters."""
ENDLESS = re.compile(rb"[0-9]{1000}")
"""A number no amount and no day has; Python itself refuses to read one of 4300 digits."""


def is_plain(value: Any) -> bool:
    """Whether all text in it is as people write it; of numbers and the like nothing is asked."""
    if isinstance(value, str):
        return not ODD.search(value)
    if isinstance(value, (list, tuple)):
        return all(is_plain(one) for one in value)
    if isinstance(value, dict):
        return is_plain([*value.keys(), *value.values()])
    return True


def is_endless(body: bytes) -> bool:
    """Whether JSON has a number in it that cannot be read."""
    return ENDLESS.search(body) is not None
