"""What the brand bears of its own will, carried over to later versions of a quote: never more than somebody granted.

Granted is what a version made of it when it was said, on those lines and in those fen. A line that was not there, and fen above
those, are granted anew by somebody who may.
"""

from __future__ import annotations

from dataclasses import replace

from domain.pricing.fee_facts import Facts, Goodwill
from domain.pricing.fees import GOODWILL, price, price_declined
from domain.pricing.model import Quote


def goodwill_of(quote: Quote | None) -> tuple[Goodwill, ...]:
    """What a version after this one gives away without being asked to."""
    return carried(Facts.from_json(quote.facts)) if quote and quote.facts["goodwill"] else ()


def carried(facts: Facts) -> tuple[Goodwill, ...]:
    """What was carried before, also of lines that are not there just now, and what was granted here by its lines."""
    kept = {one.key: one for one in facts.goodwill if one.at_most is not None}
    if len(kept) < len(facts.goodwill):
        for line in (*price(facts).lines, *price_declined(facts).lines):
            if line.rule == GOODWILL:
                key = line.key.removesuffix("+")
                kept[key] = replace(largest(facts, key), key=key, at_most=line.fen)
    return tuple(kept[key] for key in sorted(kept))


def largest(facts: Facts, key: str) -> Goodwill:
    return max((one for one in facts.goodwill if one.key in ("*", key)), key=lambda one: one.permille)
