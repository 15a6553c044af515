"""★ What an answer names, and what a bill may ask for: pure rules over lines that were confirmed, signed or shown.

The phone's twin of `hash_of_lines` is in ``engineer_app/web/src/rules/prices.ts`` with that of `domain.pricing.fees`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.pricing.fee_facts import CUSTOMER, MATERIAL, PART, Line, paid_by
from domain.pricing.fees import share, split
from domain.service_sheets.canonical import hash_of


def hash_of_lines(order_number: str, lines: Sequence[Line]) -> str:
    """What an answer names: exactly these lines of this order."""
    shown = [
        {"key": one.key, "title": one.title, "quantity": one.quantity_milli, "fen": one.fen, "payer": one.payer}
        for one in lines
    ]
    return hash_of({"v": 1, "order": order_number, "lines": shown, "customer_fen": paid_by(lines, CUSTOMER)})


def capped(lines: Sequence[Line], shown: Mapping[str, int], rule: str, why: str) -> tuple[Line, ...]:
    """The customer pays of no line more than he was shown for its key; the brand bears the difference."""
    found: list[Line] = []
    for line in lines:
        if line.payer == CUSTOMER:
            found += split(line, min(line.fen, shown.get(line.key, 0)), rule, why)
        else:
            found.append(line)
    return tuple(found)


def billed(confirmed: Sequence[Line], sheet: Mapping[str, int], parts: Mapping[str, int]) -> tuple[Line, ...]:
    """The customer's lines of a confirmed quote as far as the signed sheet has them: nothing else, and of none more.

    :param sheet: key → fen of the sheet's lines that the customer pays
    :param parts: part code → thousandths put in
    """
    found = []
    for line in confirmed:
        if line.payer != CUSTOMER or line.key not in sheet:
            continue
        fen = min(line.fen, sheet[line.key])
        if line.kind == PART:
            there = min(parts.get(line.code, 0), line.quantity_milli)
            fen = min(fen, share(line.fen, there, line.quantity_milli))
            line = replace(line, quantity_milli=there)
            if not there:
                continue
        found.append(replace(line, fen=fen))
    return tuple(found)


def split_by_account(lines: Sequence[Line], provider_id: str) -> list[dict[str, str | int]]:
    """Whose money the customer's lines become: accounts of the ledger, by what they are and who did it."""
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.payer == CUSTOMER and line.fen:
            account = "income_part" if line.kind in (PART, MATERIAL) else "income_service"
            key = ("provider_due", provider_id) if line.owner == "provider" and provider_id else (account, "")
            sums[key] = sums.get(key, 0) + line.fen
    return [{"account": account, "party": party, "fen": fen} for (account, party), fen in sorted(sums.items())]
