"""★ What is said of orders, visits and products: registered, arranged, on the way, cancelled. Part of `domain.notices.notices`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.notices.channels import BY_ALL, Purpose
from domain.notices.of_times import TIMES
from domain.notices.rows import NOW, SOON, Notice, of_order

OPENED = of_order(
    "open", "已开单", "已受理", "我们会尽快安排上门",
    "客服已为您登记{service}工单 {number}，我们会尽快安排。想知道进度，直接在这里问就可以。",
    by=BY_ALL, sms="已为您登记{service}工单{number}，我们会尽快安排。客服电话{hotline}。",
)  # fmt: skip

ORDER_MOVES: Mapping[str, Notice] = {
    "schedule": of_order(
        "schedule", "已安排", "已安排", "师傅会提前联系，请保持电话畅通",
        "您的{service}工单 {number} 已安排上门，师傅会提前与您联系，请保持电话畅通。",
    ),
    "unschedule": of_order(
        "unschedule", "时间取消", "时间取消", "原定上门已取消，会尽快重新安排",
        "您的{service}工单 {number} 原定的上门时间已取消，我们会尽快为您重新安排。",
        by=BY_ALL, urgency=SOON, instead=TIMES, must=True,
        sms="您的{service}工单{number}原定的上门时间已取消，我们会尽快重新安排。客服{hotline}。",
    ),
    "wait_part": of_order(
        "wait_part", "等待配件", "等待配件", "配件已在准备，到货后联系您上门",
        "您的{service}工单 {number} 需要更换配件，配件已在准备，到货后会联系您再次上门。",
    ),
    "resume": of_order(
        "resume", "配件已到", "配件已到", "已重新安排上门，请保持电话畅通",
        "您的{service}工单 {number} 所需配件已到，已重新安排上门，请保持电话畅通。",
    ),
    "revisit": of_order(
        "revisit", "再次上门", "再次上门", "还需再上门一次，会尽快约时间",
        "您的{service}工单 {number} 还需要再上门一次，我们会尽快与您约时间。",
    ),
    "finish": of_order(
        "finish", "已完工", "已完工", "如还有问题，请在公众号里告诉我们",
        "您的{service}工单 {number} 已完工，感谢您的耐心。如还有问题，直接在这里告诉我们。",
    ),
    "guide": of_order(
        "guide", "指导解决", "已解决", "如再次出现，请在公众号里告诉我们",
        "您的{service}工单 {number} 已按指导解决并结束。如问题再次出现，直接在这里告诉我们。",
    ),
    "cancel": of_order(
        "cancel", "工单取消", "已取消", "如有疑问，请联系客服",
        "您的{service}工单 {number} 已取消。如有疑问，请回复“人工”，或拨打 {hotline}。",
        by=BY_ALL, urgency=SOON, instead=TIMES, must=True,
        sms="您的{service}工单{number}已取消。如有疑问请拨打{hotline}。",
    ),
}  # fmt: skip

SOMEBODY_COMES = Notice(
    "order.visit.accept", "师傅接单", "您的{service}工单 {number} 已有师傅接单：{engineer}。师傅会提前与您联系，请保持电话畅通。",
    "who:{visit}:{engineer_id}", state="已接单", tip="师傅会提前联系，请保持电话畅通",
)  # fmt: skip
"""Where no time was promised yet."""

VISIT_MOVES: Mapping[str, Notice] = {
    "accept": Notice(
        "order.visit.accept", "师傅接单",
        "您的{service}工单 {number} 已有师傅接单：{engineer}。上门时间：{window}，师傅会提前与您联系，请保持电话畅通。",
        "who:{visit}:{engineer_id}", purpose=Purpose.APPOINTMENT, state="已接单", tip="请保持电话畅通",
    ),
    "depart": Notice(
        "order.visit.depart", "师傅出发", "您的{service}工单 {number}：{engineer}已出发，正在前往您家。",
        "depart:{visit}:{engineer_id}", by=BY_ALL, urgency=NOW, purpose=Purpose.APPOINTMENT, state="师傅已出发",
        tip="师傅已出发，请保持电话畅通", instead=TIMES,
        sms="{engineer}已出发，正在前往您家，请保持电话畅通。工单{number}。",
    ),
    "fail": of_order(
        "visit.fail", "上门未成行", "未成行", "师傅未能上门，会重新与您约时间",
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
    "change", "资料更正", "已更正", "资料已更正，如有不对请联系客服",
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

TRANSFERRED: Mapping[str, Notice] = {
    "accepted": Notice(
        "transfer.accepted", "过户通过", "您申请的{product}已登记到您名下。", "transfer:{transfer}", state="已登记",
        tip="您申请的产品已登记到您名下",
    ),
    "refused": Notice(
        "transfer.refused", "过户驳回", "您申请登记{product}没有通过：{reason}", "transfer:{transfer}", state="未通过",
        tip="产品登记没有通过，请在公众号里询问",
    ),
}  # fmt: skip


def on_order_move(move: str) -> Notice | None:
    """What is said of a move of the order, or None."""
    return ORDER_MOVES.get(move)


def on_visit_move(move: str) -> Notice | None:
    """What is said of a move of a visit, or None."""
    return VISIT_MOVES.get(move)


def corrected(fields: Sequence[str]) -> str:
    """The titles of the corrected fields that concern the customer, "" when none does."""
    return "、".join(title for name, title in FIELDS.items() if name in fields)
