"""What can be done to a contract or a card: ordered, paid for, given up, ended, and taken along when its product changes hands.

Locks are taken in one order: the product, the contract, then what is owed for it.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.access import trail
from domain.cover.events import CoverMoved, CoverOrdered, CoverTransferred
from domain.cover.income import earn, take_back_commission, write_commission
from domain.cover.lifecycle import COVERS, LIVE, CoverStatus
from domain.cover.model import Cover, CoverPlan, PlanKind
from domain.cover.numbers import new_number
from domain.cover.offering import Offer, component_of, offer_of
from domain.cover.queries import held_uses, reckoned
from domain.cover.reckoning import Refund, refund_on
from domain.cover.serving import InUse, must_not_serve
from domain.customers.model import Customer
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Conflict, Forbidden, Refused
from domain.kit.money import ZERO, Money
from domain.kit.unit_of_work import UnitOfWork
from domain.payments import operations as payments
from domain.payments.lifecycle import PayableStatus, RefundStatus
from domain.payments.model import Payable
from domain.payments.model import Refund as RefundRow
from domain.payments.shares import Share
from domain.products.model import Product

BY = system("cover")
LAPSES = timedelta(hours=24)
"""So long the price and the days are kept for whoever ordered."""


class NotEligible(Refused):
    """The plan cannot be bought for this product; the words say why, ``code`` which rule says so."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(offer.why_not)
        self.code = f"cover_{offer.objections[0][0]}"


class AlreadyCovered(Conflict):
    """Somebody else was faster: the component is covered on some of those days, or waits to be paid for."""

    code = "cover_twice"


def order_cover(
    uow: UnitOfWork, plan_id: str, product_id: str | None, customer_id: str, *, by: Actor, via: str, sold_by: str = "",
    order_id: str | None = None,
) -> Cover:  # fmt: skip
    """Order a plan: the price is frozen and owed, and nothing holds before it is paid. Ordered again while it waits, it is the same one.

    ``sold_by`` is the engineer or the member of staff whose sale it is, as an `Actor` is written.

    :raises NotEligible: a rule objects; :raises AlreadyCovered: somebody else ordered it at the same moment
    """
    plan, customer = uow.get(CoverPlan, plan_id, called="这个方案"), uow.get(Customer, customer_id, called="客户")
    product = uow.get(Product, product_id, called="这台产品", lock=True) if product_id else None
    if waiting := waiting_for(uow, plan, product, customer):
        uow.emit(CoverOrdered(waiting.id, waiting.payable_id or ""))  # where to pay is said again
        return waiting
    offer = offer_of(uow, plan, product, customer)
    if not offer.eligible:
        raise NotEligible(offer)
    cover = new_cover(uow, offer, product, customer, price=plan.price_fen, via=via, sold_by=sold_by)
    cover.order_id = order_id
    insert(uow, cover)
    payable = payments.owe(
        uow, brand_id=plan.brand_id, kind="cover", of_id=cover.id, customer_id=customer.id, work_order_id=order_id,
        title=plan.title,
        split=[Share("deferred_cover", plan.price_fen.fen)], by=by,
    )  # fmt: skip
    cover.payable_id = payable.id
    uow.session.flush()
    trail.record(
        uow, by, "cover.order", "cover", cover.id, plan=plan.id, product=product_id or "", via=via, fen=payable.due_fen
    )
    uow.emit(CoverOrdered(cover.id, payable.id))
    return cover


def waiting_for(uow: UnitOfWork, plan: CoverPlan, product: Product | None, customer: Customer) -> Cover | None:
    """The same thing ordered before by the same person and not yet paid."""
    mine = select(Cover).where(
        Cover.plan_id == plan.id, Cover.customer_id == customer.id, Cover.status == CoverStatus.ORDERED,
        Cover.lapses_at > uow.now,
        Cover.product_id == product.id if product and plan.kind is PlanKind.WARRANTY else Cover.product_id.is_(None),
    )  # fmt: skip
    return uow.session.scalars(mine.order_by(Cover.ordered_at)).first()


def new_cover(
    uow: UnitOfWork, offer: Offer, product: Product | None, customer: Customer, *, price: Money, via: str, sold_by: str = ""
) -> Cover:  # fmt: skip
    """A contract as offered, not yet written down."""
    plan, cover_id = offer.plan, uow.new_id("co")
    mine = product.id if product and plan.kind is PlanKind.WARRANTY else None
    return Cover(
        id=cover_id, number=new_number(uow, cover_id), brand_id=plan.brand_id, plan_id=plan.id, kind=plan.kind,
        component=component_of(plan), product_id=mine, customer_id=customer.id, bought_by=customer.id, price_fen=price,
        status=COVERS.start, since=offer.since, until=offer.until, uses=plan.uses, used=0, via=via, sold_by=sold_by,
        ordered_at=uow.now, lapses_at=uow.now + LAPSES, earned_fen=ZERO, refunded_fen=ZERO, entries=0,
    )  # fmt: skip


def insert(uow: UnitOfWork, cover: Cover) -> None:
    """:raises AlreadyCovered: the database has another one of this component for some of these days"""
    try:
        with uow.session.begin_nested():
            uow.session.add(cover)
    except IntegrityError as refused:
        if "ex_covers_component" not in str(refused.orig):
            raise
        raise AlreadyCovered("这台产品刚刚已有人购买同样的延保，不能重复购买") from refused


def activate(uow: UnitOfWork, cover_id: str, *, by: Actor = BY) -> Cover:
    """It is paid: it holds from its first day on. Paid twice over, or after it was void, changes nothing here: that money goes
    back by itself. What has become impossible meanwhile (the product is another's now) is void, and its money goes back."""
    cover = locked(uow, cover_id)
    if cover.status is not CoverStatus.ORDERED:
        return cover
    plan, customer = uow.session.get_one(CoverPlan, cover.plan_id), uow.session.get_one(Customer, cover.customer_id)
    product = uow.session.get_one(Product, cover.product_id) if cover.product_id else None
    if product and product.customer_id != cover.customer_id:
        move(uow, cover, "void", by=by, why="付款前产品已过户")
        refund = give_money_back(uow, cover, cover.price_fen, "付款前产品已过户", by=by)
        if refund and refund.status is RefundStatus.ASKED:  # nothing was given for it: nobody has to agree
            payments.approve_refund(uow, refund.id, by=payments.PROGRAM)
        return cover
    today = offer_of(uow, plan, product, customer)
    cover.since, cover.until = max(cover.since, today.since), max(cover.until, today.until)
    cover.bought_at, cover.cooling_until = uow.now, uow.today + timedelta(days=plan.cooling_days)
    move(uow, cover, "activate", by=by)
    write_commission(uow, cover, plan, by=by)
    return cover


def void(uow: UnitOfWork, cover_id: str, *, by: Actor, why: str) -> Cover:
    """It is not wanted any more, or was not paid in time. Money that comes all the same goes back by itself.

    :raises MoveRefused: it holds already; :raises Conflict: it was paid a moment ago, and is about to hold
    """
    cover = locked(uow, cover_id)
    own(cover, by)
    if cover.status is CoverStatus.VOID:
        return cover
    if cover.status is CoverStatus.ORDERED and is_paid(uow, cover):
        raise Conflict("这份刚刚已经付款，马上生效；不需要的话请申请退订")
    move(uow, cover, "void", by=by, why=why)
    if cover.payable_id:
        payments.void(uow, cover.payable_id, by=by, why=why)
    return cover


def lapse(uow: UnitOfWork, cover_id: str, *, by: Actor, why: str) -> Cover:
    """Void what nobody paid for; where the money came and only its reaction is late, that goes first."""
    cover = locked(uow, cover_id)
    return activate(uow, cover_id, by=BY) if is_paid(uow, cover) else void(uow, cover_id, by=by, why=why)


def is_paid(uow: UnitOfWork, cover: Cover) -> bool:
    """Whether the money is there; what follows from it may still be on its way. Nobody pays it before the commit."""
    payable = uow.get(Payable, cover.payable_id, called="这笔应付", lock=True) if cover.payable_id else None
    return payable is not None and payable.status is PayableStatus.PAID


def refund_of(uow: UnitOfWork, cover: Cover) -> Refund:
    """What would come back today, with the reckoning in words; nothing is written."""
    return refund_on(reckoned(uow, cover), uow.today)


def cancel(
    uow: UnitOfWork, cover_id: str, *, by: Actor, why: str = "", sure_of: Money | None = None
) -> tuple[Cover, Refund]:
    """Give it up: it holds no more from now on, and what is left of its price goes back to whoever paid.

    ``sure_of`` is the amount the person was shown: should it be another by now, nothing happens.

    :raises Forbidden: it came with a product from somebody else, whose money it was: staff settle that
    :raises Forbidden: a repair was done on it: staff settle that, too
    :raises InUse: an order counts on it; :raises Conflict: another amount than was shown
    """
    cover = locked(uow, cover_id)
    own(cover, by)
    if by.role is Role.CUSTOMER and cover.customer_id != cover.bought_by:
        raise Forbidden("这份延保是随产品过户来的，退款只能退给原来付款的人，请联系客服办理")
    if held_uses(uow, cover.id):
        raise InUse("有一次正为工单预留，请先取消那张工单，再退卡")
    must_not_serve(uow, cover, by)
    refund = refund_of(uow, cover)
    if sure_of is not None and sure_of != refund.back:
        raise Conflict(f"可退金额已变为 {refund.back}，请重新确认")
    move(uow, cover, "refund", by=by, why=why)
    earn(uow, cover, refund.kept, by=by)
    cover.refunded_fen = refund.back
    if refund.back > ZERO:
        give_money_back(uow, cover, refund.back, refund.words, by=by)
    else:
        move(uow, cover, "cancel", by=by)
    return cover, refund


def give_money_back(uow: UnitOfWork, cover: Cover, back: Money, why: str, *, by: Actor) -> RefundRow | None:
    """Ask for it, of what is not earned yet; None where nothing was paid."""
    if not cover.payable_id or back == ZERO:
        return None
    refund = payments.ask_refund(
        uow, cover.payable_id, back.fen, by=by, reason_code="cover_cancelled", why=why,
        split=[Share("deferred_cover", back.fen)],
    )  # fmt: skip
    cover.refund_id = refund.id
    uow.session.flush()
    return refund


def waits_for_approval(uow: UnitOfWork, cover: Cover) -> bool:
    """Whether somebody of the staff has to agree to its refund first."""
    refund = uow.session.get(RefundRow, cover.refund_id) if cover.refund_id else None
    return refund is not None and refund.status is RefundStatus.ASKED


def refund_ended(uow: UnitOfWork, cover_id: str, refund_id: str, how: str) -> Cover:
    """The money went back (``succeeded``): it is over. It stayed (``rejected``, ``closed``): the contract goes on as before."""
    cover = locked(uow, cover_id)
    if cover.status is not CoverStatus.REFUNDING or cover.refund_id != refund_id:
        return cover
    if how == "succeeded":
        move(uow, cover, "cancel", by=BY)
        take_back_commission(uow, cover, by=BY)
    elif how in ("rejected", "closed"):
        cover.refunded_fen, cover.refund_id = ZERO, None
        move(uow, cover, "restore", by=BY, why="退款未通过" if how == "rejected" else "退款失败")
    return cover


def go_with_product(uow: UnitOfWork, product_id: str, transfer_id: str, *, by: Actor = BY) -> list[Cover]:
    """The product has a new owner: its contracts are the new owner's; what was ordered and not paid is void. Cards stay."""
    product = uow.get(Product, product_id, called="这台产品", lock=True)
    wanted = select(Cover.id).where(
        Cover.product_id == product.id, Cover.status.in_(LIVE), Cover.customer_id != product.customer_id
    )
    moved = []
    for cover_id in uow.session.scalars(wanted.order_by(Cover.id)):
        cover = locked(uow, cover_id)
        if cover.status is CoverStatus.ORDERED:
            lapse(uow, cover.id, by=by, why="产品已过户")
            continue
        cover.customer_id = product.customer_id
        uow.session.flush()
        trail.record(uow, by, "cover.transfer", "cover", cover.id, transfer=transfer_id)
        uow.emit(CoverTransferred(cover.id, transfer_id))
        moved.append(cover)
    return moved


def expire(uow: UnitOfWork, cover_id: str) -> Cover:
    """Its last day is over: all of its price is earned, and uses nobody took are gone. A use that is held is waited for."""
    cover = locked(uow, cover_id)
    if cover.status is CoverStatus.ACTIVE and cover.until < uow.today and not held_uses(uow, cover.id):
        earn(uow, cover, cover.price_fen, by=BY)
        move(uow, cover, "expire", by=BY)
    return cover


def locked(uow: UnitOfWork, cover_id: str) -> Cover:
    """The contract, and before it its product, held until the commit."""
    product_id = uow.session.scalar(select(Cover.product_id).where(Cover.id == cover_id))
    if product_id:
        uow.get(Product, product_id, called="这台产品", lock=True)
    return uow.get(Cover, cover_id, called="这份延保或服务卡", lock=True)


def own(cover: Cover, by: Actor) -> None:
    """:raises Forbidden: a customer means somebody else's"""
    if by.role is Role.CUSTOMER and by.id != cover.customer_id:
        raise Forbidden("这份延保或服务卡不在您名下")


def move(uow: UnitOfWork, cover: Cover, name: str, *, by: Actor, why: str = "") -> None:
    COVERS.move(cover, name, by.role, why=why)
    if cover.status in COVERS.ends():
        cover.ended_at = uow.now
    uow.session.flush()
    trail.record(uow, by, f"cover.{name}", "cover", cover.id, why=why)
    uow.emit(CoverMoved(cover.id, name, str(cover.status)))
