"""Numbers below a thousand and years as written in digits or characters (9, 九, 十五, 二十三, 廿三, 二零二六)."""

from __future__ import annotations

import re

NUMBER = r"(?:\d{1,2}|[零一二两三四五六七八九十廿卅]{1,4})"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "天": 7, "日": 7, "末": 6}


def number(words: str) -> int | None:
    """The number; None for what is none (十十)."""
    if words.isdigit():
        return int(words)
    words = words.replace("廿", "二十").replace("卅", "三十")
    if not re.fullmatch("[零一二两三四五六七八九十]+", words):
        return None
    if "十" in words:
        tens, _, ones = words.partition("十")
        if len(tens) > 1 or len(ones) > 1 or "十" in ones:
            return None
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[c]) for c in words))


def weekday_number(character: str) -> int:
    """1 for Monday (一, 1) to 7 for Sunday (日, 天, 7); 末 is 6."""
    return int(character) if character.isdigit() else _DIGITS[character]
