"""对账 and 分类账 as the staff see them: the days with their bills, the differences to settle, the balances by whose money it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from console.asked import BadFilter, day_asked
from domain.access.queries import names_of
from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.chart import CHART, KINDS, OWNERS, SIDES, Account, Whose
from domain.ledger.model import LedgerEntry
from domain.ledger.queries import Total, entries, totals
from domain.payments import search
from domain.payments.differences import HOWS, Kind
from domain.payments.differences import KINDS as DIFFERENCES
from domain.payments.keeping_bills import files_of
from domain.payments.lifecycle import DifferenceStatus
from domain.payments.merchants import all_merchants
from domain.payments.model import Payment
from domain.payments.reconciling import STATES
from domain.payments.statements_model import KeptBill, Statement, StatementDifference

DAYS = 35
"""Days the calendar shows: five weeks."""
SETTLED = {**HOWS, "vanished": "再次核对一致", "taken_in": "已自动入账"}


@dataclass(frozen=True)
class Cell:
    """One day of the calendar."""

    day: date
    words: str
    colour: str
    open: int
    taken: int
    refunded: int


@dataclass(frozen=True)
class DifferenceSeen:
    """One difference with what it means and what to do."""

    row: StatementDifference
    kind: Kind
    payable_id: str
    how: str
    settled_by: str

    @property
    def ways(self) -> Mapping[str, str]:
        return {how: HOWS[how] for how in self.kind.ways}


def calendar(uow: UnitOfWork, until: date) -> list[Cell]:
    """Five whole weeks that end with the week of a day, Monday first."""
    last = until + timedelta(days=6 - until.weekday())
    first = last - timedelta(days=DAYS - 1)
    statements: dict[date, list[Statement]] = {}
    for one in uow.session.scalars(select(Statement).where(Statement.day >= first, Statement.day <= last)):
        statements.setdefault(one.day, []).append(one)
    counted = select(StatementDifference.day, func.count()).where(
        StatementDifference.status == DifferenceStatus.OPEN, StatementDifference.day >= first
    )
    open_ = {day: int(count) for day, count in uow.session.execute(counted.group_by(StatementDifference.day))}
    return [
        cell_of(first + timedelta(days=back), statements.get(first + timedelta(days=back), []), open_)
        for back in range(DAYS)
    ]


def cell_of(day: date, rows: Sequence[Statement], open_: Mapping[date, int]) -> Cell:
    trades = [one for one in rows if one.kind == "trade"]
    worst = next((one.state for state in ("unreadable", "late") for one in rows if one.state == state), "")
    state = worst or ("compared" if any(one.state == "compared" for one in rows) else "empty" if rows else "")
    colour = (
        "red" if open_.get(day) or state == "unreadable" else {"compared": "green", "late": "amber"}.get(state, "grey")
    )
    words = f"{open_[day]} 条待处理" if open_.get(day) else STATES.get(state, "")
    taken, refunded = (sum(int(one.totals.get(name, 0)) for one in trades) for name in ("taken", "refunded"))
    return Cell(day, words, colour, open_.get(day, 0), taken, refunded)


def differences(uow: UnitOfWork, status: str, day: date | None) -> list[DifferenceSeen]:
    """:raises BadFilter: there is no such state"""
    if status not in {"", *DifferenceStatus}:
        raise BadFilter("没有这个筛选条件")
    found = search.differences(uow, status=status, day=day)
    ids = {one.payment_id for one in found if one.payment_id}
    paid_for = uow.session.execute(select(Payment.id, Payment.payable_id).where(Payment.id.in_(ids)))
    of = {one.id: one.payable_id for one in paid_for}
    names = names_of(uow, {one.settled_by for one in found})
    return [
        DifferenceSeen(
            one, DIFFERENCES[one.kind], of.get(one.payment_id or "", ""), SETTLED.get(one.how, one.how),
            names.get(one.settled_by, "系统" if one.settled_by.startswith("system") else one.settled_by),
        )
        for one in found
    ]  # fmt: skip


@dataclass(frozen=True)
class StatementSeen:
    """One bill of a day, with its files as they came, the newest last."""

    row: Statement
    mch_id: str
    files: Sequence[KeptBill]


def statements_of(uow: UnitOfWork, day: date) -> Sequence[StatementSeen]:
    """A day's bills with their merchants' numbers and files."""
    numbers = {one.id: one.mch_id for one in all_merchants(uow)}
    files: dict[tuple[str, str], list[KeptBill]] = {}
    for one in files_of(uow, day):
        files.setdefault((one.merchant_id, one.kind), []).append(one)
    found = select(Statement).filter_by(day=day).order_by(Statement.merchant_id, Statement.kind.desc())
    return [
        StatementSeen(one, numbers.get(one.merchant_id, ""), files.get((one.merchant_id, one.kind), []))
        for one in uow.session.scalars(found)
    ]


@dataclass(frozen=True)
class AccountSeen:
    """One account's balance; ``parties`` is how many have a part of it that is not zero: told of today only."""

    title: str
    side: str
    fen: int
    parties: int


@dataclass(frozen=True)
class Owner:
    """Whose money: its accounts and what they come to (what is theirs less what they owe us)."""

    title: str
    accounts: Sequence[AccountSeen]


@dataclass(frozen=True)
class Entries:
    """One page of entries, what their kinds are called, and where the next page begins."""

    rows: Sequence[LedgerEntry]
    kinds: Mapping[str, str]
    after: str


@dataclass(frozen=True)
class Books:
    """The ledger on a day. ``off`` is what debits and credits differ by: always 0."""

    owners: Sequence[Owner]
    off: int
    page: Entries


def account_seen(account: Account, total: Total | None) -> AccountSeen:
    fen, parties = (total.fen, total.parties or 0) if total else (0, 0)
    return AccountSeen(account.title, SIDES[account.side], fen, parties)


def books(uow: UnitOfWork, brand_id: str | None, on: date) -> Books:
    """Balances by whose money they tell of, and the last entries."""
    sums = {one.account: one for one in totals(uow, brand_id, on=on)}
    owners = []
    for whose in Whose:
        accounts = [
            account_seen(account, sums.get(name))
            for name, account in CHART.items() if account.whose is whose
        ]  # fmt: skip
        owners.append(Owner(OWNERS[whose], accounts))
    off = sum(one.fen if CHART[one.account].grows_by_debit else -one.fen for one in sums.values())
    return Books(owners, off, entries_page(uow, brand_id, on))


def entries_page(uow: UnitOfWork, brand_id: str | None, on: date, after: str = "") -> Entries:
    """Entries up to and with a day, the newest first.

    :raises BadFilter: ``after`` is no place that a page of ours wrote
    """
    day, _, id_ = after.partition("~")
    begins = (day_asked(day) or on, id_) if after else None
    found, place = entries(uow, brand_id, until=on, after=begins)
    return Entries(found, KINDS, f"{place[0].isoformat()}~{place[1]}" if place else "")
