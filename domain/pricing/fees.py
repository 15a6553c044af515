"""★ What a visit costs and who pays each line, as rules over frozen facts; the phone computes the very same without network.

A kind of line is a function named in `lines_of`; who pays is asked of `payers` from the top: the first that answers. Whole fen
and thousandths only, rounded half up in `share` alone. ``engineer_app/web/src/rules/prices.ts`` is the twin; both run
``tests/vectors/fees.json``. docs/prices-and-quotes.md tells it in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.pricing.fee_facts import (
    BASIC,
    BRAND,
    CARD,
    COVER,
    CUSTOMER,
    EXTRA,
    HOLIDAY,
    INSPECTION,
    KINDS,
    LABOUR,
    MATERIAL,
    NIGHT,
    PART,
    TRAVEL,
    WARRANTY,
    Card,
    Facts,
    Fee,
    Goodwill,
    Judged,
    Line,
    PartFact,
    Priced,
    paid_by,
)  # fmt: skip

WARRANTED = frozenset({"repair", "exchange", "complaint"})
"""A warranty pays for putting right what broke; installing and cleaning are bought."""
GRANTS: Mapping[str, str] = {"cover": COVER, "card": CARD}
"""Rule of a stored answer → who pays; all others are the warranty of the law or the brand."""
PER_KM = "公里"
GOODWILL = "goodwill"
"""Rule of what the brand bears of its own will."""

Answered = tuple[str, str, str]
"""Payer, rule, words."""


@dataclass(frozen=True)
class Item:
    """A line before it is known who pays."""

    key: str
    kind: str
    code: str
    title: str
    quantity_milli: int
    unit: str
    unit_fen: int
    fen: int
    owner: str
    rows: tuple[str, ...]
    components: tuple[str, ...]
    """Whose warranty answer counts: the first of these that was answered."""


def share(fen: int, parts: int, of: int = 1000) -> int:
    """``fen * parts / of``, rounded half up: the only rounding of a price."""
    return (2 * fen * parts + of) // (2 * of)


# What it costs


def price(facts: Facts) -> Priced:
    """The lines if the work is done, in one order whatever order things were named in."""
    items, unpriced = items_of(facts)
    lines = [line for item in items for line in paid(facts, item)]
    lines += surcharges(facts, lines)
    places = {kind: place for place, kind in enumerate(KINDS)}
    return Priced(tuple(sorted(lines, key=lambda one: (places[one.kind], one.key))), tuple(sorted(unpriced)))


def price_declined(facts: Facts) -> Priced:
    """The lines if the customer says no: coming and looking, and nothing else."""
    row = best(facts, INSPECTION, INSPECTION)
    if row is None:
        return Priced(())
    item = flat(row, INSPECTION, 1000, ("whole",))
    return Priced(tuple(paid(facts, item)))


def items_of(facts: Facts) -> tuple[list[Item], list[str]]:
    """Every item, and the codes there is no price for."""
    items: list[Item] = []
    unpriced: list[str] = []
    operations = dict(facts.wanted.fees)
    known = {one.code: one for one in facts.parts}
    for code, quantity in facts.wanted.parts:
        part = known.get(code)
        if part is None:
            unpriced.append(code)
            continue
        items.append(part_item(part, quantity))
        if part.labour and part.labour not in operations:
            operations[part.labour] = 1000
    if best(facts, LABOUR, BASIC) and BASIC not in operations:
        operations[BASIC] = 1000
    for code, quantity in operations.items():
        row = best(facts, LABOUR, code) or best(facts, EXTRA, code)
        if row is None:
            unpriced.append(code)
        else:
            items.append(flat(row, f"{row.kind}.{code}", quantity, ("labour",)))
    for code, quantity in facts.wanted.materials:
        row = best(facts, MATERIAL, code)
        if row is None:
            unpriced.append(code)
        else:
            items.append(flat(row, f"material.{code}", quantity, ("whole",)))
    return items + list(travel(facts)), unpriced


def best_row(rows: Sequence[Fee], kind: str, code: str) -> Fee | None:
    """Of rows for one category: its own before that of all."""
    fitting = [one for one in rows if one.kind == kind and one.code == code]
    return sorted(fitting, key=lambda one: (one.category == "", one.service == "", one.id))[0] if fitting else None


def best(facts: Facts, kind: str, code: str) -> Fee | None:
    """The most exact row of a code: its category named goes before its service named; then by id, so that it is always one."""
    mine = [one for one in facts.rows if one.category in ("", facts.category) and one.service in ("", facts.service)]
    return best_row(mine, kind, code)


def flat(row: Fee, key: str, quantity_milli: int, components: tuple[str, ...]) -> Item:
    fen = share(row.fen, quantity_milli)
    return Item(
        key, row.kind, row.code, row.title, quantity_milli, row.unit, row.fen, fen, row.owner, (row.id,), components
    )


def part_item(part: PartFact, quantity_milli: int) -> Item:
    """A part is asked for by its own name, then by the component it belongs to, then as the whole machine."""
    components = tuple(dict.fromkeys(one for one in (part.name, part.component, "whole") if one))
    fen = share(part.fen, quantity_milli)
    return Item(
        f"part.{part.code}", PART, part.code, part.name, quantity_milli, "件", part.fen, fen, "brand",
        (part.row,) if part.row else (), components,
    )  # fmt: skip


def travel(facts: Facts) -> Iterator[Item]:
    """The band the distance falls into. A place that is only roughly known counts as near: it never decides against anybody."""
    km = facts.km if facts.km is not None else 0
    bands = [
        one for one in facts.rows
        if one.kind == TRAVEL and one.km_from <= km and one.category in ("", facts.category)
        and one.service in ("", facts.service)
    ]  # fmt: skip
    if not bands:
        return
    ranked = sorted(bands, key=lambda one: (one.category == "", one.service == "", -one.km_from, one.id))
    row = ranked[0]
    yield flat(row, TRAVEL, 1000 * (km - row.km_from) if row.unit == PER_KM else 1000, ("whole",))


def surcharges(facts: Facts, lines: Sequence[Line]) -> Iterator[Line]:
    """At night or on a holiday, the greater of the two and never both: a share of the labour the customer pays, or a sum."""
    base = paid_by([one for one in lines if one.kind == LABOUR], CUSTOMER)
    rows = [row for row in (best(facts, NIGHT, NIGHT) if facts.night else None,
                            best(facts, HOLIDAY, HOLIDAY) if facts.holiday else None) if row]  # fmt: skip
    if not base or not rows:
        return
    sums = [(row.fen + share(base, row.permille), row) for row in rows]
    fen, row = sorted(sums, key=lambda one: (-one[0], one[1].kind))[0]
    why = "预约在夜间时段" if row.kind == NIGHT else f"预约在{facts.holiday}"
    yield Line(
        row.kind, row.kind, row.code, row.title, 1000, row.unit, fen, fen, CUSTOMER, row.owner, row.kind, why, (row.id,)
    )


# Who pays


def paid(facts: Facts, item: Item) -> list[Line]:
    """The item as a line of whoever pays it; as two where the brand bears a share of what the customer would pay."""
    payer, rule, why = next(answer for ask in payers if (answer := ask(facts, item)))
    given = goodwill_for(facts, item) if payer == CUSTOMER else None
    line = Line(
        item.key, item.kind, item.code, item.title, item.quantity_milli, item.unit, item.unit_fen, item.fen, payer,
        item.owner, rule, why, item.rows,
    )  # fmt: skip
    return split(line, item.fen - given_of(given, item), GOODWILL, f"品牌承担：{given.why}") if given else [line]


def given_of(goodwill: Goodwill, item: Item) -> int:
    part = share(item.fen, goodwill.permille)
    return part if goodwill.at_most is None else min(part, goodwill.at_most)


def split(line: Line, customer_fen: int, rule: str, why: str) -> list[Line]:
    """The customer pays so much of a line, the brand the rest."""
    rest = line.fen - customer_fen
    if rest <= 0:
        return [line]
    if customer_fen <= 0:
        return [replace(line, payer=BRAND, rule=rule, why=why)]
    return [
        replace(line, fen=customer_fen),
        replace(line, key=f"{line.key}+", fen=rest, payer=BRAND, rule=rule, why=why),
    ]


def rectification(facts: Facts, item: Item) -> Answered | None:
    return (BRAND, "rectification", "整改返工，不向客户收费") if facts.rectifies else None


def warranty(facts: Facts, item: Item) -> Answered | None:
    """By the answer stored with the order, of the component the line belongs to."""
    judged = judged_for(facts, item)
    if judged is None or judged.result != "covered":
        return None
    return GRANTS.get(judged.rule, WARRANTY), "warranty", judged.words


def card(facts: Facts, item: Item) -> Answered | None:
    held: Card | None = next((one for one in facts.cards if item.kind in one.kinds), None)
    return (CARD, "card", f"由{held.title}支付") if held else None


def customer(facts: Facts, item: Item) -> Answered:
    """Nobody else: in the words of the warranty's no, where one was asked."""
    judged = judged_for(facts, item)
    if item.fen == 0:
        return CUSTOMER, "free", "免费"
    if judged is None:
        return CUSTOMER, "bought", "按公示价目收费"
    words = f"{judged.words}；核实后可免" if judged.result == "unknown" else judged.words
    return CUSTOMER, judged.result, words


payers: tuple[Callable[[Facts, Item], Answered | None], ...] = (rectification, warranty, card, customer)


def judged_for(facts: Facts, item: Item) -> Judged | None:
    if facts.service not in WARRANTED or item.kind == EXTRA:
        return None
    known = {one.component: one for one in facts.answers}
    return next((known[one] for one in item.components if one in known), None)


def goodwill_for(facts: Facts, item: Item) -> Goodwill | None:
    """The brand's largest offer for this line."""
    mine = [one for one in facts.goodwill if one.key in ("*", item.key) and given_of(one, item) > 0]
    return sorted(mine, key=lambda one: (-given_of(one, item), -one.permille, one.key))[0] if mine else None
