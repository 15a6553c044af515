"""Keeping the policies: a new one is a new dated row, the one before it is ended; running clocks keep theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select

from domain.access import trail
from domain.access.roles import StaffRole
from domain.calendar.working_time import Hours
from domain.kit.actors import Actor
from domain.kit.errors import Refused
from domain.kit.scope import Scope, scope_of
from domain.kit.unit_of_work import UnitOfWork
from domain.service_levels.model import Policy
from domain.service_levels.policies import CLOCKS, DEFAULTS, PAUSES

LONGEST = 60 * 24 * 90
"""Minutes a promise may take: a quarter of a year."""


class BadPolicy(Refused):
    """The policy cannot be; nothing was changed."""

    code = "bad_policy"


class OthersToo(BadPolicy):
    """The policy would hold for more than whoever keeps it sees."""

    code = "others_too"


@dataclass(frozen=True)
class Wanted:
    """A policy as somebody wants it; fields as in `Policy`."""

    clock: str
    minutes: int
    warn_minutes: int
    since: date
    brand_id: str = ""
    service_type: str = ""
    customer_level: str = ""
    division_code: str = ""
    working: bool = False
    opens: int = 480
    closes: int = 1200
    escalate_to: Sequence[str] = ()
    escalate_minutes: int = 120
    pauses: Sequence[str] = ()


def put_policy(uow: UnitOfWork, wanted: Wanted, *, by: Actor) -> Policy:
    """From ``wanted.since`` on this is the policy for its selectors; the present one ends on that day.

    :raises BadPolicy: it cannot be, begins in the past, or another begins later for the same selectors
    :raises OthersToo: it would hold for more than whoever asks has
    """
    check(wanted)
    own_only(uow, wanted.brand_id)
    if wanted.since < uow.today:
        raise BadPolicy("生效日期不能早于今天：已经开始的时钟按当时的标准走")
    present = same_selectors(uow, wanted)
    if present and present[-1].since > wanted.since:
        raise BadPolicy(f"已有一条 {present[-1].since:%Y-%m-%d} 起生效的标准，请先结束它")
    for old in present:
        end(uow, old, wanted.since, by=by)
    values = asdict(wanted) | {"escalate_to": list(dict.fromkeys(wanted.escalate_to)), "pauses": list(wanted.pauses)}
    policy = Policy(id=uow.new_id("sl"), until=None, **values)
    uow.session.add(policy)
    uow.session.flush()
    trail.record(uow, by, "policy.put", "service_level", policy.id, clock=policy.clock, minutes=policy.minutes)
    return policy


def end_policy(uow: UnitOfWork, policy_id: str, day: date, *, by: Actor) -> Policy:
    """It does not hold from this day on; clocks that run keep it.

    :raises BadPolicy: the day is past, or nothing would be left for orders no other policy fits
    :raises OthersToo: it holds for more than whoever asks has
    """
    policy = uow.get(Policy, policy_id, called="这条时效标准", lock=True)
    own_only(uow, policy.brand_id)
    if day < uow.today:
        raise BadPolicy("结束日期不能早于今天")
    if policy.until is not None and policy.until <= day:
        raise BadPolicy("这条标准已经结束")
    if not (policy.brand_id or policy.service_type or policy.customer_level or policy.division_code):
        raise BadPolicy("通用标准不能直接结束，请新建一条来代替")
    end(uow, policy, day, by=by)
    return policy


def end(uow: UnitOfWork, policy: Policy, day: date, *, by: Actor) -> None:
    policy.until = max(day, policy.since)
    uow.session.flush()
    trail.record(uow, by, "policy.end", "service_level", policy.id, clock=policy.clock, until=policy.until.isoformat())


def same_selectors(uow: UnitOfWork, wanted: Wanted) -> Sequence[Policy]:
    """The policies for exactly these selectors that have not ended by then, oldest first. One who keeps them at a time."""
    one_keeper(uow, wanted.clock)
    found = select(Policy).filter_by(
        clock=wanted.clock, brand_id=wanted.brand_id, service_type=wanted.service_type,
        customer_level=wanted.customer_level, division_code=wanted.division_code,
    )  # fmt: skip
    still = found.where(Policy.until.is_(None) | (Policy.until > wanted.since))
    return uow.session.scalars(still.order_by(Policy.since, Policy.id)).all()


def own_only(uow: UnitOfWork, brand_id: str) -> None:
    """Somebody who sees one brand keeps that brand's policies; whose people one sees by provider, none.

    :raises OthersToo: the policy would hold, or holds, for others too
    """
    scope = scope_of(uow.session)
    if not scope.is_all and scope != Scope(brand_id=brand_id):
        raise OthersToo("您只能维护自己品牌的时效标准，请选择您的品牌")


def one_keeper(uow: UnitOfWork, what: str) -> None:
    """Whoever comes second waits for the one before to commit."""
    uow.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"policy {what}", 0))))


def check(wanted: Wanted) -> None:
    """:raises BadPolicy: see there"""
    if wanted.clock not in CLOCKS:
        raise BadPolicy("没有这种时钟")
    if not 1 <= wanted.minutes <= LONGEST:
        raise BadPolicy("时限应为 1 分钟到 90 天")
    if not 0 <= wanted.warn_minutes < wanted.minutes:
        raise BadPolicy("预警应早于时限，且不早于开始")
    try:
        Hours(wanted.opens, wanted.closes)
    except ValueError as error:
        raise BadPolicy("工作时间的开始应早于结束") from error
    if wanted.service_type and wanted.service_type not in {str(one) for one in CLOCKS[wanted.clock].services}:
        raise BadPolicy(f"{CLOCKS[wanted.clock].title}不用于这种服务")
    if unknown := set(wanted.escalate_to) - set(StaffRole):
        raise BadPolicy(f"没有这个角色：{'、'.join(sorted(unknown))}")
    if not 1 <= wanted.escalate_minutes <= LONGEST:
        raise BadPolicy("升级间隔应为 1 分钟到 90 天")
    if forbidden := [code for code in wanted.pauses if code not in PAUSES or not PAUSES[code].may]:
        raise BadPolicy(f"这些原因不能暂停时钟：{'、'.join(PAUSES[c].title if c in PAUSES else c for c in forbidden)}")
    if wanted.division_code and not wanted.division_code.isdecimal():
        raise BadPolicy("地区要写行政区划代码")


def put_defaults(uow: UnitOfWork, since: date | None = None) -> int:
    """The policies the program comes with, for every clock that has none yet, from today on: what was opened before keeps
    having no clocks. Returns how many were put."""
    one_keeper(uow, "defaults")
    present = set(uow.session.scalars(select(Policy.clock).distinct()))
    missing = [one for one in DEFAULTS if one.clock not in present]
    for one in missing:
        values = asdict(one) | {"escalate_to": list(one.escalate_to), "pauses": list(one.pauses)}
        uow.session.add(Policy(id=uow.new_id("sl"), since=since or uow.today, **values))
    uow.session.flush()
    return len(missing)
