"""★ What people are told: about what, whom, in which words, by which channels, and how soon. To change it, change a row.
What is said of service sheets is in `domain.notices.of_sheets`, what a row holds in `domain.notices.rows`.

In the words ``{number}`` is the order's number as one reads it out, ``{service}`` 维修, 安装 …, ``{hotline}`` the brand's number,
``{brand}`` its name, ``{engineer}`` 李师傅（工号 1024）, ``{window}`` the time that holds, ``{wanted}`` the time asked for,
``{link}`` the page to answer on, ``{fields}`` what was corrected, ``{place}`` the street, ``{until}`` until when to answer,
``{parts}`` the parts waited for, ``{put_right}`` what the customer has to see to, ``{finding}`` of an appraisal.

``state`` (up to five characters) and ``tip`` (up to twenty) are what a template message has besides number and time.
A text message begins with 【brand】 by itself. Service messages only: marketing may never come this way
(wechat-protocol §9.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.access.roles import StaffRole
from domain.notices import of_sheets
from domain.notices.channels import Purpose
from domain.notices.rows import BY_ALL, NOW, SOON, Notice, for_engineer, for_staff, of_order

OPENED = of_order(
    "open", "已受理", "我们会尽快安排上门",
    "客服已为您登记{service}工单 {number}，我们会尽快安排。想知道进度，直接在这里问就可以。",
    by=BY_ALL, sms="已为您登记{service}工单{number}，我们会尽快安排。客服电话{hotline}。",
)  # fmt: skip

TIMES = ("appointment.", "change.")
"""Names of what is about a time: void once the time is."""

ORDER_MOVES: Mapping[str, Notice] = {
    "schedule": of_order(
        "schedule", "已安排", "师傅会提前联系，请保持电话畅通",
        "您的{service}工单 {number} 已安排上门，师傅会提前与您联系，请保持电话畅通。",
    ),
    "unschedule": of_order(
        "unschedule", "时间取消", "原定上门已取消，会尽快重新安排",
        "您的{service}工单 {number} 原定的上门时间已取消，我们会尽快为您重新安排。",
        by=BY_ALL, urgency=SOON, instead=TIMES, must=True,
        sms="您的{service}工单{number}原定的上门时间已取消，我们会尽快重新安排。客服{hotline}。",
    ),
    "wait_part": of_order(
        "wait_part", "等待配件", "配件已在准备，到货后联系您上门",
        "您的{service}工单 {number} 需要更换配件，配件已在准备，到货后会联系您再次上门。",
    ),
    "resume": of_order(
        "resume", "配件已到", "已重新安排上门，请保持电话畅通",
        "您的{service}工单 {number} 所需配件已到，已重新安排上门，请保持电话畅通。",
    ),
    "revisit": of_order(
        "revisit", "再次上门", "还需再上门一次，会尽快约时间",
        "您的{service}工单 {number} 还需要再上门一次，我们会尽快与您约时间。",
    ),
    "finish": of_order(
        "finish", "已完工", "如还有问题，请在公众号里告诉我们",
        "您的{service}工单 {number} 已完工，感谢您的耐心。如还有问题，直接在这里告诉我们。",
    ),
    "guide": of_order(
        "guide", "已解决", "如再次出现，请在公众号里告诉我们",
        "您的{service}工单 {number} 已按指导解决并结束。如问题再次出现，直接在这里告诉我们。",
    ),
    "cancel": of_order(
        "cancel", "已取消", "如有疑问，请联系客服",
        "您的{service}工单 {number} 已取消。如有疑问，请回复“人工”，或拨打 {hotline}。",
        by=BY_ALL, urgency=SOON, instead=TIMES, must=True,
        sms="您的{service}工单{number}已取消。如有疑问请拨打{hotline}。",
    ),
}  # fmt: skip

SOMEBODY_COMES = Notice(
    "order.visit.accept", "您的{service}工单 {number} 已有师傅接单：{engineer}。师傅会提前与您联系，请保持电话畅通。",
    "who:{visit}:{engineer_id}", state="已接单", tip="师傅会提前联系，请保持电话畅通",
)  # fmt: skip
"""Where no time was promised yet."""

VISIT_MOVES: Mapping[str, Notice] = {
    "accept": Notice(
        "order.visit.accept",
        "您的{service}工单 {number} 已有师傅接单：{engineer}。上门时间：{window}，师傅会提前与您联系，请保持电话畅通。",
        "who:{visit}:{engineer_id}", purpose=Purpose.APPOINTMENT, state="已接单", tip="请保持电话畅通",
    ),
    "depart": Notice(
        "order.visit.depart", "您的{service}工单 {number}：{engineer}已出发，正在前往您家。",
        "depart:{visit}:{engineer_id}", by=BY_ALL, urgency=NOW, purpose=Purpose.APPOINTMENT, state="师傅已出发",
        tip="师傅已出发，请保持电话畅通", instead=TIMES,
        sms="{engineer}已出发，正在前往您家，请保持电话畅通。工单{number}。",
    ),
    "fail": of_order(
        "visit.fail", "未成行", "师傅未能上门，会重新与您约时间",
        "您的{service}工单 {number}：师傅这次没能完成上门，我们会尽快与您重新约时间。",
        by=BY_ALL, urgency=SOON, instead=TIMES, must=True,
        sms="您的{service}工单{number}：师傅这次没能完成上门，我们会尽快重新约时间。客服{hotline}。",
    ),
}  # fmt: skip

SILENT = {
    "order": {"start", "reopen", "audit", "send_back", "settle"},
    "visit": {"check_in", "finish", "reopen", "withdraw", "reassign"},
}
"""Moves the customer is not told of: our own affairs, or what the customer sees at home."""

CHANGED = of_order(
    "change", "已更正", "资料已更正，如有不对请联系客服",
    "您的{service}工单 {number} 已更正：{fields}。如有不对，请回复“人工”，或拨打 {hotline}。",
)  # fmt: skip

FIELDS: Mapping[str, str] = {
    "contact_name": "联系人",
    "phone": "联系电话",
    "address": "上门地址",
    "wanted_time": "期望时间",
    "words": "问题描述",
}
"""Corrected fields the customer is told of, by name only: the values are personal and may be on somebody's screen."""


def appointment(name: str, state: str, tip: str, words: str, key: str, **more: object) -> Notice:
    """One about the time somebody comes."""
    told = {"by": BY_ALL, "purpose": Purpose.APPOINTMENT, "instead": TIMES, "must": True} | more
    return Notice(f"appointment.{name}", words, key, state=state, tip=tip, **told)  # type: ignore[arg-type]


BOOKED = appointment(
    "booked", "已预约", "如需改时间，请在公众号里告诉我们",
    "您的{service}工单 {number} 已约好：{window}，{engineer}上门。要改时间，直接在这里说。",
    "booked:{appointment}",
    sms="您的{service}工单{number}已约好：{window}，{engineer}上门。改时间请拨{hotline}。",
)  # fmt: skip
REBOOKED = appointment(
    "changed", "已改约", "上门时间已改，请留意",
    "您的{service}工单 {number} 上门时间已改为：{window}，{engineer}上门。要再改，直接在这里说。",
    "booked:{appointment}", urgency=SOON,
    sms="您的{service}工单{number}上门时间已改为：{window}，{engineer}上门。如有疑问请拨{hotline}。",
)  # fmt: skip
REMINDER = appointment(
    "reminder", "上门提醒", "请留人在家，保持电话畅通",
    "提醒您：{window}，{engineer}上门，为您{service}（工单 {number}）。家里请留人，电话请保持畅通；要改时间，直接在这里说。",
    "reminder:{appointment}", instead=("appointment.reminder",), must=False,
    sms="提醒：{window}{engineer}上门{service}，请留人在家。改时间请拨{hotline}。",
)  # fmt: skip
OTHER_ENGINEER = appointment(
    "engineer", "换了师傅", "改由另一位师傅上门，时间不变",
    "您的{service}工单 {number}：原定的师傅临时有变动，改由{engineer}上门，时间不变：{window}。",
    "who:{visit}:{engineer_id}", urgency=SOON, instead=("appointment.engineer",), must=False,
    sms="您的{service}工单{number}改由{engineer}上门，时间不变：{window}。",
)  # fmt: skip

QUESTION = Notice(
    "change.asked",
    "您的{service}工单 {number} 原约 {window} 上门，师傅想改到 {wanted}。您看可以吗？请回复“可以”或“不行”，也可以点这里回答：{link}\n"
    "您没有同意之前，仍按原来的时间。",
    "change.asked:{change}", by=BY_ALL, purpose=Purpose.QUESTION, state="改约待确认", tip="师傅想改时间，请点开回答是否可以",
    instead=("change.",), must=True,
    sms="您的{service}工单{number}原约{window}，师傅想改到{wanted}，您看可以吗？请点开回答：{link}",
)  # fmt: skip
UNCONFIRMED = Notice(
    "change.unconfirmed",
    "改时间的事没有等到您的答复，您的{service}工单 {number} 仍按原来的时间：{window}。",
    "change.unconfirmed:{change}", by=BY_ALL, purpose=Purpose.APPOINTMENT, state="时间不变", tip="未收到答复，仍按原时间上门",
    instead=("change.",), sms="您的{service}工单{number}改时间未收到答复，仍按原时间：{window}。",
)  # fmt: skip
WITHDRAWN = Notice(
    "change.withdrawn",
    "您的{service}工单 {number} 不用改时间了，仍按原来的时间：{window}。",
    "change.withdrawn:{change}", by=BY_ALL, purpose=Purpose.APPOINTMENT, state="时间不变", tip="不用改时间，仍按原时间上门",
    instead=("change.",), sms="您的{service}工单{number}不用改时间了，仍按原时间：{window}。",
)  # fmt: skip

TRANSFERRED: Mapping[str, Notice] = {
    "accepted": Notice(
        "transfer.accepted", "您申请的{product}已登记到您名下。", "transfer:{transfer}", state="已登记",
        tip="您申请的产品已登记到您名下",
    ),
    "refused": Notice(
        "transfer.refused", "您申请登记{product}没有通过：{reason}", "transfer:{transfer}", state="未通过",
        tip="产品登记没有通过，请在公众号里询问",
    ),
}  # fmt: skip


OFFERED = for_engineer(
    "offer.asked",
    "新工单{number}：{service}，{place}，{window}。请在{until}前致电网点{station}接单或拒单，逾期转派他人。",
    "offer:{offer}", urgency=NOW,
)  # fmt: skip
TAKEN_AWAY = for_engineer(
    "visit.taken_away", "工单{number}（{window}）已改派他人，您不用再去。", "taken:{visit}:{engineer_id}:{line}"
)
ANSWERED: Mapping[str, Notice] = {
    "agreed": for_engineer("change.agreed", "工单{number}：客户同意改约，上门时间改为{wanted}。", "answered:{change}:{how}"),
    "declined": for_engineer("change.declined", "工单{number}：客户不同意改约，仍按{window}上门。", "answered:{change}:{how}"),
    "unconfirmed": for_engineer(
        "change.silent", "工单{number}：改约没有得到客户答复，仍按{window}上门，请与网点联系。", "answered:{change}:{how}"
    ),
}  # fmt: skip


NOBODY = for_staff(
    "dispatch.nobody",
    "工单 {number} 没有派出去：{reason}。请到调度台处理。",
    "nobody:{order}:{since}",
    StaffRole.DISPATCHER,
)
UNANSWERED = for_staff(
    "change.to_dispatcher", "工单 {number} 的改约没有得到客户答复，仍按原时间。请联系客户。", "to_dispatcher:{change}",
    StaffRole.DISPATCHER,
)  # fmt: skip

ESCALATED = for_staff(
    "clock.escalated", "工单 {number} 的{clock}已跳闸，请处理。", "escalated:{clock}:{role}", StaffRole.MANAGER
)

NOTICES: Mapping[str, Notice] = {
    notice.name: notice
    for notice in (
        OPENED, *ORDER_MOVES.values(), *VISIT_MOVES.values(), CHANGED, BOOKED, REBOOKED, REMINDER, OTHER_ENGINEER,
        QUESTION, UNCONFIRMED, WITHDRAWN, *TRANSFERRED.values(), OFFERED, TAKEN_AWAY, *ANSWERED.values(), NOBODY,
        UNANSWERED, ESCALATED, *of_sheets.ALL,
    )
}  # fmt: skip
"""By name: what `OutgoingMessage.why` says."""

TITLES: Mapping[str, str] = {
    "order.open": "已开单", "order.schedule": "已安排", "order.unschedule": "时间取消", "order.wait_part": "等待配件",
    "order.resume": "配件已到", "order.revisit": "再次上门", "order.finish": "已完工", "order.guide": "指导解决",
    "order.cancel": "工单取消", "order.visit.accept": "师傅接单", "order.visit.depart": "师傅出发",
    "order.visit.fail": "上门未成行", "order.change": "资料更正", "appointment.booked": "约好时间",
    "appointment.changed": "时间改了", "appointment.reminder": "上门提醒", "appointment.engineer": "换了师傅",
    "change.asked": "改约询问", "change.unconfirmed": "改约未答复", "change.withdrawn": "改约撤回",
    "transfer.accepted": "过户通过", "transfer.refused": "过户驳回", "offer.asked": "询问工程师", "visit.taken_away": "改派告知",
    "change.agreed": "客户同意改约", "change.declined": "客户不同意改约", "change.silent": "客户未答复改约",
    "dispatch.nobody": "派不出去", "change.to_dispatcher": "改约未答复",
    "clock.escalated": "时效升级", **of_sheets.TITLES,
}  # fmt: skip
"""The same for the staff's pages."""


def on_order_move(move: str) -> Notice | None:
    """What is said of a move of the order, or None."""
    return ORDER_MOVES.get(move)


def on_visit_move(move: str) -> Notice | None:
    """What is said of a move of a visit, or None."""
    return VISIT_MOVES.get(move)


def corrected(fields: Sequence[str]) -> str:
    """The titles of the corrected fields that concern the customer, "" when none does."""
    return "、".join(title for name, title in FIELDS.items() if name in fields)
