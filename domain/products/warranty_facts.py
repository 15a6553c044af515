"""What a warranty is judged by and what the judgement is: frozen, without tables. A new source of cover is an `Extra`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

WHOLE, MAIN_PARTS, LABOUR = "whole", "main_parts", "labour"
COMPONENTS = {WHOLE: "整机", MAIN_PARTS: "主要部件", LABOUR: "人工"}
TITLES = {**COMPONENTS, "return": "七日退货", "exchange": "十五日换货"}
"""A named part is its own title."""


class Invoice(StrEnum):
    """What is known of a proof of purchase."""

    UNKNOWN = "unknown"
    TOLD = "told"
    """The customer said the day."""
    SEEN = "seen"
    """Staff or an engineer saw the invoice."""
    NONE = "none"
    """There is none, or it was a gift without one."""


INVOICES = {
    Invoice.UNKNOWN: "不清楚",
    Invoice.TOLD: "客户口述",
    Invoice.SEEN: "已见发票",
    Invoice.NONE: "没有发票（含赠品）",
}


class Result(StrEnum):
    COVERED = "covered"
    OVER = "over"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


RESULTS = {Result.COVERED: "保内", Result.OVER: "已过保", Result.EXCLUDED: "不保", Result.UNKNOWN: "待核"}


@dataclass(frozen=True)
class Term:
    """A brand's promise for products bought in ``[since, until)``. ``of_model``: it goes before its category's."""

    id: str
    component: str
    months: int
    source: str
    since: date
    until: date | None = None
    of_model: bool = False


@dataclass(frozen=True)
class Extra:
    """What was bought beside: extended warranty (``cover``) or a ``card``; from and to a day, both covered."""

    kind: str
    id: str
    component: str
    since: date
    until: date
    source: str


@dataclass(frozen=True)
class Facts:
    """All that is known of one product, and of the fault where somebody has looked at it."""

    category: str
    terms: tuple[Term, ...] = ()
    extras: tuple[Extra, ...] = ()
    purchased_on: date | None = None
    invoice: Invoice = Invoice.UNKNOWN
    made_on: date | None = None
    made_by: str = ""
    """Which reading of the serial says so, in words."""
    allowance_months: int = 0
    replaced_on: date | None = None
    days_in_repair: int = 0
    """Days it was away in repair or waited for a part: the law does not count them."""
    owners: int = 1
    findings: frozenset[str] = frozenset()
    """Codes of `exclusions` that staff or an engineer found."""
    rest_days: frozenset[date] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Start:
    """Terms are counted from ``on``; ``since`` is the first day covered, earlier where the maker allows for time in a shop."""

    on: date
    since: date
    rule: str
    source: str
    words: str


@dataclass(frozen=True)
class Grant:
    """One component for one time; ``until`` is the last day covered."""

    component: str
    since: date
    until: date
    rule: str
    source: str
    version: str
    lawful: bool = False


@dataclass(frozen=True)
class Answer:
    """One component, with everything anybody may ask about the answer."""

    component: str
    result: Result
    since: date | None
    until: date | None
    rule: str
    source: str
    version: str
    evidence: tuple[str, ...]
    words: str

    @property
    def title(self) -> str:
        return TITLES.get(self.component, self.component)


def reason(component: str, result: Result, words: str) -> str:
    """The words of an answer without its component and result: for where both stand beside them already."""
    plain = words.removeprefix(TITLES.get(component, component)).lstrip()
    return plain.removeprefix(RESULTS[result]).removeprefix("：")


@dataclass(frozen=True)
class Decision:
    day: date
    start: Start | None
    answers: tuple[Answer, ...]
    rights: tuple[Answer, ...]
    """Return and exchange, while they last."""
    doubts: tuple[str, ...]
    """What was said and is not believed, and why."""

    def of(self, component: str) -> Answer | None:
        return next((one for one in self.answers if one.component == component), None)
