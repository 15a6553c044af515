"""Cash an engineer takes on site 现金: a receipt with a number for the customer, and handing the money in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from domain.access import trail
from domain.engineers.model import Engineer
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.money import Money
from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.operations import Posting, post
from domain.ledger.queries import balance
from domain.payments.lifecycle import PAYMENTS
from domain.payments.model import Payable, Payment
from domain.payments.operations import live_payment, take_in
from domain.payments.papers_model import CashHandIn, CashReceipt
from domain.payments.paying import check_open, number_of


def take_cash(uow: UnitOfWork, payable_id: str, engineer_id: str, fen: int, *, by: Actor) -> CashReceipt:
    """The customer paid the engineer in cash, the whole sum. Said twice, it was taken once.

    :raises Conflict: an attempt to pay in WeChat is open (`paying.close_open` closes it first), or it is paid
    :raises Refused: another sum; :raises PayRefused: it is void
    """
    payable = uow.get(Payable, payable_id, called="这笔账单", lock=True)
    known = receipt_of(uow, payable.id)
    if known is not None and known.engineer_id == engineer_id and known.fen == fen:
        return known
    check_open(payable)
    if fen != payable.due_fen:
        raise Refused(f"应收 {Money(payable.due_fen)}，请按这个金额收款")
    live = live_payment(uow, payable.id, lock=True)
    if live is not None:
        raise Conflict("客户正在用微信付款，请先让客户付完，或取消后过一会儿再收现金")
    engineer = uow.get(Engineer, engineer_id, called="这位工程师")
    id_ = uow.new_id("pm")
    payment = Payment(
        id=id_, payable_id=payable.id, out_trade_no=number_of(id_), method="cash", via="engineer", fen=fen,
        status=PAYMENTS.start, at=uow.now, by=str(by), app_id="", openid="", refunded_fen=0, reserved_fen=0,
    )  # fmt: skip
    uow.session.add(payment)
    uow.session.flush()
    PAYMENTS.move(payment, "pay", by.role)
    payment.paid_at = uow.now
    take_in(uow, payable, payment, Posting("cash", "", fen, engineer.id), by=by)
    receipt = CashReceipt(
        number=receipt_number(uow), brand_id=payable.brand_id, engineer_id=engineer.id, payment_id=payment.id, fen=fen,
        taken_at=uow.now,
    )  # fmt: skip
    uow.session.add(receipt)
    uow.session.flush()
    trail.record(uow, by, "cash.take", "payable", payable.id, receipt=receipt.number, fen=fen)
    return receipt


def receipt_number(uow: UnitOfWork) -> str:
    """XJ, the day, and a counter without gaps: what is on the customer's receipt and on the engineer's hand-in."""
    uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("cash receipts", 0))))
    of_day = f"XJ{uow.today:%y%m%d}"
    count = (
        uow.session.scalar(select(func.count()).where(CashReceipt.number.between(f"{of_day}00000", f"{of_day}99999")))
        or 0
    )
    return f"{of_day}{count + 1:05d}"


def receipt_of(uow: UnitOfWork, payable_id: str) -> CashReceipt | None:
    """The receipt for what was paid in cash."""
    wanted = select(CashReceipt).join(Payment, Payment.id == CashReceipt.payment_id)
    return uow.session.scalars(wanted.where(Payment.payable_id == payable_id)).first()


def held_by(uow: UnitOfWork, engineer_id: str) -> Sequence[CashReceipt]:
    """The receipts an engineer has not handed in, the oldest first."""
    wanted = select(CashReceipt).where(CashReceipt.engineer_id == engineer_id, CashReceipt.hand_in_id.is_(None))
    return uow.session.scalars(wanted.order_by(CashReceipt.taken_at, CashReceipt.number)).all()


def receipts_held(uow: UnitOfWork) -> Mapping[str, Sequence[CashReceipt]]:
    """Engineer → the receipts not handed in, the oldest first; one query."""
    found: defaultdict[str, list[CashReceipt]] = defaultdict(list)
    wanted = select(CashReceipt).where(CashReceipt.hand_in_id.is_(None))
    for one in uow.session.scalars(wanted.order_by(CashReceipt.taken_at, CashReceipt.number)):
        found[one.engineer_id].append(one)
    return found


def cash_held(uow: UnitOfWork) -> list[tuple[str, int, int]]:
    """(engineer, receipts, fen) of everybody who has cash to hand in, the most first."""
    total = func.sum(CashReceipt.fen)
    wanted = select(CashReceipt.engineer_id, func.count(), total).where(CashReceipt.hand_in_id.is_(None))
    rows = uow.session.execute(wanted.group_by(CashReceipt.engineer_id).order_by(total.desc()))
    return [(engineer_id, int(count), int(fen)) for engineer_id, count, fen in rows]


def hand_in(uow: UnitOfWork, engineer_id: str, numbers: Sequence[str], counted_fen: int, *, by: Actor) -> CashHandIn:
    """The cash of these receipts was counted and taken in, less what the engineer has given back of it by hand.

    :raises Conflict: one of them was handed in already; :raises Refused: the sum is another one, or of several brands
    """
    uow.get(Engineer, engineer_id, called="这位工程师", lock=True)  # one hand-in at a time: the balance is read
    wanted = select(CashReceipt).where(CashReceipt.number.in_(numbers), CashReceipt.engineer_id == engineer_id)
    receipts = uow.session.scalars(
        wanted.order_by(CashReceipt.number).with_for_update().execution_options(populate_existing=True)
    ).all()
    if not receipts or len(receipts) != len(set(numbers)):
        raise Refused("请选择这位工程师手中的收据")
    if any(one.hand_in_id for one in receipts):
        raise Conflict("其中有收据已经交过款了，请刷新后重选")
    if len({one.brand_id for one in receipts}) > 1:
        raise Refused("这些收据是不同品牌的钱，请按品牌分开交款")
    total, brand_id = sum(one.fen for one in receipts), receipts[0].brand_id
    due = min(total, balance(uow, "cash", engineer_id, brand_id=brand_id))
    if counted_fen != due:
        less = f"，其中 {Money(total - due)} 已从手中现金退给客户，应交 {Money(due)}" if due < total else ""
        raise Refused(f"收据合计 {Money(total)}{less}，实点 {Money(counted_fen)}，请核对后再交")
    made = CashHandIn(id=uow.new_id("hi"), brand_id=brand_id, engineer_id=engineer_id, fen=due, at=uow.now, by=str(by))
    uow.session.add(made)
    uow.session.flush()
    for one in receipts:
        one.hand_in_id = made.id
    if due:
        post(
            uow, f"handed_in:{made.id}", "handed_in", [Posting("bank", "cash", due, "", engineer_id)],
            brand_id=made.brand_id, by=by, of=("hand_in", made.id),
        )  # fmt: skip
    trail.record(uow, by, "cash.hand_in", "engineer", engineer_id, hand_in=made.id, fen=due, receipts=len(receipts))
    return made
