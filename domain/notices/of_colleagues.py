"""★ What engineers are told by text message, and the staff by the pager. Part of `domain.notices.notices`."""

from __future__ import annotations

from collections.abc import Mapping

from domain.access.roles import StaffRole
from domain.notices.rows import NOW, Notice, for_engineer, for_staff

OFFERED = for_engineer(
    "offer.asked", "询问工程师", "待接单",
    "新工单{number}：{service}，{place}，{window}。请在{until}前致电网点{station}接单或拒单，逾期转派他人。",
    "offer:{offer}", urgency=NOW,
)  # fmt: skip
TAKEN_AWAY = for_engineer(
    "visit.taken_away",
    "改派告知",
    "已改派",
    "工单{number}（{window}）已改派他人，您不用再去。",
    "taken:{visit}:{engineer_id}:{line}",
)
ANSWERED: Mapping[str, Notice] = {
    "agreed": for_engineer("change.agreed", "客户同意改约", "已改约", "工单{number}：客户同意改约，上门时间改为{wanted}。", "answered:{change}:{how}"),
    "declined": for_engineer("change.declined", "客户不同意改约", "时间不变", "工单{number}：客户不同意改约，仍按{window}上门。", "answered:{change}:{how}"),
    "unconfirmed": for_engineer(
        "change.silent", "客户未答复改约", "时间不变", "工单{number}：改约没有得到客户答复，仍按{window}上门，请与网点联系。", "answered:{change}:{how}"
    ),
}  # fmt: skip


NOBODY = for_staff(
    "dispatch.nobody",
    "派不出去",
    "工单 {number} 没有派出去：{reason}。请到调度台处理。",
    "nobody:{order}:{since}",
    StaffRole.DISPATCHER,
)
UNANSWERED = for_staff(
    "change.to_dispatcher", "改约未答复", "工单 {number} 的改约没有得到客户答复，仍按原时间。请联系客户。", "to_dispatcher:{change}",
    StaffRole.DISPATCHER,
)  # fmt: skip

ESCALATED = for_staff(
    "clock.escalated",
    "时效升级",
    "工单 {number} 的{clock}已跳闸，请处理。",
    "escalated:{clock}:{role}",
    StaffRole.MANAGER,
)
