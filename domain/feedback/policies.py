"""★ Who is called and when, how complaints are kept to their time, who is asked to recommend us, and how an engineer's figure is made.

What is drawn by lot is drawn from the order's id (`share_of`), so that asking twice says the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.access.roles import StaffRole
from domain.work_orders.kinds import ServiceType

OPENS, CLOSES = 8 * 60, 20 * 60
"""Minutes of the day, on working days, between which calls are made and complaints answered: `domain.feedback.hours`."""

# Callbacks


@dataclass(frozen=True)
class Call:
    """Why a customer is called: ``share`` percent of the finished orders of ``services``, ``after`` the end of the work.
    ``only_unrated``: a good rating until then makes the call needless."""

    title: str
    share: int
    after: timedelta
    services: frozenset[ServiceType]
    only_unrated: bool = False


AT_HOME = frozenset({ServiceType.INSTALL, ServiceType.REPAIR, ServiceType.EXCHANGE, ServiceType.MAINTENANCE})
CALLS: Mapping[str, Call] = {
    "low": Call("低分", 0, timedelta(0), AT_HOME),
    "rectified": Call("整改完成", 0, timedelta(hours=4), AT_HOME),
    "installed": Call("新装机", 100, timedelta(hours=24), frozenset({ServiceType.INSTALL}), only_unrated=True),
    "sample": Call("未评价抽样", 20, timedelta(hours=48), AT_HOME, only_unrated=True),
}
"""The first that fits is the reason. ``low`` follows from a rating, ``rectified`` from what the order is."""

CALL_WITHIN = timedelta(hours=72)
"""After the end of the work (requirement H2)."""
MOST_ROUNDS = 3
CLAIM_LASTS = timedelta(minutes=30)
"""A call somebody took and did nothing with is free again."""
RETRY = (timedelta(hours=3), timedelta(hours=20))
"""After the first vain round, and the second."""

RESULTS: Mapping[str, str] = {
    "answered": "接通",
    "no_answer": "未接",
    "later": "改时间再打",
    "refused": "拒绝回访",
}
OUTCOMES: Mapping[str, str] = {
    "satisfied": "满意",
    "dissatisfied": "不满意",
    "refused": "拒绝回访",
    "unreachable": "三次未接通",
    "needless": "不用回访",
}


@dataclass(frozen=True)
class Asked:
    """One question of the call, with answers by code; ``bad`` are those that make the customer dissatisfied."""

    title: str
    answers: Mapping[str, str]
    bad: frozenset[str] = frozenset()


YES_NO = {"yes": "是", "no": "否"}
QUESTIONS: Mapping[str, Asked] = {
    "solved": Asked("问题解决了吗", YES_NO, frozenset({"no"})),
    "on_time": Asked("师傅按约定时间到吗", YES_NO),
    "charged": Asked("收费和事先说的一样吗", {"yes": "一样", "no": "不一样", "free": "没有收费"}, frozenset({"no"})),
    "stars": Asked("总体打几星", {str(n): f"{n} 星" for n in range(5, 0, -1)}, frozenset({"1", "2"})),
}

# Complaints

ANSWER_WITHIN = timedelta(hours=12)
"""Of working time: one working day."""
ESCALATE_EVERY = timedelta(hours=4)
"""Of working time, once the deadline is past."""
ESCALATE_TO: Sequence[StaffRole] = (StaffRole.MANAGER, StaffRole.ADMINISTRATOR)
REOPEN_WITHIN = timedelta(days=15)

KINDS: Mapping[str, str] = {
    "quality": "维修质量",
    "late": "时效",
    "manner": "服务态度",
    "price": "收费",
    "product": "产品质量",
    "other": "其他",
}
HINTS: Mapping[str, Sequence[str]] = {
    "price": ("收费", "收了", "多收", "乱收", "发票", "要钱", "价格", "退钱", "退款"),
    "late": ("等了", "等到", "没人来", "没有人来", "没有人打", "没来", "迟到", "拖", "几天", "一直不来", "爽约"),
    "manner": ("态度", "骂", "不耐烦", "凶", "素质", "吼"),
    "quality": ("没修好", "修坏", "又坏", "弄坏", "损坏", "没装好", "漏水"),
    "product": ("质量", "新机", "刚买", "退货", "换货"),
}
"""Words by which a complaint's kind is guessed; whoever owns it may say otherwise."""
ENDS: Mapping[str, str] = {
    "resolved": "已解决",
    "compensated": "已补偿",
    "explained": "已解释，客户接受",
    "unfounded": "不属实",
    "withdrawn": "客户撤回",
}
SOURCES: Mapping[str, str] = {
    "chat": "公众号",
    "page": "页面",
    "console": "客服登记",
    "rating": "差评",
    "callback": "回访",
}


def kind_of(words: str) -> str:
    """What a complaint is about, guessed from its words."""
    return next((kind for kind, hints in HINTS.items() if any(hint in words for hint in hints)), "other")


# NPS

SURVEY_SHARE = 20
"""Percent of the finished orders."""
SURVEY_AFTER = timedelta(days=7)
SURVEY_ONCE_IN = timedelta(days=90)
SURVEY_OPEN_FOR = timedelta(days=14)
PROMOTER, DETRACTOR = 9, 6
"""From this score on, and up to this one."""

# An engineer's figure

COUNTED = timedelta(days=365)
PRIOR, PRIOR_WEIGHT = 450, 8
"""Hundredths of stars, and of how many ratings' weight: what stands for those not given yet."""


def figure(weighed: Sequence[tuple[int, int]]) -> int:
    """An engineer's figure in hundredths of stars, from (stars, share in percent): the Bayesian mean, rounded half up."""
    weight = 100 * PRIOR_WEIGHT + sum(share for _, share in weighed)
    total = 100 * PRIOR_WEIGHT * PRIOR + sum(100 * stars * share for stars, share in weighed)
    return (2 * total + weight) // (2 * weight)


def share_of(what: str, key: str) -> int:
    """0 … 99, the same for ever for one thing and key: a lot that can be drawn again."""
    return int.from_bytes(hashlib.sha256(f"{what}\0{key}".encode()).digest()[:8], "big") % 100


def call_for(order_id: str, service: ServiceType, *, rectifies: bool) -> str:
    """Why this finished order is called about: a key of `CALLS`, "" when it is not."""
    if rectifies:
        return "rectified"
    fitting = (
        code
        for code, call in CALLS.items()
        if service in call.services and share_of(f"call {code}", order_id) < call.share
    )
    return next(fitting, "")
