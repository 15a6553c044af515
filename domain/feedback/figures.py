"""An engineer's figure out of twelve months of ratings: computed anew from the rows each time, so that nothing can be counted twice."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from domain.engineers.model import Engineer
from domain.engineers.operations import put_rating
from domain.feedback import policies
from domain.feedback.model import RatingEngineer
from domain.kit.actors import Actor
from domain.kit.put_off import is_not
from domain.kit.unit_of_work import UnitOfWork

TURN = "rating.age"


def figure_of(uow: UnitOfWork, engineer_id: str) -> int | None:
    """Hundredths of stars; None for whoever was not rated in that time."""
    rows = select(RatingEngineer.stars, RatingEngineer.share).where(
        RatingEngineer.engineer_id == engineer_id, RatingEngineer.at > uow.now - policies.COUNTED
    )
    weighed = [(stars, share) for stars, share in uow.session.execute(rows)]
    return policies.figure(weighed) if weighed else None


def renew(uow: UnitOfWork, engineer_id: str, *, by: Actor) -> None:
    """Bring what dispatch reads up to date."""
    engineer = uow.get(Engineer, engineer_id, called="这位工程师", lock=True)
    found = figure_of(uow, engineer_id)
    if found is not None and found != engineer.rating:
        put_rating(uow, engineer_id, found, by=by)


def engineers_of(uow: UnitOfWork, rating_id: str) -> Sequence[str]:
    """Whose work was rated, in a fixed order, so that two ratings lock alike."""
    found = select(RatingEngineer.engineer_id).filter_by(rating_id=rating_id).order_by(RatingEngineer.engineer_id)
    return uow.session.scalars(found).all()


def ageing(uow: UnitOfWork) -> Sequence[str]:
    """Engineers of whom a rating has become too old to count in the last days."""
    until = uow.now - policies.COUNTED
    found = select(RatingEngineer.engineer_id).where(
        RatingEngineer.at <= until,
        RatingEngineer.at > until - 3 * policies.CALL_WITHIN,
        is_not(uow, TURN, RatingEngineer.engineer_id),
    )
    return uow.session.scalars(found.distinct().order_by(RatingEngineer.engineer_id)).all()
