"""Why dispatch decided as it did, in plain lines for the console. Reads what was stored; nothing is worked out anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.access.model import Staff
from domain.dispatch.model import Decision
from domain.dispatch.reasons import REASSIGN, WAITING
from domain.engineers.model import Engineer
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork

WHY: Mapping[str, str] = {
    "opened": "工单受理", "urged": "客户催单", "changed": "工单修改", "refused": "工程师拒单", "expired": "工程师没有及时答复",
    "again": "再次尝试", "booked": "客户约了时间", "given_up": "客户取消预约", "forgotten": "系统巡检", "manual": "人工派单",
    "rebooked": "客户改约", "fail": "上门失败", "withdraw": "撤回派单", "unschedule": "取消预约", "resume": "恢复服务",
    "revisit": "再次上门", "schedule": "预约上门",
}  # fmt: skip
"""What made a decision be taken, as `Decision.why` has it."""


@dataclass(frozen=True)
class Explained:
    """One decision in words: when and why it was taken, by whom, what came of it, and a line for every candidate."""

    decision_id: str
    at: datetime
    title: str
    lines: Sequence[str]


def explain(uow: UnitOfWork, order_id: str, *, most: int = 10) -> list[Explained]:
    """The decisions about an order, newest first. Engineers' names are in it: for whoever may see the order. Those out of sight
    are left out."""
    found = select(Decision).where(Decision.work_order_id == order_id).order_by(Decision.at.desc(), Decision.id.desc())
    decisions = uow.session.scalars(found.limit(most)).all()
    ids = {line["engineer_id"] for decision in decisions for line in decision.considered}
    ids |= {decision.engineer_id for decision in decisions if decision.engineer_id}
    rows = uow.session.execute(select(Engineer.id, Engineer.name).where(Engineer.id.in_(ids)))
    names = {row.id: row.name for row in rows}
    return [explained(uow, decision, names) for decision in decisions]


def explained(uow: UnitOfWork, decision: Decision, names: Mapping[str, str]) -> Explained:
    at = decision.at.astimezone(SHANGHAI)
    came = outcome(decision, names.get(decision.engineer_id or "", "其他服务商的工程师"))
    title = f"{at:%m-%d %H:%M} {why_words(decision.why)}，{who(uow, decision.by)}：{came}"
    lines = [candidate(line, names) for line in decision.considered if line["engineer_id"] in names]
    if decision.override:
        lines.insert(0, f"强制派单的理由：{decision.override}")
    return Explained(decision.id, decision.at, title, lines)


def why_words(why: str) -> str:
    head, _, code = why.partition(":")
    if head == "reassigned":
        return f"改派（{REASSIGN[code].words if code in REASSIGN else code}）"
    return WHY.get(why, why)


def who(uow: UnitOfWork, by: str) -> str:
    role, _, id_ = by.partition(":")
    staff = uow.session.get(Staff, id_) if role == "staff" else None
    return staff.display_name if staff else "系统"


def outcome(decision: Decision, name: str) -> str:
    if decision.outcome == "offered":
        return f"询问{name}"
    return f"派给{name}" if decision.outcome == "assigned" else WAITING.get(decision.outcome, decision.outcome)


def candidate(line: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """李强：不行——没有燃气具安装维修证书（规则 certificate）; 王伟：78.5 分——路上多花 8 分钟（+21.7）、…"""
    name = names[line["engineer_id"]]
    if line["objections"]:
        words = "；".join(f"{one['words']}（规则 {one['code']}）" for one in line["objections"])
        return f"{name}：不行——{words}"
    points = "、".join(f"{one['words']}（+{one['points']:g}）" for one in line["points"])
    return f"{name}：{line['score']:g} 分——{points}{when(line)}"


def when(line: Mapping[str, Any]) -> str:
    if not line.get("window"):
        return ""
    since, until = (datetime.fromisoformat(at).astimezone(SHANGHAI) for at in line["window"])
    return f"；{since:%m-%d %H:%M}–{until:%H:%M}"
