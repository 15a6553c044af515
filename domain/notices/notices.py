"""★ What customers are told about their orders, and when nothing is said. To change the words, change a row.

``{number}`` is the order's number as one reads it out, ``{service}`` 维修, 安装 …, ``{hotline}`` the brand's number,
``{fields}`` what was corrected. Service messages only: marketing may never come this way (wechat-protocol §9.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

OPENED = "客服已为您登记{service}工单 {number}，我们会尽快安排。想知道进度，直接在这里问就可以。"

ORDER_MOVES: Mapping[str, str] = {
    "schedule": "您的{service}工单 {number} 已安排上门，师傅会提前与您联系，请保持电话畅通。",
    "unschedule": "您的{service}工单 {number} 原定的上门时间已取消，我们会尽快为您重新安排。",
    "wait_part": "您的{service}工单 {number} 需要更换配件，配件已在准备，到货后会联系您再次上门。",
    "resume": "您的{service}工单 {number} 所需配件已到，已重新安排上门，请保持电话畅通。",
    "revisit": "您的{service}工单 {number} 还需要再上门一次，我们会尽快与您约时间。",
    "finish": "您的{service}工单 {number} 已完工，感谢您的耐心。如还有问题，直接在这里告诉我们。",
    "guide": "您的{service}工单 {number} 已按指导解决并结束。如问题再次出现，直接在这里告诉我们。",
    "cancel": "您的{service}工单 {number} 已取消。如有疑问，请回复“人工”，或拨打 {hotline}。",
}

VISIT_MOVES: Mapping[str, str] = {
    "accept": "您的{service}工单 {number} 已有师傅接单，师傅会提前与您联系，请保持电话畅通。",
    "depart": "您的{service}工单 {number}：师傅已出发，正在前往您家。",
    "fail": "您的{service}工单 {number}：师傅这次没能完成上门，我们会尽快与您重新约时间。",
}

SILENT = {
    "order": {"start", "audit", "send_back", "settle"},
    "visit": {"check_in", "finish", "withdraw", "reassign"},
}
"""Moves the customer is not told of: our own affairs, or what the customer sees at home."""

CHANGED = "您的{service}工单 {number} 已更正：{fields}。如有不对，请回复“人工”，或拨打 {hotline}。"

FIELDS: Mapping[str, str] = {
    "contact_name": "联系人",
    "phone": "联系电话",
    "address": "上门地址",
    "wanted_time": "期望时间",
    "words": "问题描述",
}
"""Corrected fields the customer is told of, by name only: the values are personal and may be on somebody's screen."""


def on_order_move(move: str) -> str | None:
    """The words for a move of the order, or None when nothing is said."""
    return ORDER_MOVES.get(move)


def on_visit_move(move: str) -> str | None:
    """The words for a move of a visit, or None."""
    return VISIT_MOVES.get(move)


def on_change(fields: Sequence[str]) -> str | None:
    """The words for corrected fields, or None when none of them concerns the customer."""
    titles = [title for name, title in FIELDS.items() if name in fields]
    return CHANGED.replace("{fields}", "、".join(titles)) if titles else None
