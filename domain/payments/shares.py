"""Whose money a sum becomes: shares that add up to it, and what a part of it is taken back from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from domain.kit.money import Money
from domain.ledger.chart import CHART, Side


@dataclass(frozen=True)
class Share:
    """``fen`` ≥ 0 of a sum becomes this account's (and party's)."""

    account: str
    fen: int
    party: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def check(shares: Sequence[Share]) -> None:
    """:raises ValueError: an amount below zero, or an account that nobody can owe to"""
    for one in shares:
        account = CHART.get(one.account)
        if one.fen < 0 or account is None or account.side is Side.EXPENSE or bool(one.party) != bool(account.party):
            raise ValueError(f"{one} is no share of what somebody owes")


def stored(shares: Iterable[Share]) -> list[Any]:
    """Shares as JSON, one for each account and party, zeros left out."""
    sums: dict[tuple[str, str], int] = {}
    for one in shares:
        sums[one.account, one.party] = sums.get((one.account, one.party), 0) + one.fen
    return [Share(account, fen, party).to_json() for (account, party), fen in sums.items() if fen]


def read(split: Iterable[Any]) -> list[Share]:
    return [Share(**one) for one in split]


def left(split: Iterable[Any], *taken: Iterable[Any]) -> list[Share]:
    """What is left of a sum's shares after parts of it were taken back."""
    back: dict[tuple[str, str], int] = {}
    for part in taken:
        for one in read(part):
            back[one.account, one.party] = back.get((one.account, one.party), 0) + one.fen
    return [Share(one.account, one.fen - back.get((one.account, one.party), 0), one.party) for one in read(split)]


def take(shares: Sequence[Share], fen: int) -> list[Share]:
    """``fen`` taken from all shares by their size; odd fen from the first.

    :raises ValueError: there is less than that
    """
    if fen > sum(one.fen for one in shares):
        raise ValueError("more is taken than there is")
    parts = Money(fen).shared_by([one.fen for one in shares])
    return [Share(one.account, part.fen, one.party) for one, part in zip(shares, parts, strict=True) if part.fen]
