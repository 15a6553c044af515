"""Making day plans: the day is read, put in order with no transaction open, and written down as a proposal."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy import or_, select

from domain.dispatch import plans
from domain.dispatch.events import NobodyFits, PlanMade, PlanWanted
from domain.dispatch.model import Plan, WaitingOrder
from domain.dispatch.plan_reading import read
from domain.dispatch.planning import optimise
from domain.dispatch.reasons import NO_ROOM
from domain.kit.actors import Actor, Role, system
from domain.kit.errors import Refused
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Provider
from jobs.context import Jobs

BY = system("planning")
EVENING = time(20)
"""When tomorrow is planned: few orders come any more."""
AT_ONCE = 3
"""Plans asked for in a minute: each may take ten seconds of the slow worker, which has pictures to do as well."""
AHEAD = 3
"""Days on which room is looked for: today and after."""

log = structlog.get_logger()


def make_plan(jobs: Jobs, event: PlanWanted) -> None:
    """Plan a day, or find room for an order in it. What cannot be done is said in the log: nobody waits for it."""
    day, by = date.fromisoformat(event.day), Actor(Role(event.by.partition(":")[0]), event.by.partition(":")[2])
    with jobs.runtime.transaction() as uow:
        if day < uow.today or (event.by == str(BY) and not event.work_order_id and is_planned(uow, event, day)):
            return
        asked = read(uow, event.provider_id, day, event.station_id or None, order_id=event.work_order_id or None)
    found = optimise(asked)
    try:
        with jobs.runtime.transaction() as uow:
            plans.write(uow, asked, found, by=by, must_hold=event.work_order_id)
    except plans.NoPlace:
        log.info("no room however it is planned", work_order=event.work_order_id, day=event.day)


def evening_of(uow: UnitOfWork) -> datetime:
    return datetime.combine(uow.today, EVENING, SHANGHAI)


def is_planned(uow: UnitOfWork, event: PlanWanted, day: date) -> bool:
    """Whether somebody did it meanwhile: the evening's plans may be asked for twice."""
    found = select(Plan.id).where(Plan.provider_id == event.provider_id, Plan.day == day)
    return uow.session.scalar(found.where(Plan.made_at >= evening_of(uow)).limit(1)) is not None


def accept_plan(uow: UnitOfWork, event: PlanMade) -> None:
    """Where the provider wants that. A plan that is over by now stays a proposal."""
    plan = uow.get(Plan, event.plan_id, called="这个排程方案")
    provider = uow.get(Provider, plan.provider_id, called="这家服务商")
    if not provider.plans_automatic or not plans.open_routes(uow, plan.id):
        return
    try:
        with uow.session.begin_nested():
            plans.accept(uow, plan.id, by=BY)
    except Refused as no:
        log.info("plan not accepted", plan=plan.id, why=no.code)


def look_for_room(uow: UnitOfWork, event: NobodyFits) -> None:
    """Nobody has time for an order as the days stand: maybe when they are put in another order."""
    waiting = uow.session.get(WaitingOrder, event.work_order_id)
    if event.reason != NO_ROOM or waiting is None or waiting.provider_id is None:
        return
    for ahead in range(AHEAD):
        day = uow.today + timedelta(days=ahead)
        uow.emit(PlanWanted(waiting.provider_id, "", day.isoformat(), str(BY), event.work_order_id))


def plan_tomorrow(jobs: Jobs) -> int:
    """From `EVENING` on, once an evening for every provider, a few at a time; returns how many plans were asked for."""
    with jobs.runtime.transaction() as uow:
        if uow.now < evening_of(uow):
            return 0
        tomorrow = uow.today + timedelta(days=1)
        planned = select(Plan.provider_id).where(Plan.day == tomorrow, Plan.made_at >= evening_of(uow))
        due = uow.session.scalars(
            select(Provider.id)
            .where(
                Provider.since <= tomorrow,
                or_(Provider.until.is_(None), Provider.until > tomorrow),
                Provider.id.not_in(planned),
            )
            .order_by(Provider.code)
            .limit(AT_ONCE)
        ).all()
        for provider_id in due:
            uow.emit(PlanWanted(provider_id, "", tomorrow.isoformat(), str(BY), ""))
    return len(due)
