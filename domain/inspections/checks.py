"""★ How a check of the place decides: pure, and the same on the phone (``engineer_app/web/src/rules/checks.ts``).

Both sides run ``tests/vectors/checks.json``. Numbers are decimal text, never floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from domain.kit.errors import Refused


class CheckKind(StrEnum):
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    """``yes`` is as it should be, ``no`` is not."""


class Verdict(StrEnum):
    """``warns`` lets the work go on, with the customer told; ``blocks`` does not."""

    FINE = "fine"
    WARNS = "warns"
    BLOCKS = "blocks"


class BadReading(Refused):
    """What was recorded is no answer to this check."""

    code = "bad_reading"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a `CHOICE`."""

    code: str
    words: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to be confirmed before work begins. ``services`` empty: for all."""

    code: str
    words: str
    services: tuple[str, ...]
    source: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Something to be looked at or measured: ``[least, most]`` is fine for a `NUMBER`, both ends included."""

    code: str
    title: str
    how: str
    kind: CheckKind
    services: tuple[str, ...]
    unit: str
    least: Decimal | None
    most: Decimal | None
    options: tuple[Option, ...]
    failing: Verdict
    """What a reading outside the limits, or ``no``, means."""
    photo: bool
    put_right: str
    """What the customer must have put right, said to him when the check blocks."""
    source: str
    since: date
    until: date | None = None

    def verdict(self, value: str) -> Verdict:
        """:raises BadReading: it is no answer to this check"""
        match self.kind:
            case CheckKind.NUMBER:
                return Verdict.FINE if self._within(value) else self.failing
            case CheckKind.YES_NO:
                if value not in ("yes", "no"):
                    raise BadReading(f"“{self.title}”请选“是”或“否”")
                return Verdict.FINE if value == "yes" else self.failing
            case CheckKind.CHOICE:
                chosen = next((option for option in self.options if option.code == value), None)
                if chosen is None:
                    raise BadReading(f"“{self.title}”没有这个选项")
                return chosen.verdict

    def _within(self, value: str) -> bool:
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise BadReading(f"“{self.title}”请填数字") from None
        if not number.is_finite() or abs(number) >= 1_000_000:
            raise BadReading(f"“{self.title}”请填数字")
        return (self.least is None or self.least <= number) and (self.most is None or number <= self.most)
