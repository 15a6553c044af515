"""Quotes: asked of the customer, answered, replaced. Whoever answers names exactly the lines that were seen.

Locks are taken in one order: the order's row, then its quotes. An answer to what is no longer asked is refused with the number
of what is asked now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from domain.access import trail
from domain.kit.actors import Actor, system
from domain.kit.errors import Conflict, Refused
from domain.kit.money import Money
from domain.kit.put_off import is_not
from domain.kit.unit_of_work import UnitOfWork
from domain.pricing.events import QuoteAsked, QuoteClosed, QuoteConfirmed, QuoteRejected, QuoteReminderDue
from domain.pricing.fee_facts import Facts, Goodwill, Line, Wanted
from domain.pricing.fees import price, price_declined
from domain.pricing.gathering import facts_for
from domain.pricing.goodwill import goodwill_of
from domain.pricing.lifecycle import QUOTES, QuoteStatus
from domain.pricing.model import Quote
from domain.pricing.queries import lines_of, standing_quote
from domain.pricing.rules import capped, hash_of_lines
from domain.work_orders.lifecycle import OPEN, OrderStatus
from domain.work_orders.model import WorkOrder

PROGRAM = system("pricing")
HEARD_LATE = OPEN | {OrderStatus.FINISHED}
"""What a phone without network asked and was answered arrives after the visit was ended there."""
ANSWER_WITHIN = timedelta(hours=24)
REMIND_AFTER = (timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12))
"""After a quote was asked: first while the engineer may still be there."""
SHOWN_LESS = "现场报给您的更低，差额由品牌承担"


class NoPrice(Refused):
    """The price list does not know something that is to be done: nobody may be asked to pay for it."""

    code = "no_price"


class NothingToQuote(Refused):
    """The order is over, or nothing is to be done."""

    code = "nothing_to_quote"


class QuoteChanged(Conflict):
    """What was answered is not what is asked now; ``newer`` is the quote that is, if there is one."""

    code = "quote_changed"

    def __init__(self, words: str, newer: Quote | None) -> None:
        super().__init__(words)
        self.newer_id = newer.id if newer else ""


def quote_for(
    uow: UnitOfWork, order_id: str, wanted: Wanted, *, by: Actor, visit_id: str | None = None, phone_key: str = "",
    note: str = "", goodwill: Sequence[Goodwill] | None = None,
) -> Quote:  # fmt: skip
    """Make the next version and ask the customer, or, where he has nothing to pay, take it as confirmed and say so.

    The same lines once more change nothing: the quote that is asked, or that was confirmed, stands, under the name the phone
    gives it now. ``goodwill`` left out stays what the last version had, on the lines and up to the fen it was granted for.

    :raises NoPrice: something has no price; :raises NothingToQuote: the order is over
    """
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if order.status not in (HEARD_LATE if phone_key else OPEN):
        raise NothingToQuote("工单已结束，不能再报价")
    before = newest(uow, order.id)
    if phone_key and (known := by_phone_key(uow, order.id, phone_key)):
        return known
    offered = goodwill_of(before) if goodwill is None else tuple(goodwill)
    facts = facts_for(uow, order, wanted, goodwill=offered)
    priced = price(facts)
    if priced.unpriced:
        raise NoPrice(f"价目表里没有：{'、'.join(priced.unpriced)}，不能收费；请联系服务经理补价目")
    standing = standing_quote(uow, order.id)
    print_ = hash_of_lines(order.number, priced.lines)
    if standing and standing.hash == print_:
        standing.phone_key = phone_key or standing.phone_key
        return standing
    return put(uow, order, facts, priced.lines, by=by, visit_id=visit_id, phone_key=phone_key, note=note)


def put(
    uow: UnitOfWork, order: WorkOrder, facts: Facts, lines: Sequence[Line], *, by: Actor, visit_id: str | None,
    phone_key: str, note: str,
) -> Quote:  # fmt: skip
    close_asked(uow, order, "supersede", by=PROGRAM)
    last = uow.session.scalar(select(func.max(Quote.version)).filter_by(work_order_id=order.id)) or 0
    made = Quote(
        id=uow.new_id("qt"), work_order_id=order.id, visit_id=visit_id, version=last + 1, phone_key=phone_key,
        status=QUOTES.start, lines=[one.to_json() for one in lines], facts=worth_keeping(facts, lines).to_json(),
        customer_fen=sum(one.fen for one in lines if one.payer == "customer"),
        declined_fen=sum(one.fen for one in price_declined(facts).lines if one.payer == "customer"),
        hash=hash_of_lines(order.number, lines), note=note, by=str(by), asked_at=uow.now,
        expires_at=uow.now + ANSWER_WITHIN, remind_at=uow.now + REMIND_AFTER[0],
    )  # fmt: skip
    uow.session.add(made)
    uow.session.flush()
    trail.record(
        uow, by, "quote.ask", "work_order", order.id, quote=made.id, version=made.version, fen=made.customer_fen
    )
    if made.customer_fen == 0:
        settle(uow, order, made, by=PROGRAM, via="itself")
    else:
        uow.emit(QuoteAsked(made.id, order.id, made.version))
    return made


def worth_keeping(facts: Facts, lines: Sequence[Line]) -> Facts:
    """The facts with only the rows that made a line, or that would if the customer says no."""
    used = {row for line in [*lines, *price_declined(facts).lines] for row in line.rows}
    return replace(facts, rows=tuple(one for one in facts.rows if one.id in used))


def confirm(
    uow: UnitOfWork, quote_id: str, hash_: str, *, by: Actor, via: str, shown: Mapping[str, int] | None = None,
    signature_id: str = "",
) -> Quote:  # fmt: skip
    """The customer says yes to exactly these lines. Said twice, it is said once.

    ``shown`` is what a phone without network showed, by line: of two prices the customer pays the smaller, and another hash is
    no reason to refuse him.

    :raises QuoteChanged: it is no longer asked, or its lines are not those that were seen
    """
    order, quote = locked(uow, quote_id)
    if order.status is OrderStatus.CANCELLED:
        raise QuoteChanged("工单已取消，不用再答复", None)
    if quote.status is QuoteStatus.CONFIRMED and (quote.hash == hash_ or shown is not None):
        return quote
    late = shown is not None and quote.status is QuoteStatus.EXPIRED and standing_quote(uow, order.id) in (None, quote)
    if quote.status is not QuoteStatus.ASKED and not late:
        raise QuoteChanged(changed_words(uow, quote), standing_quote(uow, order.id))
    if not late and quote.expires_at <= uow.now and shown is None:
        raise QuoteChanged("这份报价已经过期，请让工程师或客服重新报价", None)
    if shown is not None:
        take_smaller(uow, order, quote, shown)
    elif quote.hash != hash_:
        raise QuoteChanged("报价内容已经变了，请看最新的报价", standing_quote(uow, order.id))
    quote.signature_id = signature_id
    return settle(uow, order, quote, by=by, via=via)


def take_smaller(uow: UnitOfWork, order: WorkOrder, quote: Quote, shown: Mapping[str, int]) -> None:
    """Lines the customer was shown at less: the brand bears the difference."""
    lines = capped(lines_of(quote), shown, "shown_less", SHOWN_LESS)
    quote.lines = [one.to_json() for one in lines]
    quote.customer_fen = sum(one.fen for one in lines if one.payer == "customer")
    quote.hash = hash_of_lines(order.number, lines)


def settle(uow: UnitOfWork, order: WorkOrder, quote: Quote, *, by: Actor, via: str) -> Quote:
    """It is agreed: the one agreed to before is no longer, and the order says how much may be asked for."""
    before = confirmed_quote(uow, order.id)
    if before is not None and before.id != quote.id:
        close(uow, before, "supersede", by=PROGRAM)
        uow.session.flush()
    QUOTES.move(quote, "confirm", by.role)
    quote.answered_at, quote.answered_via, quote.answered_by, quote.remind_at = uow.now, via, str(by), None
    order.agreed_fen, order.agreed_at = quote.customer_fen, uow.now
    uow.session.flush()
    trail.record(uow, by, "quote.confirm", "work_order", order.id, quote=quote.id, fen=quote.customer_fen, via=via)
    uow.emit(QuoteConfirmed(quote.id, order.id, via == "itself"))
    return quote


def reject(uow: UnitOfWork, quote_id: str, *, by: Actor, via: str, why: str = "", hash_: str = "") -> Quote:
    """The customer says no: what was confirmed before stands; without any, only coming and looking is owed.

    :raises QuoteChanged: it is no longer asked
    """
    order, quote = locked(uow, quote_id)
    if quote.status is QuoteStatus.REJECTED:
        return quote
    if quote.status is not QuoteStatus.ASKED or (hash_ and quote.hash != hash_):
        raise QuoteChanged(changed_words(uow, quote), standing_quote(uow, order.id))
    QUOTES.move(quote, "reject", by.role)
    quote.answered_at, quote.answered_via, quote.answered_by, quote.remind_at = uow.now, via, str(by), None
    quote.why = why.strip()[:500]
    if confirmed_quote(uow, order.id) is None:
        order.agreed_fen, order.agreed_at = quote.declined_fen, uow.now
    uow.session.flush()
    trail.record(uow, by, "quote.reject", "work_order", order.id, quote=quote.id, via=via)
    uow.emit(QuoteRejected(quote.id, order.id))
    return quote


def withdraw(uow: UnitOfWork, quote_id: str, *, by: Actor, why: str) -> Quote:
    """Nobody asks any more.

    :raises MoveRefused: it was answered, or no reason is given
    """
    _, quote = locked(uow, quote_id)
    close(uow, quote, "withdraw", by=by, why=why)
    return quote


def seen(uow: UnitOfWork, quote_id: str) -> None:
    """The customer has opened it."""
    quote = uow.get(Quote, quote_id, called="这份报价", lock=True)
    quote.seen_at = quote.seen_at or uow.now


def close_asked(uow: UnitOfWork, order: WorkOrder, move: str, *, by: Actor, why: str = "") -> None:
    """What is asked is asked no more."""
    asked = uow.session.scalars(
        select(Quote).filter_by(work_order_id=order.id, status=QuoteStatus.ASKED).with_for_update()
    ).all()
    for one in asked:
        close(uow, one, move, by=by, why=why)


def close(uow: UnitOfWork, quote: Quote, move: str, *, by: Actor, why: str = "") -> None:
    _, to = QUOTES.move(quote, move, by.role, why=why)
    quote.remind_at = None
    quote.why = why or quote.why
    uow.session.flush()
    trail.record(uow, by, f"quote.{move}", "work_order", quote.work_order_id, quote=quote.id)
    uow.emit(QuoteClosed(quote.id, quote.work_order_id, str(to)))


# What time does


def due_of(what: str, at: InstrumentedAttribute[Any], uow: UnitOfWork) -> Select[str]:
    """What is asked and due at ``at``, the longest due first."""
    asked = select(Quote.id).where(Quote.status == QuoteStatus.ASKED, at <= uow.now, is_not(uow, what, Quote.id))
    return asked.order_by(at, Quote.id)


def due_reminders(uow: UnitOfWork, limit: int = 50) -> Sequence[str]:
    """Quotes somebody should be reminded of."""
    return uow.session.scalars(due_of("quote.remind", Quote.remind_at, uow).limit(limit)).all()


def remind(uow: UnitOfWork, quote_id: str) -> None:
    order, quote = locked(uow, quote_id)
    if quote.status is not QuoteStatus.ASKED or quote.remind_at is None or quote.remind_at > uow.now:
        return
    later = [quote.asked_at + after for after in REMIND_AFTER if quote.asked_at + after > uow.now]
    quote.remind_at = later[0] if later else None
    uow.emit(QuoteReminderDue(quote.id, order.id))


def due_to_expire(uow: UnitOfWork, limit: int = 50) -> Sequence[str]:
    return uow.session.scalars(due_of("quote.expire", Quote.expires_at, uow).limit(limit)).all()


def expire(uow: UnitOfWork, quote_id: str) -> None:
    _, quote = locked(uow, quote_id)
    if quote.status is QuoteStatus.ASKED and quote.expires_at <= uow.now:
        close(uow, quote, "expire", by=PROGRAM)


# Finding


def locked(uow: UnitOfWork, quote_id: str) -> tuple[WorkOrder, Quote]:
    """The order, then the quote, both held until the commit."""
    found = uow.get(Quote, quote_id, called="这份报价")
    order = uow.get(WorkOrder, found.work_order_id, called="这张工单", lock=True)
    return order, uow.get(Quote, quote_id, called="这份报价", lock=True)


def newest(uow: UnitOfWork, order_id: str) -> Quote | None:
    found = select(Quote).where(Quote.work_order_id == order_id).order_by(Quote.version.desc()).limit(1)
    return uow.session.scalars(found).first()


def by_phone_key(uow: UnitOfWork, order_id: str, key: str) -> Quote | None:
    return uow.session.scalars(select(Quote).filter_by(work_order_id=order_id, phone_key=key)).first()


def confirmed_quote(uow: UnitOfWork, order_id: str) -> Quote | None:
    return uow.session.scalars(select(Quote).filter_by(work_order_id=order_id, status=QuoteStatus.CONFIRMED)).first()


def changed_words(uow: UnitOfWork, quote: Quote) -> str:
    """What became of it, and what to look at instead."""
    newer = standing_quote(uow, quote.work_order_id)
    became = f"这份报价{QUOTES.titles[quote.status]}"
    if newer is None or newer.id == quote.id:
        return became
    return f"{became}，最新的是第 {newer.version} 版：您付 {Money(newer.customer_fen)}，请看最新的报价"
