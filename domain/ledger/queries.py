"""What the ledger says: balances, by account and party, on any day; the entries of a thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, select, tuple_, union_all

from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.chart import CHART
from domain.ledger.counting import sides
from domain.ledger.model import LedgerEntry, LedgerParty, LedgerPosting, LedgerSum


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
    """What one account comes to in its own direction; ``parties`` is how many have a part of it that is not zero, as of now,
    and None where an earlier day was asked for."""

    account: str
    fen: int
    parties: int | None


def totals(uow: UnitOfWork, brand_id: str | None, *, on: date | None = None) -> list[Total]:
    """Every account that holds something, whole or by party, in the chart's order: what is counted, and what is not yet, in one
    statement each; those that moved and hold nothing may be missing."""
    until = None if on is None or on >= uow.today else on  # nothing is posted for a day to come
    sums = {name: int(fen) for name, fen in uow.session.execute(summed(brand_id, until))}
    parties = {} if until else {name: int(many) for name, many in uow.session.execute(parties_now(brand_id))}
    return [
        Total(name, sums.get(name, 0) * (1 if account.grows_by_debit else -1), None if until else parties.get(name, 0))
        for name, account in CHART.items() if name in sums or name in parties
    ]  # fmt: skip


def summed(brand_id: str | None, until: date | None) -> Select[Any]:
    """(account, fen by debit): days that are counted, and entries that are not."""
    fresh = sides().subquery()
    counted, uncounted = select(LedgerSum.account, LedgerSum.fen), select(fresh.c.account, fresh.c.fen)
    if brand_id is not None:
        counted, uncounted = (
            counted.where(LedgerSum.brand_id == brand_id),
            uncounted.where(fresh.c.brand_id == brand_id),
        )
    if until is not None:
        counted, uncounted = counted.where(LedgerSum.day <= until), uncounted.where(fresh.c.day <= until)
    both = union_all(counted, uncounted).subquery()
    return select(both.c.account, cast(func.sum(both.c.fen), BigInteger)).group_by(both.c.account)


def parties_now(brand_id: str | None) -> Select[Any]:
    """(account, how many parties have a part of it that is not zero)."""
    fresh = sides().subquery()
    counted = select(LedgerParty.account, LedgerParty.party, LedgerParty.fen)
    uncounted = select(fresh.c.account, fresh.c.party, fresh.c.fen)
    if brand_id is not None:
        counted, uncounted = (
            counted.where(LedgerParty.brand_id == brand_id),
            uncounted.where(fresh.c.brand_id == brand_id),
        )
    both = union_all(counted, uncounted).subquery()
    account, party = both.c.account, both.c.party
    held = select(account, party).group_by(account, party).having(func.sum(both.c.fen) != 0).subquery()
    return select(held.c.account, func.count()).group_by(held.c.account)


def entries(
    uow: UnitOfWork, brand_id: str | None, *, until: date, after: tuple[date, str] | None = None, limit: int = 60
) -> tuple[Sequence[LedgerEntry], tuple[date, str] | None]:
    """One page of entries up to and with a day, the newest day first, and where the next begins."""
    wanted = select(LedgerEntry).where(LedgerEntry.day <= until)
    if brand_id:
        wanted = wanted.where(LedgerEntry.brand_id == brand_id)
    if after:
        wanted = wanted.where(tuple_(LedgerEntry.day, LedgerEntry.id) < after)
    newest = wanted.order_by(LedgerEntry.day.desc(), LedgerEntry.id.desc()).limit(limit + 1)
    found = uow.session.scalars(newest).all()
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], (last.day, last.id) if last else None


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
