"""The audit trail as the administrators read it, with names for ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from console.asked import day_asked
from domain.access.queries import TrailSearch, names_of, search_trail, staff_list
from domain.kit.unit_of_work import UnitOfWork
from domain.work_orders.numbers import read_number
from domain.work_orders.queries import by_number
from domain.work_orders.search import midnight

ACTIONS = {
    "order.view": "查看工单", "order.open": "开单", "order.report": "并入报修", "order.change": "修改工单",
    "order.cancel": "取消工单", "order.": "工单（全部动作）", "visit.": "上门（全部动作）", "customer.view": "查看客户",
    "product.": "产品（全部动作）", "product.view": "查看产品", "personal.reveal": "查看隐私信息", "desk.": "待办（全部动作）",
    "staff.": "员工（全部动作）", "staff.sign_in": "登录", "staff.sign_in_failed": "登录失败", "staff.locked": "账号锁定",
    "message.retry": "重发消息", "reaction.retry": "重试死信", "privacy.consent": "同意隐私声明",
    "contact.unfollow": "取消关注", "contact.revoke": "撤回授权",
}  # fmt: skip
"""What can be picked in the filter. An action ending in a dot means all that begin so."""


@dataclass(frozen=True)
class TrailLine:
    at: datetime
    actor: str
    who: str
    action: str
    subject_kind: str
    subject_id: str
    why: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class TrailSeen:
    lines: Sequence[TrailLine]
    after: tuple[datetime, int] | None


def trail_asked(uow: UnitOfWork, fields: Mapping[str, str]) -> TrailSearch:
    """The search somebody filled in: ``who`` a user name or an actor, ``what`` an order number or an id.

    :raises BadFilter: a day that is none
    """
    what = fields.get("what", "").strip()
    number = read_number(what)
    if number and (order := by_number(uow, number)):
        what = order.id
    until = day_asked(fields.get("until", ""))
    since = day_asked(fields.get("since", ""))
    return TrailSearch(
        actor=actor_called(uow, fields.get("who", "").strip()),
        action=fields.get("action", "").strip(),
        subject_id=what,
        since=midnight(since) if since else None,
        until=midnight(until + timedelta(days=1)) if until else None,
    )


def actor_called(uow: UnitOfWork, name: str) -> str:
    """``staff:st_…`` for a user name or a display name; anything else as it is."""
    for one in staff_list(uow):
        if name and name in (one.username, one.display_name):
            return f"staff:{one.id}"
    return name


def look_at_trail(uow: UnitOfWork, search: TrailSearch, after: tuple[datetime, int] | None = None) -> TrailSeen:
    """A page of the trail, newest first."""
    page = search_trail(uow, search, after=after)
    names = names_of(uow, [entry.actor for entry in page.entries])
    lines = [
        TrailLine(
            entry.at, entry.actor, names.get(entry.actor, ""), entry.action, entry.subject_kind, entry.subject_id,
            entry.why, entry.detail,
        )
        for entry in page.entries
    ]  # fmt: skip
    return TrailSeen(lines, page.after)
