"""What a price is made of and what it comes to: frozen, with a JSON form that the phone has too. Whole numbers and words only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

LABOUR, PART, MATERIAL, EXTRA, TRAVEL, INSPECTION, NIGHT, HOLIDAY = (
    "labour", "part", "material", "extra", "travel", "inspection", "night", "holiday",
)  # fmt: skip
KINDS: Mapping[str, str] = {
    LABOUR: "人工", PART: "配件", MATERIAL: "辅材", EXTRA: "其他项目", TRAVEL: "路费", INSPECTION: "上门检测费",
    NIGHT: "夜间加收", HOLIDAY: "节假日加收",
}  # fmt: skip
"""In the order of a quote's lines. All but parts are rows of the fee table."""

CUSTOMER, WARRANTY, COVER, CARD, BRAND = "customer", "warranty", "cover", "card", "brand"
PAYERS: Mapping[str, str] = {
    CUSTOMER: "客户付", WARRANTY: "保修", COVER: "延保", CARD: "服务卡", BRAND: "品牌承担",
}  # fmt: skip

CHOSEN = (LABOUR, EXTRA, MATERIAL)
"""Kinds that an engineer chooses from."""
BASIC = "basic"
"""The labour that a service is by itself: an installation, a cleaning. It needs no choosing."""


@dataclass(frozen=True)
class Fee:
    """One row of the fee table as it holds on the day; see `domain.pricing.model.FeeRow`."""

    id: str
    kind: str
    code: str
    title: str
    category: str = ""
    service: str = ""
    km_from: int = 0
    fen: int = 0
    permille: int = 0
    unit: str = "次"
    owner: str = "brand"


@dataclass(frozen=True)
class PartFact:
    """A part of the model's bill with its price on the day; ``labour`` is the operation that putting it in is."""

    code: str
    name: str
    component: str
    fen: int
    labour: str
    row: str


@dataclass(frozen=True)
class Judged:
    """One component of the warranty answer, as it is stored with the order."""

    component: str
    title: str
    result: str
    """``covered``, ``over``, ``excluded``, ``unknown``."""
    rule: str
    until: str
    """A day, or ""."""
    words: str


@dataclass(frozen=True)
class Card:
    """A card held for the order: it pays lines of these kinds."""

    id: str
    title: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Goodwill:
    """The brand pays ``permille`` of a line (``*`` for all) and never more than ``at_most`` fen of it, and why."""

    key: str
    permille: int
    why: str
    at_most: int | None = None
    """None in what somebody grants; in what is carried over the fen that were granted."""


@dataclass(frozen=True)
class Wanted:
    """What is to be done: code → how many thousandths, sorted. ``fees`` are codes of labour and extra rows."""

    fees: tuple[tuple[str, int], ...] = ()
    parts: tuple[tuple[str, int], ...] = ()
    materials: tuple[tuple[str, int], ...] = ()

    @staticmethod
    def of(
        fees: Mapping[str, int] | None = None,
        parts: Mapping[str, int] | None = None,
        materials: Mapping[str, int] | None = None,
    ) -> Wanted:
        return Wanted(
            *(
                tuple(sorted((code, n) for code, n in (some or {}).items() if n > 0))
                for some in (fees, parts, materials)
            )
        )


@dataclass(frozen=True)
class Facts:
    """All that a price depends on. ``rows`` and ``parts`` are those of the day, for the brand and the category."""

    day: str
    category: str
    service: str
    wanted: Wanted = Wanted()
    rows: tuple[Fee, ...] = ()
    parts: tuple[PartFact, ...] = ()
    answers: tuple[Judged, ...] = ()
    cards: tuple[Card, ...] = ()
    goodwill: tuple[Goodwill, ...] = ()
    km: int | None = None
    """Whole kilometres from the station, at the least; None where the place is not known well enough to count."""
    night: bool = False
    holiday: str = ""
    """What the holiday is called; "" on any other day."""
    rectifies: bool = False
    """整改: work that puts right what was done badly."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(body: Mapping[str, Any]) -> Facts:
        wanted = body["wanted"]
        return Facts(
            body["day"], body["category"], body["service"],
            Wanted(*(tuple((code, n) for code, n in wanted[name]) for name in ("fees", "parts", "materials"))),
            tuple(Fee(**one) for one in body["rows"]),
            tuple(PartFact(**one) for one in body["parts"]),
            tuple(Judged(**one) for one in body["answers"]),
            tuple(Card(one["id"], one["title"], tuple(one["kinds"])) for one in body["cards"]),
            tuple(Goodwill(**one) for one in body["goodwill"]),
            body["km"], body["night"], body["holiday"], body["rectifies"],
        )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a quote or a bill. ``payer`` pays all of ``fen``; a line shared by two is two lines."""

    key: str
    """The same in every version: ``labour.refill``, ``part.YF-AC-1000``, ``travel``; a share that the brand bears ends in ``+``."""
    kind: str
    code: str
    title: str
    quantity_milli: int
    unit: str
    unit_fen: int
    fen: int
    payer: str
    owner: str
    """Whose money it is: ``brand`` or ``provider``."""
    rule: str
    """Of `domain.pricing.fees.payers`, why this payer."""
    why: str
    """The same in words for the customer."""
    rows: tuple[str, ...] = ()
    """Ids of the fee rows and prices it was made of."""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "rows": list(self.rows)}

    @staticmethod
    def from_json(body: Mapping[str, Any]) -> Line:
        return Line(**{**body, "rows": tuple(body["rows"])})


@dataclass(frozen=True)
class Priced:
    """``unpriced`` are codes that the table does not know, so that nothing can be asked for them."""

    lines: tuple[Line, ...]
    unpriced: tuple[str, ...] = field(default=())

    @property
    def customer_fen(self) -> int:
        return paid_by(self.lines, CUSTOMER)


def paid_by(lines: Sequence[Line], payer: str) -> int:
    return sum(line.fen for line in lines if line.payer == payer)


def total(lines: Sequence[Line]) -> int:
    return sum(line.fen for line in lines)
