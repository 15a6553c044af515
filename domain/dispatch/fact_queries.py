"""What dispatch asks the database about an order, its grid and everybody in it: statements made once, at import.

They are asked many times a second, so none is put together anew each time, and whatever is a list comes as one value: JSON is
read faster than rows are. A further fact about an engineer is a query in `PEOPLE` and a field of `Person`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Date, Text, and_, any_, bindparam, exists, func, or_, select

from domain.capacity.model import EngineerDay
from domain.capacity.queries import at, listed
from domain.dispatch.model import Offer, WaitingOrder
from domain.engineers.model import Authorization, Certificate, Engineer, Skill
from domain.incidents.model import SafetyIncident
from domain.organizations.model import Coverage, Provider, ProviderBrand
from domain.service_levels.lifecycle import ClockStatus
from domain.service_levels.model import Clock
from domain.work_orders.lifecycle import VisitStatus
from domain.work_orders.model import Visit, VisitEngineer, WorkOrder

EARLIER_ORDERS = 20
"""Orders of the customer, this one among them, that are looked at for who was there before."""

ORDER, BRAND, TODAY = bindparam("order", type_=Text), bindparam("brand", type_=Text), bindparam("today", type_=Date)
CATEGORY, SERVICE = bindparam("category", type_=Text), bindparam("service", type_=Text)
ASKED = listed(
    Offer.engineer_id, Offer.status, Offer.reason_code, Offer.taken_back, at(func.coalesce(Offer.answered_at, Offer.answer_by)),
    at(Offer.window_since), at(Offer.window_until),
).where(Offer.work_order_id == ORDER)  # fmt: skip
EARLIER = (
    select(WorkOrder.id, WorkOrder.product_id)
    .where(WorkOrder.customer_id == bindparam("customer", type_=Text))
    .order_by(WorkOrder.opened_at.desc())
    .limit(EARLIER_ORDERS)
    .subquery()
)
WAS_THERE = (
    listed(Visit.engineer_id, EARLIER.c.product_id)
    .join(EARLIER, EARLIER.c.id == Visit.work_order_id)
    .where(Visit.status == VisitStatus.FINISHED, Visit.engineer_id.isnot(None))
)
CAME_BEFORE = (
    listed(VisitEngineer.engineer_id)
    .join(Visit, Visit.id == VisitEngineer.visit_id)
    .where(Visit.work_order_id == bindparam("rectifies", type_=Text))
)
DUE = select(func.min(Clock.due_at)).where(
    Clock.work_order_id == ORDER, Clock.status.in_((ClockStatus.RUNNING, ClockStatus.WARNED))
)
OF_ORDER = select(
    ASKED.scalar_subquery(), WAS_THERE.scalar_subquery(), DUE.scalar_subquery(),
    exists().where(SafetyIncident.work_order_id == ORDER), exists().where(WaitingOrder.work_order_id == ORDER),
    CAME_BEFORE.scalar_subquery(),
)  # fmt: skip
LICENCES = listed(ProviderBrand.since, ProviderBrand.until).where(
    ProviderBrand.provider_id == Provider.id, ProviderBrand.brand_id == BRAND
)
CELLS = (
    select(
        Coverage.provider_id, Coverage.station_id, Coverage.division_code, Coverage.category_code,
        Coverage.service_type, Coverage.rank, Coverage.since, Coverage.until, Provider.kind,
        Provider.since.label("begins"), Provider.until.label("ends"),
    )
    .join(Provider, Provider.id == Coverage.provider_id)
    .where(
        Coverage.brand_id == BRAND, Coverage.division_code == any_(bindparam("divisions", type_=ARRAY(Text))),
        or_(Coverage.category_code == "", Coverage.category_code == CATEGORY),
        or_(Coverage.service_type == "", Coverage.service_type == SERVICE),
        or_(Coverage.until.is_(None), Coverage.until > TODAY),
    )
)  # fmt: skip
SKILLS = listed(Skill.since, Skill.until).where(
    Skill.engineer_id == Engineer.id, Skill.category_code == CATEGORY, Skill.service_type == SERVICE
)
GRANTS = listed(Authorization.since, Authorization.until).where(
    Authorization.engineer_id == Engineer.id, Authorization.brand_id == BRAND
)
PAPERS = listed(Certificate.kind, Certificate.since, Certificate.until).where(
    Certificate.engineer_id == Engineer.id, Certificate.kind == any_(bindparam("kinds", type_=ARRAY(Text)))
)
RECENT = select(func.coalesce(func.sum(EngineerDay.taken), 0)).where(
    EngineerDay.engineer_id == Engineer.id,
    EngineerDay.day.between(bindparam("back", type_=Date), bindparam("ahead", type_=Date)),
)
PEOPLE = (
    listed(
        Engineer.id, Engineer.code, Engineer.provider_id, Engineer.station_id, Engineer.grade, Engineer.rating,
        Engineer.since, Engineer.until, Provider.kind, LICENCES.scalar_subquery(), SKILLS.scalar_subquery(),
        GRANTS.scalar_subquery(), PAPERS.scalar_subquery(), RECENT.scalar_subquery(),
    )
    .join(Provider, Provider.id == Engineer.provider_id)
    .where(
        or_(
            Engineer.id == bindparam("also", type_=Text),
            and_(
                Engineer.provider_id == any_(bindparam("providers", type_=ARRAY(Text))),
                or_(Engineer.until.is_(None), Engineer.until > TODAY),
            ),
        )
    )
)  # fmt: skip


class Person(NamedTuple):
    """One row of `PEOPLE`."""

    id: str
    code: str
    provider_id: str
    station_id: str
    grade: str
    rating: int
    since: str
    until: str | None
    kind: str
    licences: Sequence[Any] | None
    skills: Sequence[Any] | None
    grants: Sequence[Any] | None
    papers: Sequence[Any] | None
    recent: int
