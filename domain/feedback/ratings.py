"""Rating an order: once, while it is open for that, by whoever it was done for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from domain.access import trail
from domain.feedback import rules
from domain.feedback.events import RatingGiven
from domain.feedback.model import Rating, RatingEngineer
from domain.feedback.tags import NOT_FIXED, aspects_on, tags_on
from domain.kit.actors import Actor, Role
from domain.kit.errors import Conflict, NotFound, Refused
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.work_orders.lifecycle import CANCELLED, VISIT_FINISHED, OrderStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder, WorkOrderMove
from domain.work_orders.operations import DONE


class CannotRate(Refused):
    """The order cannot be rated now."""

    code = "cannot_rate"


class RatedAlready(Conflict):
    """It was rated; what stands is not changed."""

    code = "rated_already"


class BadRating(Refused):
    """Stars, aspects, tags or words that cannot be."""

    code = "bad_rating"


BEFORE_REPAIR = ("", "none", "task")
"""What was decided, or not yet, while nobody was sent to put it right."""


@dataclass(frozen=True)
class Given:
    """What somebody says of an order. ``solved`` False: it does not work. ``via``: ``chat``, ``page``, ``callback``."""

    stars: int
    via: str
    aspects: Mapping[str, int] = field(default_factory=dict)
    tags: Sequence[str] = ()
    words: str = ""
    solved: bool | None = None


def rating_of(uow: UnitOfWork, order_id: str) -> Rating | None:
    return uow.session.scalars(select(Rating).filter_by(work_order_id=order_id)).first()


def finished_at(uow: UnitOfWork, order_id: str) -> datetime | None:
    """When the work was finished, for the last time."""
    ended = select(WorkOrderMove.at).where(
        WorkOrderMove.work_order_id == order_id,
        WorkOrderMove.to == OrderStatus.FINISHED,
        WorkOrderMove.frm != OrderStatus.FINISHED,
    )
    return uow.session.scalars(ended.order_by(WorkOrderMove.id.desc()).limit(1)).first()


def open_for_rating(uow: UnitOfWork, order: WorkOrder) -> bool:
    """Whether `rate` would take a rating of this order now."""
    return why_not(uow, order) is None


def why_not(uow: UnitOfWork, order: WorkOrder) -> Refused | None:
    """Why it cannot be rated now, in words for the customer, or None."""
    stands = rating_of(uow, order.id)
    if stands is not None:
        return RatedAlready(f"这张工单您已经评过了（{stands.stars} 星），谢谢！")
    if order.status is CANCELLED:
        return CannotRate("这张工单已取消，不用评价。")
    if order.status not in DONE:
        return CannotRate("这张工单还在处理，完工后再请您评价。")
    ended = finished_at(uow, order.id)
    if ended is None or uow.now - ended > rules.OPEN_FOR:
        return CannotRate(f"评价在完工后 {rules.OPEN_FOR.days} 天内有效，这张工单已经过了。有问题直接告诉我们就行。")
    return None


def rate(uow: UnitOfWork, order_id: str, given: Given, *, by: Actor) -> Rating:
    """Keep what a customer says of an order. What follows from a low one is decided later (`consequences.decide`): at once by
    the reaction, but in a chat the reason is waited for.

    :raises RatedAlready: it was rated before; the words say how
    :raises CannotRate: not finished, or too long ago
    :raises NotFound: it is another customer's
    :raises BadRating: what was given cannot be
    """
    check(uow, given)
    order = uow.get(WorkOrder, order_id, called="这张工单", lock=True)
    if by.role is Role.CUSTOMER and by.id != order.customer_id:
        raise NotFound("没有找到这张工单")
    if (no := why_not(uow, order)) is not None:
        raise no
    visit = last_visit(uow, order.id)
    solved = False if NOT_FIXED in given.tags else given.solved
    low = rules.is_low(given.stars, solved)
    wait = rules.REASON_WITHIN if given.via == "chat" and not (given.tags or given.words) else rules.REASON_WITHIN * 0
    rating = Rating(
        id=uow.new_id("ra"), work_order_id=order.id, visit_id=visit.id if visit else None, brand_id=order.brand_id,
        provider_id=order.provider_id, customer_id=order.customer_id, stars=given.stars, solved=solved,
        aspects=dict(given.aspects), tags=list(dict.fromkeys(given.tags)), words=given.words.strip(), via=given.via,
        by=str(by), at=uow.now, decide_at=uow.now + wait if low else None, decided="" if low else "none",
    )  # fmt: skip
    uow.session.add(rating)
    uow.session.flush()
    keep_engineers(uow, rating)
    trail.record(uow, by, "rating.give", "work_order", order.id, stars=given.stars, via=given.via)
    uow.emit(RatingGiven(rating.id, order.id))
    return rating


def amend(
    uow: UnitOfWork, order_id: str, *, by: Actor, words: str = "", tags: Sequence[str] = (),
    aspects: Mapping[str, int] | None = None,
) -> Rating:  # fmt: skip
    """Add to a rating for a day: words after the words, further tags, aspects. Stars stand; but that it does not work after all is
    decided about anew, however many they are.

    :raises NotFound: there is none, or it is another customer's
    :raises CannotRate: it is too late for that
    :raises BadRating: what is added cannot be
    """
    found = select(Rating).filter_by(work_order_id=order_id).with_for_update().execution_options(populate_existing=True)
    rating = uow.session.scalars(found).first()
    if rating is None or (by.role is Role.CUSTOMER and by.id != rating.customer_id):
        raise NotFound("没有找到这条评价")
    if not may_amend(uow, rating):
        raise CannotRate("这张工单您已经评过了，评价一天后不能再补充。有问题直接告诉我们就行。")
    added = "\n".join(part for part in (rating.words, words.strip()) if part)
    check(uow, Given(rating.stars, rating.via, aspects or {}, tags, added))
    rating.words, rating.aspects = added, {**rating.aspects, **(aspects or {})}
    rating.tags = list(dict.fromkeys([*rating.tags, *tags]))
    if NOT_FIXED in tags and rating.solved is not False and rating.decided in BEFORE_REPAIR:
        rating.solved, rating.decided, rating.decide_at = False, "", rating.decide_at or uow.now
    rating.amended_at = uow.now
    trail.record(uow, by, "rating.amend", "work_order", order_id, tags=list(tags))
    uow.session.flush()
    return rating


def may_amend(uow: UnitOfWork, rating: Rating) -> bool:
    return uow.now - rating.at <= rules.AMEND_WITHIN


def check(uow: UnitOfWork, given: Given) -> None:
    """:raises BadRating: stars, an aspect, a tag or words that cannot be"""
    day = uow.now.astimezone(SHANGHAI).date()
    known = {one.code for one in aspects_on(day)}
    if not 1 <= given.stars <= 5 or any(not 1 <= stars <= 5 for stars in given.aspects.values()):
        raise BadRating("请打 1 到 5 星")
    if given.aspects.keys() - known:
        raise BadRating("没有这一项评价")
    if set(given.tags) - {one.code for one in tags_on(day)}:
        raise BadRating("没有这个标签")
    if len(given.words) > rules.LONGEST_WORDS:
        raise BadRating(f"评价最多写 {rules.LONGEST_WORDS} 个字")


def last_visit(uow: UnitOfWork, order_id: str) -> Visit | None:
    """The last visit that was finished: what was done there is what is rated."""
    found = select(Visit).filter_by(work_order_id=order_id, status=VISIT_FINISHED).order_by(Visit.seq.desc())
    return uow.session.scalars(found.limit(1)).first()


def keep_engineers(uow: UnitOfWork, rating: Rating) -> None:
    """Whose work it was, in shares: read by dispatch's figure and by commission."""
    if rating.visit_id is None:
        return
    who = select(VisitEngineer).filter_by(visit_id=rating.visit_id)
    uow.session.add_all(
        RatingEngineer(
            rating_id=rating.id, engineer_id=one.engineer_id, work_order_id=rating.work_order_id, share=one.share,
            stars=rating.stars, at=rating.at,
        )
        for one in uow.session.scalars(who)
    )  # fmt: skip
    uow.session.flush()
