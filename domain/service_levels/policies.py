"""★ What is promised, what starts, meets and ends each promise, and what may stop the clock meanwhile.

A further promise is a row of `CLOCKS` and one of `DEFAULTS`; a further reason to pause, or one that explicitly is none,
a row of `PAUSES`. How long each may take is data: the dated policies of `domain.service_levels.model.Policy`.

What happens to an order is named by short words: ``opened``, ``urged``, ``contacted`` (written down by staff),
``order.<move>``, ``visit.<move>``, ``appointment.booked``, ``appointment.given_up``, ``customer.later``
(another appointment, later or earlier by so much), ``customer.wish`` (a day named when reporting), ``change.asked``, ``change.<answer>``, ``nobody_fits``,
``quote.asked``, ``quote.answered``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from domain.access.roles import StaffRole
from domain.work_orders.kinds import ServiceType

INSTALL, REPAIR, EXCHANGE, MAINTENANCE, COMPLAINT, CONSULTATION = ServiceType
ANY = frozenset(ServiceType)
AT_HOME = frozenset({INSTALL, REPAIR, EXCHANGE, MAINTENANCE})

SPOKEN = frozenset({"contacted", "appointment.booked", "order.schedule", "order.start", "order.finish", "order.guide"})
"""Somebody, or the chat, has settled something with the customer."""
TAKEN = frozenset({"visit.accept", "visit.check_in"}) | (SPOKEN - {"contacted"})
"""An engineer will come, or a time is promised."""


@dataclass(frozen=True)
class Promise:
    """One clock: for these services it starts at one of ``starts`` and is over at one of ``meets`` or ``voids``."""

    title: str
    sentence: str
    services: Collection[ServiceType]
    starts: Collection[str]
    meets: Collection[str]
    voids: Collection[str]
    by_hand: bool = False
    """Staff may write down that it is done; else only what really happens meets it."""


CLOCKS: Mapping[str, Promise] = {
    "first_contact": Promise(
        "首次联系", "受理后多久必须与客户说好下一步", ANY,
        starts={"opened"}, meets=SPOKEN, voids={"order.cancel"}, by_hand=True,
    ),
    "respond": Promise(
        "响应", "受理后多久必须有工程师接单或约好上门时间", AT_HOME,
        starts={"opened"}, meets=TAKEN, voids={"order.cancel"},
    ),
    "repair": Promise(
        "修复", "受理后多久必须修好", {REPAIR, EXCHANGE},
        starts={"opened"}, meets={"order.finish"}, voids={"order.cancel", "order.guide"},
    ),
    "install": Promise(
        "安装保养完成", "受理后多久必须装好或做完保养", {INSTALL, MAINTENANCE},
        starts={"opened"}, meets={"order.finish"}, voids={"order.cancel", "order.guide"},
    ),
    "answer": Promise(
        "投诉咨询答复", "投诉和咨询受理后多久必须给出处理结果", {COMPLAINT, CONSULTATION},
        starts={"opened"}, meets={"order.guide", "order.finish"}, voids={"order.cancel"}, by_hand=True,
    ),
    "urge": Promise(
        "催单答复", "客户催单后多久必须有人联系或有工程师动身", ANY,
        starts={"urged"}, meets=SPOKEN | {"visit.accept", "visit.depart", "visit.check_in"}, voids={"order.cancel"},
        by_hand=True,
    ),
    "callback": Promise(
        "回访", "完工后多久必须回访客户", AT_HOME,
        starts={"order.finish", "order.guide"}, meets=(), voids={"order.send_back", "order.reopen"}, by_hand=True,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """Why a clock might stand still. ``may`` False: it runs on, and its history says what happened.

    It begins by itself at one of ``begins`` and ends at one of ``ends``, by hand, or after ``longest`` at the latest, so
    that no clock is forgotten.
    """

    title: str
    may: bool
    words: str
    """Why it may, or what is said to somebody who tries although it may not."""
    begins: Collection[str] = ()
    ends: Collection[str] = ()
    longest: timedelta = timedelta()


PAUSES: Mapping[str, Reason] = {
    "customer_later": Reason(
        "客户要求延后", True, "客户自己要更晚的时间；只停到客户要的时间",
        begins={"customer.later", "customer.wish"}, ends={"visit.check_in", "order.start"}, longest=timedelta(days=60),
    ),
    "waiting_part": Reason(
        "待件", True, "配件不在手，等到货", begins={"order.wait_part"}, ends={"order.resume"}, longest=timedelta(days=15),
    ),
    "quote": Reason(
        "等客户确认报价", True, "报价已发给客户，答复前不能开始；最多停到报价失效", begins={"quote.asked"}, ends={"quote.answered"},
        longest=timedelta(hours=24),
    ),
    "unreachable": Reason(
        "联系不上客户", True, "须写明何时打过几次；联系上了就继续", ends={"contacted", "appointment.booked"},
        longest=timedelta(days=3),
    ),
    "not_home": Reason(
        "上门时客户不在", True, "工程师按约到了，客户不在家；改约好就继续", begins={"sheet.absent"},
        ends={"contacted", "appointment.booked", "customer.ready"}, longest=timedelta(days=3),
    ),
    "no_access": Reason(
        "现场条件不具备", True, "客户家的电源、管道、墙面等还不能施工", begins={"sheet.blocked"},
        ends={"appointment.booked", "customer.ready"}, longest=timedelta(days=15),
    ),
    "force_majeure": Reason(
        "台风暴雨等不可抗力", True, "以当地预警或交通管制为准", longest=timedelta(days=3),
    ),
    "no_engineer": Reason(
        "没有可派的工程师", False, "人手不够不是客户的原因，时钟继续走", begins={"nobody_fits"},
    ),
    "reassigned": Reason(
        "换了工程师", False, "换人不能停时钟", begins={"visit.reassign"},
    ),
    "engineer_change": Reason(
        "工程师申请改约，客户未同意", False, "客户同意之前原约定有效，时钟继续走",
        begins={"change.asked", "change.unconfirmed", "change.declined"},
    ),
    "engineer_changed": Reason(
        "工程师改约，客户已同意", False, "是我们要改的，客户同意也不停时钟", begins={"change.agreed"},
    ),
    "system": Reason("系统或线路故障", False, "我们自己的故障不能停时钟"),
}  # fmt: skip

BEYOND = frozenset({"customer.wish"})
"""These pause only where the time wished for lies beyond the end: else the promise can be kept all the same."""

FINISHING = ("customer_later", "waiting_part", "quote", "unreachable", "not_home", "no_access", "force_majeure")
REACHING = ("unreachable", "force_majeure")


@dataclass(frozen=True)
class Default:
    """A policy the program comes with; fields as in `domain.service_levels.model.Policy`."""

    clock: str
    minutes: int
    warn_minutes: int
    escalate_to: Sequence[str]
    escalate_minutes: int
    pauses: Sequence[str]
    working: bool = False
    customer_level: str = ""
    opens: int = 480
    closes: int = 1200


AGENT, DISPATCHER, MANAGER = str(StaffRole.AGENT), str(StaffRole.DISPATCHER), str(StaffRole.MANAGER)

DEFAULTS: Sequence[Default] = (
    #       clock            minutes warn  told, one after the other      every  may pause
    Default("first_contact", 30,     10,   (AGENT, DISPATCHER, MANAGER),  30,    REACHING, working=True),
    Default("first_contact", 15,     5,    (AGENT, DISPATCHER, MANAGER),  15,    REACHING, working=True, customer_level="vip"),
    Default("respond",       1440,   240,  (DISPATCHER, MANAGER),         120,   REACHING),
    Default("respond",       720,    120,  (DISPATCHER, MANAGER),         60,    REACHING, customer_level="vip"),
    Default("repair",        2880,   480,  (DISPATCHER, MANAGER),         240,   FINISHING),
    Default("install",       4320,   720,  (DISPATCHER, MANAGER),         240,   FINISHING),
    Default("answer",        2880,   480,  (AGENT, MANAGER),              240,   REACHING),
    Default("urge",          60,     15,   (DISPATCHER, MANAGER),         60,    REACHING, working=True),
    Default("callback",      4320,   720,  (AGENT, MANAGER),              720,   REACHING),
)  # fmt: skip
"""Requirement E1: first contact ≤ 30 minutes, respond ≤ 24 h, repair ≤ 48 h, callback ≤ 72 h."""


class Terms(Protocol):
    """What choosing needs of a policy."""

    brand_id: str
    service_type: str
    customer_level: str
    division_code: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Facts:
    """What choosing needs of an order. ``day`` is Shanghai's, when the clock started."""

    brand_id: str
    service_type: str
    customer_level: str
    division_code: str
    day: date


def fits(terms: Terms, facts: Facts) -> bool:
    """Every selector that is said agrees, and it is in force that day; ``until`` is exclusive."""
    return (
        terms.brand_id in ("", facts.brand_id)
        and terms.service_type in ("", facts.service_type)
        and terms.customer_level in ("", facts.customer_level)
        and facts.division_code.startswith(terms.division_code)
        and terms.since <= facts.day
        and (terms.until is None or facts.day < terms.until)
    )


def weight(terms: Terms) -> tuple[int, bool, int, bool, bool, date]:
    """How much a policy says. More selectors win; then the customer's level, the smaller place, the service, the brand;
    of two that say the same the newer one."""
    said = [terms.customer_level, terms.division_code, terms.service_type, terms.brand_id]
    return (
        sum(map(bool, said)), bool(terms.customer_level), len(terms.division_code), bool(terms.service_type),
        bool(terms.brand_id), terms.since,
    )  # fmt: skip
