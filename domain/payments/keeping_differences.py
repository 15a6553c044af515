"""The work list of differences 差异: kept once each, gone by itself when the books agree, settled by somebody with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from domain.access import trail
from domain.kit.actors import Actor, system
from domain.kit.errors import Refused
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.operations import Posting, post
from domain.ledger.queries import entries_of
from domain.payments.bill_files import FundLine
from domain.payments.comparing import Found
from domain.payments.differences import BANK, EXPLAINED, FEE, FUNDS, HOWS, KINDS
from domain.payments.events import DifferenceFound
from domain.payments.lifecycle import DIFFERENCES, DifferenceStatus
from domain.payments.model import Merchant, Payment
from domain.payments.statements_model import Statement, StatementDifference

PROGRAM = system("reconciliation")


def keep(uow: UnitOfWork, statement: Statement, found: Sequence[Found]) -> int:
    """Keep what a bill's comparison found, and let go of what it does not find any more. Returns how many are new."""
    merchant = uow.get(Merchant, statement.merchant_id, called="这个商户号")
    known = {
        one.key: one for one in uow.session.scalars(select(StatementDifference).filter_by(statement_id=statement.id))
    }
    wanted = {key_of(statement, one): one for one in found}
    for key, row in known.items():
        if key not in wanted and row.status is DifferenceStatus.OPEN:
            DIFFERENCES.move(row, "vanish", PROGRAM.role)
            row.how, row.settled_by, row.settled_at = "vanished", str(PROGRAM), uow.now
    new = [
        StatementDifference(
            id=uow.new_id("df"), brand_id=merchant.brand_id, merchant_id=merchant.id, statement_id=statement.id,
            day=statement.day, kind=one.kind, key=key, payment_id=one.payment_id, refund_id=one.refund_id,
            number=one.number, ours_fen=one.ours_fen, theirs_fen=one.theirs_fen, words=one.words,
            status=DIFFERENCES.start, at=uow.now,
        )
        for key, one in wanted.items()
        if key not in known
    ]  # fmt: skip
    uow.session.add_all(new)
    uow.session.flush()
    for row in new:
        uow.emit(DifferenceFound(row.id))
    return len(new)


def key_of(statement: Statement, one: Found) -> str:
    return f"{statement.merchant_id}:{statement.day}:{one.kind}:{one.key}"


def keep_unnoticed(uow: UnitOfWork, statement: Statement, payment_ids: Sequence[str]) -> None:
    """Payments the bill told us of first: on the list, settled, so that it can be seen how often notices stay away."""
    merchant = uow.get(Merchant, statement.merchant_id, called="这个商户号")
    for payment_id in payment_ids:
        payment = uow.get(Payment, payment_id, called="这笔付款")
        row = StatementDifference(
            id=uow.new_id("df"), brand_id=merchant.brand_id, merchant_id=merchant.id, day=statement.day,
            kind="unnoticed_payment", key=f"{merchant.id}:{statement.day}:unnoticed_payment:{payment.out_trade_no}",
            payment_id=payment.id, number=payment.out_trade_no, ours_fen=payment.fen, theirs_fen=payment.fen,
            words=f"收款 {Money(payment.fen)} 没有通知，对账时查到并入账", status=DIFFERENCES.start, at=uow.now,
        )  # fmt: skip
        uow.session.add(row)
        uow.session.flush()
        DIFFERENCES.move(row, "vanish", PROGRAM.role)
        row.how, row.settled_by, row.settled_at = "taken_in", str(PROGRAM), uow.now


def post_funds(uow: UnitOfWork, statement: Statement, funds: Sequence[FundLine]) -> None:
    """What the balance lost to fees, and what went to or came from the bank; a bill that came anew adds what it adds."""
    merchant = uow.get(Merchant, statement.merchant_id, called="这个商户号")
    of = ("fees", f"{merchant.id}:{statement.day}")
    so_far = entries_of(uow, *of)
    posted = sum((one.fen if one.debit == "pay_fee" else -one.fen) for entry in so_far for one in entry.postings)
    fees = -sum(one.fen for one in funds if FUNDS.get(one.kind) == "fee") - posted
    if fees:
        posting = between("pay_fee", "", merchant.id, -fees)
        post(
            uow, f"fee:{merchant.id}:{statement.day}:{len(so_far)}", "fee", [posting], brand_id=merchant.brand_id,
            by=PROGRAM, of=of, day=statement.day,
        )  # fmt: skip
    for one in funds:
        if FUNDS.get(one.kind) == "bank" and one.fen:
            post(
                uow, f"flow:{merchant.id}:{one.flow_id}", "moved", [between("bank", "", merchant.id, one.fen)],
                brand_id=merchant.brand_id, by=PROGRAM, of=("statement", statement.id), day=statement.day,
            )  # fmt: skip


def between(account: str, party: str, merchant_id: str, fen: int) -> Posting:
    """Money came from the account to the merchant's balance (``fen`` > 0), or went to it."""
    if fen > 0:
        return Posting("wechat", account, fen, merchant_id, party)
    return Posting(account, "wechat", -fen, party, merchant_id)


def settle_difference(uow: UnitOfWork, difference_id: str, how: str, *, by: Actor, why: str) -> StatementDifference:
    """Somebody has looked at it: with a reason, and where money is unexplained with an entry.

    :raises MoveRefused: it is settled, or no reason was given; :raises Refused: it cannot be settled like that
    """
    row = uow.get(StatementDifference, difference_id, called="这条差异", lock=True)
    if how not in KINDS[row.kind].ways:
        raise Refused("这种差异不能这样处理")
    DIFFERENCES.move(row, "settle", by.role, why=why)
    row.how, row.why, row.settled_by, row.settled_at = how, why, str(by), uow.now
    fen = unexplained(row)
    if how != EXPLAINED and fen:
        account, party = {BANK: ("bank", ""), FEE: ("pay_fee", "")}.get(how, ("suspense", row.merchant_id))
        row.entry_id = post(
            uow, f"difference:{row.id}", "difference", [between(account, party, row.merchant_id, fen)],
            brand_id=row.brand_id, by=by, of=("difference", row.id), day=row.day, why=why,
        ).id  # fmt: skip
    uow.session.flush()
    trail.record(uow, by, "difference.settle", "difference", row.id, why=why, how=HOWS[how], fen=fen)
    return row


def unexplained(row: StatementDifference) -> int:
    """Fen that the platform's balance has more than our books by this difference; less where negative."""
    more = (row.theirs_fen or 0) - (row.ours_fen or 0)
    return -more if "refund" in row.kind else more
