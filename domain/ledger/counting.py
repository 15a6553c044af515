"""Adding entries up by day and by party, some at a time, so that nobody who looks at the books adds up a million rows.

An entry is counted when its row of `LedgerUncounted` goes, in the transaction that writes the sums: whoever reads the sums and
what is uncounted in one statement has everything once. Another thing to add up is another table here, with a sentence in
`adapters.invariants`. Decision: docs/decisions/0077-ledger-sums.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, cast, delete, func, select, union_all
from sqlalchemy.dialects.postgresql import insert

from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.model import LedgerEntry, LedgerParty, LedgerPosting, LedgerSum, LedgerUncounted

AT_ONCE = 2_000
"""Entries a transaction: some hundred milliseconds."""


def count(uow: UnitOfWork, limit: int = AT_ONCE) -> int:
    """Add up some of what is uncounted; returns how many entries that was."""
    waiting = select(LedgerUncounted.entry_id).limit(limit).with_for_update(skip_locked=True)
    taken = delete(LedgerUncounted).where(LedgerUncounted.entry_id.in_(waiting)).returning(LedgerUncounted.entry_id)
    ids = list(uow.session.scalars(taken))
    if ids:
        add(uow, LedgerSum, ("brand_id", "account", "day"), ids)
        add(uow, LedgerParty, ("brand_id", "account", "party"), ids)
        uow.session.execute(delete(LedgerParty).where(LedgerParty.fen == 0))
    return len(ids)


def add(uow: UnitOfWork, table: type[LedgerSum | LedgerParty], key: Sequence[str], ids: Sequence[str]) -> None:
    """Add what these entries moved to the rows of a table, in the order of their keys: two who count wait, and never for each other."""
    moved = sides(ids).subquery()
    columns = [moved.c[name] for name in key]
    total = cast(func.sum(moved.c.fen), BigInteger)
    wanted = select(*columns, total).group_by(*columns).having(func.sum(moved.c.fen) != 0).order_by(*columns)
    put = insert(table).from_select([*key, "fen"], wanted)
    more = {"fen": table.fen + put.excluded.fen}
    uow.session.execute(put.on_conflict_do_update(index_elements=list(key), set_=more))


def sides(ids: Sequence[str] | None = None) -> Any:
    """(brand_id, account, party, day, fen by debit) of everything these entries moved, or the uncounted ones."""
    return union_all(side("debit", 1, ids), side("credit", -1, ids))


def side(name: str, sign: int, ids: Sequence[str] | None) -> Select[Any]:
    account, party = getattr(LedgerPosting, name), getattr(LedgerPosting, f"{name}_party")
    found = select(
        LedgerEntry.brand_id.label("brand_id"), account.label("account"), party.label("party"), LedgerEntry.day.label("day"),
        (LedgerPosting.fen * sign).label("fen"),
    ).join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)  # fmt: skip
    if ids is None:
        return found.join(LedgerUncounted, LedgerUncounted.entry_id == LedgerEntry.id)
    return found.where(LedgerEntry.id.in_(ids))
