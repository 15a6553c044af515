"""What the platform signed and does not fit our books: kept as a difference for somebody to look at, never booked by itself."""

from __future__ import annotations

from sqlalchemy import select

from domain.kit.unit_of_work import UnitOfWork
from domain.payments.events import DifferenceFound
from domain.payments.lifecycle import DIFFERENCES
from domain.payments.model import Merchant, Payment
from domain.payments.statements_model import StatementDifference


def keep_mismatch(
    uow: UnitOfWork, payment_id: str | None, words: str, *, merchant_id: str = "", number: str = ""
) -> StatementDifference | None:
    """Write it on the work list, once for each thing it is about; None where nobody's merchant is known."""
    payment = uow.get(Payment, payment_id, called="这笔付款", lock=True) if payment_id else None
    if payment is not None:
        payment.query_at = None  # asking again would say the same
    merchant = uow.session.get(Merchant, (payment.merchant_id if payment else merchant_id) or "")
    if merchant is None:
        return None
    key = f"mismatch:{merchant.id}:{payment.out_trade_no if payment else number}"
    known = uow.session.scalars(select(StatementDifference).filter_by(key=key)).first()
    if known is not None:
        return known
    made = StatementDifference(
        id=uow.new_id("df"), brand_id=merchant.brand_id, merchant_id=merchant.id, day=uow.today, kind="mismatch", key=key,
        payment_id=payment.id if payment else None, number=payment.out_trade_no if payment else number, words=words,
        ours_fen=payment.fen if payment else None, status=DIFFERENCES.start, at=uow.now,
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    uow.emit(DifferenceFound(made.id))
    return made
