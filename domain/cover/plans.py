"""Keeping the plans that are sold: a change ends the row and begins the next version, so that what was sold stays what it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from domain.access import trail
from domain.catalog.categories import TITLES as CATEGORIES
from domain.catalog.model import Model
from domain.cover.model import Cover, CoverPlan, PlanKind, Starts
from domain.cover.rules import Eligibility
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.money import ZERO, Money
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand
from domain.products.warranty_facts import COMPONENTS
from domain.work_orders.kinds import TITLES as SERVICES
from domain.work_orders.kinds import ServiceType

PAYS = {"labour": "人工费", "travel": "上门费", "inspection": "检测费", "material": "辅材"}
"""Kinds of fee lines a card may pay for."""
STARTS = {Starts.AFTER_PRESENT: "现有保修结束后", Starts.NOW: "付款次日"}
KINDS = {PlanKind.WARRANTY: "延保", PlanKind.CARD: "服务卡"}

ANYTHING = Eligibility()


class BadPlan(Refused):
    """A plan that cannot be; the words say why."""

    code = "bad_plan"


@dataclass(frozen=True)
class Terms:
    """What a plan says, as staff write it; see `CoverPlan`."""

    kind: PlanKind
    title: str
    components: tuple[str, ...]
    months: int
    price: Money
    terms: str
    service_type: str = ""
    pays: tuple[str, ...] = ()
    uses: int = 0
    eligibility: Eligibility = ANYTHING
    starts: Starts = Starts.AFTER_PRESENT
    cooling_days: int = 15
    commission_permille: int = 0


def check(uow: UnitOfWork, brand_id: str, wanted: Terms) -> None:
    """:raises BadPlan: with words"""
    if not wanted.title.strip() or not wanted.terms.strip():
        raise BadPlan("请写明名称和条款")
    if not 1 <= wanted.months <= 120 or not ZERO <= wanted.price <= Money(1_000_000_00):
        raise BadPlan("期限要在 1–120 个月之间，价格要在 0–100 万元之间")
    if not 0 <= wanted.cooling_days <= 365 or not 0 <= wanted.commission_permille <= 500:
        raise BadPlan("犹豫期要在 0–365 天之间，提成不超过 50%")
    if wanted.kind is PlanKind.WARRANTY and (
        wanted.uses or not wanted.components or wanted.service_type or wanted.pays
    ):
        raise BadPlan("延保要写明保障的部件，没有次数")
    if wanted.kind is PlanKind.CARD and (not 1 <= wanted.uses <= 99 or wanted.service_type not in SERVICES):
        raise BadPlan("服务卡要有 1–99 次，并写明用于哪种服务")
    if unknown := set(wanted.pays) - set(PAYS):
        raise BadPlan(f"没有这种费用：{'、'.join(sorted(unknown))}")
    if len(set(wanted.components)) != len(wanted.components) or any(not one.strip() for one in wanted.components):
        raise BadPlan("保障的部件不能空着，也不能重复")
    check_eligibility(uow, brand_id, wanted.eligibility)


def check_eligibility(uow: UnitOfWork, brand_id: str, asked: Eligibility) -> None:
    """:raises BadPlan: a category, model or division that is none"""
    if unknown := set(asked.categories) - set(CATEGORIES):
        raise BadPlan(f"没有这个品类：{'、'.join(sorted(unknown))}")
    known = select(func.count()).select_from(Model).where(Model.id.in_(asked.models), Model.brand_id == brand_id)
    if asked.models and uow.session.scalar(known) != len(set(asked.models)):
        raise BadPlan("有的型号不是这个品牌的")
    if any(not re.fullmatch(r"\d{2}(\d{2}(\d{2}(\d{3})?)?)?", one) for one in asked.divisions):
        raise BadPlan("地区要写行政区划代码：省 2 位、市 4 位、区县 6 位、街道 9 位")
    if not 0 <= asked.age_months_max <= 360:
        raise BadPlan("机龄上限要在 0–360 个月之间")


def put_plan(uow: UnitOfWork, brand_id: str, code: str, wanted: Terms, since: date, *, by: Actor) -> CoverPlan:
    """From ``since`` on the plan is this; the version before ends then. The very same again changes nothing.

    :raises BadPlan: it cannot be, is of the past, or a later version is planned already
    """
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_-]{0,29}", code):
        raise BadPlan("代码用字母、数字和横线，最多 30 个")
    uow.get(Brand, brand_id, called="品牌", lock=True)
    check(uow, brand_id, wanted)
    rows = versions(uow, brand_id, code)
    standing = next((one for one in rows if one.since <= since and (one.until is None or since < one.until)), None)
    if standing and said(standing) == wanted:
        return standing
    if since < uow.today and rows:
        raise BadPlan("卖过的方案不能从过去改起，请选今天或以后")
    if any(one.since >= since and (one.until is None or one.until > one.since) for one in rows):
        raise BadPlan("这一天或以后已经排了另一个版本，请先停掉那个版本")
    if standing:
        standing.until = since
        uow.session.flush()
    plan = CoverPlan(
        id=uow.new_id("cp"), brand_id=brand_id, code=code, version=1 + max((one.version for one in rows), default=0),
        kind=wanted.kind, title=wanted.title.strip(), components=list(wanted.components),
        service_type=wanted.service_type, pays=list(wanted.pays), months=wanted.months, uses=wanted.uses,
        price_fen=wanted.price, eligibility=wanted.eligibility.as_json(), starts=wanted.starts,
        cooling_days=wanted.cooling_days, commission_permille=wanted.commission_permille, terms=wanted.terms.strip(),
        since=since, until=None,
    )  # fmt: skip
    uow.session.add(plan)
    uow.session.flush()
    trail.record(
        uow, by, "cover_plan.put", "cover_plan", plan.id, code=code, version=plan.version, since=since.isoformat()
    )
    return plan


def end_plan(uow: UnitOfWork, plan_id: str, until: date, *, by: Actor) -> CoverPlan:
    """It is sold before ``until`` only; what was sold goes on. A version that has not begun is taken back by its own first day.

    :raises BadPlan: in the past, before it began, or later than it ends already
    """
    plan = uow.get(CoverPlan, plan_id, called="这个方案", lock=True)
    if until < max(plan.since, uow.today):
        raise BadPlan("停售日不能早于今天，也不能早于开始日")
    if plan.until is not None and until > plan.until:
        raise BadPlan(f"这个版本到 {plan.until} 已经结束")
    plan.until = until
    uow.session.flush()
    trail.record(uow, by, "cover_plan.end", "cover_plan", plan.id, until=until.isoformat())
    return plan


def versions(uow: UnitOfWork, brand_id: str, code: str) -> Sequence[CoverPlan]:
    """Every version of a plan, the newest first."""
    wanted = select(CoverPlan).filter_by(brand_id=brand_id, code=code).order_by(CoverPlan.version.desc())
    return uow.session.scalars(wanted).all()


def all_plans(uow: UnitOfWork) -> Sequence[CoverPlan]:
    """Every version of every plan: by brand and code, the newest first."""
    order = (CoverPlan.brand_id, CoverPlan.kind.desc(), CoverPlan.code, CoverPlan.version.desc())
    return uow.session.scalars(select(CoverPlan).order_by(*order)).all()


def said(plan: CoverPlan) -> Terms:
    """A row as `Terms`."""
    return Terms(
        plan.kind, plan.title, tuple(plan.components), plan.months, plan.price_fen, plan.terms, plan.service_type,
        tuple(plan.pays), plan.uses, Eligibility.of(plan.eligibility), plan.starts, plan.cooling_days,
        plan.commission_permille,
    )  # fmt: skip


def in_words(wanted: Terms) -> dict[str, str]:
    """Title → words of everything a plan says: for pages, and to compare two versions."""
    asked = wanted.eligibility
    state = {
        (True, True): "仍在保修期内，或 30 天内检测合格",
        (True, False): "仍在保修期内",
        (False, True): "30 天内检测合格",
    }
    return {
        "类型": KINDS[wanted.kind], "名称": wanted.title, "价格": str(wanted.price), "期限": f"{wanted.months} 个月",
        "次数": f"{wanted.uses} 次" if wanted.uses else "",
        "保障": "、".join(COMPONENTS.get(one, one) for one in wanted.components),
        "用于": SERVICES[ServiceType(wanted.service_type)] if wanted.service_type else "",
        "免付": "、".join(PAYS[one] for one in wanted.pays),
        "开始": "付款当天" if wanted.kind is PlanKind.CARD else STARTS[wanted.starts],
        "品类": "、".join(CATEGORIES[one] for one in asked.categories) or "不限",
        "型号": f"{len(asked.models)} 个型号" if asked.models else "不限",
        "机龄": f"不超过 {asked.age_months_max} 个月" if asked.age_months_max else "不限",
        "状况": state.get((asked.needs_warranty, asked.needs_check), "不限"),
        "地区": "、".join(asked.divisions) or "不限", "犹豫期": f"{wanted.cooling_days} 天",
        "提成": f"{wanted.commission_permille / 10:g}%", "条款": wanted.terms,
    }  # fmt: skip


def changes(uow: UnitOfWork, brand_id: str, code: str, wanted: Terms, since: date) -> list[tuple[str, str, str]]:
    """(title, before, after) of what `put_plan` would change; all of it for a new plan."""
    rows = versions(uow, brand_id, code)
    standing = next((one for one in rows if one.since <= since and (one.until is None or since < one.until)), None)
    before, after = in_words(said(standing)) if standing else {}, in_words(wanted)
    return [(title, before.get(title, ""), words) for title, words in after.items() if before.get(title, "") != words]


def sold(uow: UnitOfWork, plan_id: str) -> int:
    """Contracts by this version that came about."""
    wanted = select(func.count()).select_from(Cover).where(Cover.plan_id == plan_id, Cover.bought_at.is_not(None))
    return uow.session.scalar(wanted) or 0
