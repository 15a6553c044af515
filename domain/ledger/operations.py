"""Writing entries: once for each event, never changed; a mistake is taken back by another entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from domain.kit.actors import Actor
from domain.kit.scope import everything
from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.chart import CHART
from domain.ledger.model import LedgerEntry, LedgerPosting, LedgerUncounted


class BadPosting(ValueError):
    """A program posted to an account that is not in the chart, nothing, or without saying whose: a bug, nobody's refusal."""


@dataclass(frozen=True)
class Posting:
    """``fen`` > 0 moves to ``debit`` from ``credit``. A party is an id where the chart keeps the account by party, else ""."""

    debit: str
    credit: str
    fen: int
    debit_party: str = ""
    credit_party: str = ""

    def check(self) -> None:
        """:raises BadPosting: see there"""
        if self.fen <= 0:
            raise BadPosting(f"{self.fen} fen move nothing")
        for account, party in ((self.debit, self.debit_party), (self.credit, self.credit_party)):
            if account not in CHART:
                raise BadPosting(f"no account {account} in domain/ledger/chart.py")
            if bool(party) is not bool(CHART[account].party):
                raise BadPosting(f"{account} is kept by {CHART[account].party or 'nobody'}, not by {party!r}")

    @property
    def reversed(self) -> Posting:
        return Posting(self.credit, self.debit, self.fen, self.credit_party, self.debit_party)


def post(
    uow: UnitOfWork, key: str, kind: str, postings: Sequence[Posting], *, brand_id: str, by: Actor, of: tuple[str, str],
    work_order_id: str | None = None, day: date | None = None, why: str = "",
) -> LedgerEntry:  # fmt: skip
    """Write one event down. The same key with the same postings changes nothing.

    :raises BadPosting: no postings, an unknown account, or the key is another event's
    """
    if not postings:
        raise BadPosting(f"{key} posts nothing")
    for one in postings:
        one.check()
    known = written(uow, key)
    if known is not None:
        if known.kind != kind or sorted(map(repr, said(known))) != sorted(map(repr, postings)):
            raise BadPosting(f"{key} is written already, with other contents")
        return known
    made = LedgerEntry(
        id=uow.new_id("le"), brand_id=brand_id, key=key, kind=kind, of_kind=of[0], of_id=of[1],
        work_order_id=work_order_id, day=day or uow.today, at=uow.now, by=str(by), why=why,
        postings=[LedgerPosting(**vars(one)) for one in postings],
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    uow.session.add(LedgerUncounted(entry_id=made.id, brand_id=brand_id))
    uow.session.flush()
    return made


def reverse(uow: UnitOfWork, key: str, of_key: str, *, by: Actor, why: str = "") -> LedgerEntry:
    """Take an event back: the same postings the other way round, today.

    :raises BadPosting: there is no such event
    """
    first = written(uow, of_key)
    if first is None:
        raise BadPosting(f"{of_key} was never written")
    return post(
        uow, key, "reversed", [one.reversed for one in said(first)], brand_id=first.brand_id, by=by,
        of=(first.of_kind, first.of_id), work_order_id=first.work_order_id, why=why,
    )  # fmt: skip


def written(uow: UnitOfWork, key: str) -> LedgerEntry | None:
    """The entry of this key, also for somebody who sees nothing of the books: what is in them does not depend on who acts."""
    with everything(uow.session):
        return uow.session.scalars(select(LedgerEntry).filter_by(key=key)).first()


def said(entry: LedgerEntry) -> list[Posting]:
    """An entry's postings as they were said."""
    return [Posting(one.debit, one.credit, one.fen, one.debit_party, one.credit_party) for one in entry.postings]


def merged(postings: Sequence[Posting]) -> list[Posting]:
    """The same movements with those between the same accounts and parties in one."""
    found: dict[Posting, int] = {}
    for one in postings:
        key = replace(one, fen=0)
        found[key] = found.get(key, 0) + one.fen
    return [replace(key, fen=fen) for key, fen in found.items() if fen]
