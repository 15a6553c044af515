"""Fetching a day's bills and comparing them with our books: calls between transactions, and a day run twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from domain.access import trail
from domain.files.store import FileStore
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.unit_of_work import SHANGHAI, Runtime, UnitOfWork
from domain.payments import asking, bill_files, keeping_bills
from domain.payments.bill_files import BadBill, FundLine, TradeLine
from domain.payments.comparing import Found, OurPayment, OurRefund, compare_funds, compare_trades
from domain.payments.events import LookDue
from domain.payments.gateway import Declined, Gateway, MerchantKeys, NotThere, Unsure
from domain.payments.keeping_bills import Damaged, Download
from domain.payments.keeping_differences import keep, keep_unnoticed, post_funds
from domain.payments.lifecycle import TAKEN, RefundStatus
from domain.payments.merchants import all_merchants, keys_of
from domain.payments.model import Merchant, Payment, Refund
from domain.payments.statements_model import Statement

READY = time(10, 5)
"""The platform has yesterday's bills after ten o'clock (wechat-protocol §7.6)."""
BACK, AGAIN = 7, timedelta(hours=1)
"""Days that are looked back at for bills that were late, and how often."""
NOT_KEPT = "账单文件没有存下"
LATE, EMPTY, COMPARED, BAD = "late", "empty", "compared", "unreadable"
STATES = {LATE: "还没有账单", EMPTY: "当天没有交易", COMPARED: "已核对", BAD: "账单读不了"}
CHUNK = 500
BILLED = (RefundStatus.SENT, RefundStatus.UNKNOWN, RefundStatus.ABNORMAL, RefundStatus.SUCCEEDED)


@dataclass(frozen=True)
class Bill:
    """One bill as it came: its state, its text and lines where it was there, and the file it is kept as."""

    kind: str
    state: str
    sha1: str = ""
    error: str = ""
    content: bytes = b""
    file_id: str | None = None
    trades: Sequence[TradeLine] = ()
    funds: Sequence[FundLine] = ()

    @property
    def lines(self) -> int:
        return len(self.trades) + len(self.funds)


@dataclass
class Outcome:
    """What a day's comparison came to."""

    states: dict[str, str] = field(default_factory=dict)
    found: int = 0
    new: int = 0


def reconcile(
    runtime: Runtime,
    gateway: Gateway,
    files: FileStore,
    merchant_id: str,
    day: date,
    *,
    tell: Callable[[str], object] = lambda words: None,
) -> Outcome:
    """Compare one day of one merchant, and keep its bills as they came; ``tell`` hears what is being done."""
    with runtime.transaction() as uow:
        merchant = keys_of(uow.get(Merchant, merchant_id, called="这个商户号"))
    bills = {}
    for kind in ("trade", "fund"):
        bill = fetched(runtime, files, fetch(gateway, merchant, day, kind), merchant.id, day)
        tell(f"{kind}: {bill.state}, {bill.lines} lines{'; ' + bill.error if bill.error else ''}")
        bills[kind] = bill
    learned = learn_unnoticed(runtime, gateway, bills["trade"].trades)
    if learned:
        tell(f"{len(learned)} payments nobody had told us of were taken in")
    with runtime.transaction() as uow:
        outcome = write_down(uow, merchant, day, bills, learned)
    tell(f"{outcome.found} differences, {outcome.new} of them new")
    return outcome


def fetch(gateway: Gateway, merchant: MerchantKeys, day: date, kind: str) -> Bill:
    """A bill, read; whatever is wrong with it is its state."""
    try:
        packed, sha1 = gateway.statement(merchant, day, kind)
    except NotThere:
        return Bill(kind, EMPTY)
    except (Unsure, Declined) as error:
        return Bill(kind, LATE, error=str(error)[:100])
    try:
        keeping_bills.check(packed, sha1)
    except Damaged:
        return Bill(kind, LATE, error="与微信给的校验值不符")
    try:
        text = packed.decode()
        if kind == "trade":
            return Bill(kind, COMPARED, sha1, content=packed, trades=bill_files.read_trades(text))
        return Bill(kind, COMPARED, sha1, content=packed, funds=bill_files.read_funds(text))
    except (BadBill, UnicodeDecodeError) as error:
        return Bill(kind, BAD, sha1, error=str(error)[:100], content=packed)


def fetched(runtime: Runtime, files: FileStore, bill: Bill, merchant_id: str, day: date) -> Bill:
    """The bill with the file it is kept as. A store that is away keeps nobody from comparing: it is fetched again later."""
    if not bill.content:
        return bill
    try:
        file_id = keeping_bills.keep(runtime, files, Download(merchant_id, day, bill.kind, bill.content, bill.sha1))
    except Exception as error:  # whatever kind of store it is
        return replace(bill, error=bill.error or f"{NOT_KEPT}（{type(error).__name__}）")
    return replace(bill, file_id=file_id)


def learn_unnoticed(runtime: Runtime, gateway: Gateway, lines: Iterable[TradeLine]) -> list[str]:
    """Payments that the bill has and we have not taken in: the platform is asked about each. Returns those it was right about."""
    numbers = [one.number for one in lines if not one.is_refund]
    with runtime.transaction() as uow:
        open_ = [
            id_
            for chunk in chunks(numbers)
            for id_ in uow.session.scalars(
                select(Payment.id).where(Payment.out_trade_no.in_(chunk), Payment.status.notin_(TAKEN))
            )
        ]
    return [one for one in open_ if asking.learn(runtime, gateway, one) in TAKEN]


def write_down(
    uow: UnitOfWork, merchant: MerchantKeys, day: date, bills: dict[str, Bill], learned: Sequence[str]
) -> Outcome:
    """Compare and keep what was found."""
    uow.get(Merchant, merchant.id, called="这个商户号", lock=True)  # one comparison at a time
    trade, fund, outcome = bills["trade"], bills["fund"], Outcome()
    rows = {kind: statement(uow, merchant.id, day, bill) for kind, bill in bills.items()}
    outcome.states = {kind: row.state for kind, row in rows.items()}
    found: dict[str, list[Found]] = {}
    if trade.state in (COMPARED, EMPTY):
        found["trade"] = compare_trades(trade.trades, *our_books(uow, merchant, day, trade.trades))
        keep_unnoticed(uow, rows["trade"], learned)
    if fund.state in (COMPARED, EMPTY) and trade.state in (COMPARED, EMPTY):
        found["fund"] = compare_funds(fund.funds, trade.trades)
        post_funds(uow, rows["fund"], fund.funds)
    for kind, bill in bills.items():
        if bill.state == BAD:
            found[kind] = [Found("bill_unreadable", kind, "", bill.error)]
    for kind, ones in found.items():
        outcome.found += len(ones)
        outcome.new += keep(uow, rows[kind], ones)
    return outcome


def statement(uow: UnitOfWork, merchant_id: str, day: date, bill: Bill) -> Statement:
    """The row of a day's bill; one that was there is not made late by a platform that is away now."""
    row = statement_of(uow, merchant_id, day, bill.kind)
    if row is None:
        row = Statement(id=uow.new_id("sb"), merchant_id=merchant_id, day=day, kind=bill.kind, state=LATE, at=uow.now)
        uow.session.add(row)
    if row.state != COMPARED or bill.state != LATE:
        row.state, row.sha1, row.lines, row.totals = bill.state, bill.sha1, bill.lines, totals(bill)
        row.file_id = bill.file_id
    row.at, row.error = uow.now, bill.error
    uow.session.flush()
    return row


def statement_of(uow: UnitOfWork, merchant_id: str, day: date, kind: str) -> Statement | None:
    return uow.session.scalars(select(Statement).filter_by(merchant_id=merchant_id, day=day, kind=kind)).first()


def totals(bill: Bill) -> dict[str, Any]:
    """What a bill sums to, in fen."""
    if bill.kind == "trade":
        return {
            "taken": sum(one.fen for one in bill.trades if not one.is_refund),
            "refunded": sum(one.refund_fen for one in bill.trades if one.is_refund),
        }
    return {"in": sum(max(one.fen, 0) for one in bill.funds), "out": -sum(min(one.fen, 0) for one in bill.funds)}


def our_books(
    uow: UnitOfWork, merchant: MerchantKeys, day: date, lines: Sequence[TradeLine]
) -> tuple[dict[str, OurPayment], dict[str, OurRefund]]:
    """What we have of a day, and of everything the bill names."""
    since = datetime.combine(day, time(0), SHANGHAI)
    until = since + timedelta(days=1)
    of_merchant = select(*PAYMENT).where(Payment.merchant_id == merchant.id)
    payments = list(uow.session.execute(of_merchant.where(Payment.paid_at >= since, Payment.paid_at < until)))
    known = {one.out_trade_no for one in payments}
    for chunk in chunks([one.number for one in lines if not one.is_refund and one.number not in known]):
        payments += uow.session.execute(of_merchant.where(Payment.out_trade_no.in_(chunk)))
    of_payments = (
        select(*REFUND).join(Payment, Payment.id == Refund.payment_id).where(Payment.merchant_id == merchant.id)
    )
    refunds = list(uow.session.execute(of_payments.where(Refund.sent_at >= since, Refund.sent_at < until)))
    known = {one.id for one in refunds}
    for chunk in chunks([one.refund_number for one in lines if one.is_refund and one.refund_number not in known]):
        refunds += uow.session.execute(of_payments.where(Refund.id.in_(chunk)))
    return (
        {one.out_trade_no: our_payment(one, since, until) for one in payments},
        {one.id: our_refund(one, since, until) for one in refunds},
    )


PAYMENT = (Payment.id, Payment.out_trade_no, Payment.transaction_id, Payment.fen, Payment.status, Payment.paid_at)
REFUND = (Refund.id, Refund.fen, Refund.status, Refund.refund_id, Refund.paid_out_from, Refund.sent_at)
"""What is compared of them: whole rows would open what is sealed in ten thousand of them."""


def our_payment(one: Any, since: datetime, until: datetime) -> OurPayment:
    """From a row with the columns of `PAYMENT`."""
    today = one.paid_at is not None and since <= one.paid_at < until
    return OurPayment(one.id, one.out_trade_no, one.transaction_id or "", one.fen, one.status in TAKEN, today)


def our_refund(one: Any, since: datetime, until: datetime) -> OurRefund:
    """From a row with the columns of `REFUND`."""
    by_platform = one.status in BILLED and (one.refund_id is not None or not one.paid_out_from)
    done = one.status is RefundStatus.SUCCEEDED and not one.paid_out_from
    today = one.sent_at is not None and since <= one.sent_at < until and one.refund_id is not None
    return OurRefund(one.id, one.id, one.fen, by_platform, done, today)


def chunks(numbers: Sequence[str]) -> Iterable[Sequence[str]]:
    return (numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK))


def due_days(uow: UnitOfWork) -> list[tuple[str, date]]:
    """(merchant, day) whose bills are to be fetched now; each is ours alone for an hour."""
    here = uow.now.astimezone(SHANGHAI)
    newest = uow.today - timedelta(days=1 if here.time() >= READY else 2)
    found = []
    for merchant in all_merchants(uow):
        first = max(newest - timedelta(days=BACK - 1), merchant.created_at.astimezone(SHANGHAI).date())
        for back in range((newest - first).days + 1):
            day = newest - timedelta(days=back)
            rows = [statement_of(uow, merchant.id, day, kind) for kind in ("trade", "fund")]
            if any(is_wanted(uow, row, back) for row in rows):
                claim(uow, merchant.id, day, rows)
                found.append((merchant.id, day))
    return found


def compare_again(uow: UnitOfWork, day: date, *, by: Actor) -> None:
    """Have a day's bills of every merchant fetched and compared once more.

    :raises Refused: there are none yet
    """
    if day >= uow.today:
        raise Refused("当天的账单要到第二天 10 点后才有")
    for merchant in all_merchants(uow):
        uow.emit(LookDue("statement", f"{merchant.id}/{day}"))
        trail.record(uow, by, "statement.again", "merchant", merchant.id, day=str(day))


def is_wanted(uow: UnitOfWork, row: Statement | None, back: int) -> bool:
    """A bill that is not there yet, or not kept, is asked for every hour; an empty day might have been a late one, for three days."""
    if row is None:
        return True
    unkept = row.state in (COMPARED, BAD) and row.file_id is None
    return uow.now - row.at >= AGAIN and (row.state == LATE or unkept or (row.state == EMPTY and back < 3))


def claim(uow: UnitOfWork, merchant_id: str, day: date, rows: Sequence[Statement | None]) -> None:
    for kind, row in zip(("trade", "fund"), rows, strict=True):
        if row is None:
            row = Statement(id=uow.new_id("sb"), merchant_id=merchant_id, day=day, kind=kind, state=LATE, at=uow.now)
            uow.session.add(row)
        row.at = uow.now
    uow.session.flush()
