"""Looking engineers up: those of a provider or station, and what several of them can do, may do and hold, in a few queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from domain.engineers.model import Authorization, Certificate, Engineer, Skill
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.queries import holds_on


def engineers_of(
    uow: UnitOfWork, day: date, *, provider_ids: Collection[str] | None = None, station_id: str | None = None
) -> Sequence[Engineer]:
    """Who works on a day, for these providers (all when None), at this station, by code."""
    found = select(Engineer).where(holds_on(Engineer, day))
    found = found if provider_ids is None else found.where(Engineer.provider_id.in_(provider_ids))
    found = found if station_id is None else found.where(Engineer.station_id == station_id)
    return uow.session.scalars(found.order_by(Engineer.code)).all()


def skills_of(uow: UnitOfWork, engineer_ids: Collection[str]) -> dict[str, list[Skill]]:
    return by_engineer(uow, Skill, engineer_ids)


def certificates_of(uow: UnitOfWork, engineer_ids: Collection[str]) -> dict[str, list[Certificate]]:
    return by_engineer(uow, Certificate, engineer_ids)


def authorizations_of(uow: UnitOfWork, engineer_ids: Collection[str]) -> dict[str, list[Authorization]]:
    return by_engineer(uow, Authorization, engineer_ids)


def by_engineer(uow: UnitOfWork, table: type[Any], engineer_ids: Collection[str]) -> dict[str, list[Any]]:
    """Rows of a table about engineers in one query, the oldest first; everybody asked for has a list."""
    found: dict[str, list[Any]] = {engineer_id: [] for engineer_id in engineer_ids}
    rows = select(table).where(table.engineer_id.in_(engineer_ids)).order_by(table.since, table.id)
    for row in uow.session.scalars(rows):
        found[row.engineer_id].append(row)
    return found
