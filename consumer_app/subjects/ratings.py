"""评价 and the survey: stars, aspects, tags and words for one's own order; the first stars stand, for a day one may add."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from consumer_app.person import Person
from domain.feedback import ratings, surveys
from domain.feedback.model import Survey
from domain.feedback.ratings import Given
from domain.feedback.tags import STARS, aspects_on, tags_on
from domain.kit.actors import Actor
from domain.kit.errors import Conflict
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.model import WorkOrder


def form(person: Person, number: str) -> dict[str, Any]:
    """:raises NotFound: not theirs"""
    return form_json(person.uow, person.order(number))


def form_json(uow: UnitOfWork, order: WorkOrder) -> dict[str, Any]:
    """What can be said of an order now, and what was said."""
    said, no = ratings.rating_of(uow, order.id), ratings.why_not(uow, order)
    adds = said is not None and ratings.may_amend(uow, said)
    words = "可以补充评价，星级不再改动。" if adds else str(no) if no else ""
    return {
        "open": no is None or adds, "message": words, "stars": said.stars if said else None,
        "aspects": [{"code": one.code, "title": one.title} for one in aspects_on(uow.today)],
        "tags": [{"code": one.code, "title": one.title, "good": one.good} for one in tags_on(uow.today)],
        "said_aspects": dict(said.aspects) if said else {}, "said_tags": list(said.tags) if said else [],
        "words": said.words if said else "", "levels": list(STARS),
    }  # fmt: skip


def rate(person: Person, number: str, given: dict[str, Any]) -> dict[str, Any]:
    """:raises NotFound, CannotRate, BadRating: see there"""
    order = person.order(number)
    give_as(person.uow, order, given, person.by)
    return form_json(person.uow, order)


def give_as(uow: UnitOfWork, order: WorkOrder, given: dict[str, Any], by: Actor) -> None:
    """A rating, or what is added to the one there is; with it how likely they are to recommend us, where that was asked.

    :raises CannotRate, BadRating: see there
    """
    if ratings.rating_of(uow, order.id) is not None:
        ratings.amend(uow, order.id, by=by, words=given["words"], tags=given["tags"], aspects=given["aspects"])
    else:
        said = Given(given["stars"], "page", given["aspects"], given["tags"], given["words"], given.get("solved"))
        ratings.rate(uow, order.id, said, by=by)
    if given.get("recommend") is not None:
        recommend(uow, order, given["recommend"], by)


def recommend(uow: UnitOfWork, order: WorkOrder, score: int, by: Actor) -> None:
    """The answer to the survey of this order, where one was asked; a second answer is passed over."""
    asked = uow.session.scalars(select(Survey).filter_by(work_order_id=order.id)).first()
    if asked is None:
        return
    try:
        with uow.session.begin_nested():
            surveys.answer(uow, asked.id, score, by=by, via="page")
    except Conflict:
        return
