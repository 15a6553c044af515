"""What the ledger says: balances, by account and party, on any day; the entries of a thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, Select, cast, func, select, union_all

from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.chart import CHART
from domain.ledger.model import LedgerEntry, LedgerPosting


@dataclass(frozen=True)
class Balance:
    """One account's (and party's) balance in its own direction: positive is what one expects of it."""

    account: str
    party: str
    fen: int


def moved(brand_id: str | None, on: date | None) -> Select[str, str, int]:
    """(account, party, fen by debit) of everything that moved, up to and with a day."""
    found = select(LedgerEntry.id)
    if brand_id is not None:
        found = found.where(LedgerEntry.brand_id == brand_id)
    if on is not None:
        found = found.where(LedgerEntry.day <= on)
    whole = brand_id is None and on is None
    one = LedgerPosting
    debits = select(one.debit.label("account"), one.debit_party.label("party"), one.fen.label("fen"))
    credits_ = select(one.credit.label("account"), one.credit_party.label("party"), (-one.fen).label("fen"))
    sides = [side if whole else side.where(one.entry_id.in_(found)) for side in (debits, credits_)]
    both = union_all(*sides).subquery()
    total = cast(func.sum(both.c.fen), BigInteger).label("fen")
    return select(both.c.account, both.c.party, total).group_by(both.c.account, both.c.party)


def balances(uow: UnitOfWork, brand_id: str | None, *, on: date | None = None) -> list[Balance]:
    """Every account that has moved, by party, in the chart's order; zeros too, so that nothing looks forgotten."""
    order = {name: place for place, name in enumerate(CHART)}
    found = [
        Balance(account, party, fen if CHART[account].grows_by_debit else -fen)
        for account, party, fen in uow.session.execute(moved(brand_id, on))
    ]
    return sorted(found, key=lambda one: (order[one.account], one.party))


@dataclass(frozen=True)
class Total:
    """What one account comes to in its own direction, and how many parties have a part of it that is not zero."""

    account: str
    fen: int
    parties: int


def totals(uow: UnitOfWork, brand_id: str | None, *, on: date | None = None) -> list[Total]:
    """Every account that has moved, in the chart's order. The database adds up: parties may be a million payables."""
    whole = on is None or on >= uow.today  # nothing is posted for a day to come
    by_party = moved(brand_id, None if whole else on).subquery()
    account, fen = by_party.c.account, by_party.c.fen
    rows = select(account, cast(func.sum(fen), BigInteger), func.count().filter(fen != 0)).group_by(account)
    found = {
        name: Total(name, total if CHART[name].grows_by_debit else -total, parties)
        for name, total, parties in uow.session.execute(rows)
    }
    return [found[name] for name in CHART if name in found]


def balance(uow: UnitOfWork, account: str, party: str = "", *, brand_id: str | None = None) -> int:
    """Fen in an account, in its own direction; of one party where it is kept by party."""
    total = 0
    for side, sign in (("debit", 1), ("credit", -1)):
        wanted = select(func.coalesce(func.sum(LedgerPosting.fen), 0)).where(
            getattr(LedgerPosting, side) == account, getattr(LedgerPosting, f"{side}_party") == party
        )
        if brand_id is not None:
            wanted = wanted.join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id).where(
                LedgerEntry.brand_id == brand_id
            )
        total += sign * int(uow.session.scalar(wanted) or 0)
    return total if CHART[account].grows_by_debit else -total


def entries_of(uow: UnitOfWork, kind: str, id_: str) -> Sequence[LedgerEntry]:
    """What was written about a thing, oldest first."""
    wanted = select(LedgerEntry).filter_by(of_kind=kind, of_id=id_).order_by(LedgerEntry.at, LedgerEntry.id)
    return uow.session.scalars(wanted).all()
