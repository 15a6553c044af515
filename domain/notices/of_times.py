"""★ What is said of times: booked, changed, reminded of, asked to change. Part of `domain.notices.notices`."""

from __future__ import annotations

from domain.notices.channels import BY_ALL, Purpose
from domain.notices.rows import SOON, Notice

TIMES = ("appointment.", "change.")
"""Names of what is about a time: void once the time is."""


def appointment(name: str, title: str, state: str, tip: str, words: str, key: str, **more: object) -> Notice:
    """One about the time somebody comes."""
    told = {"by": BY_ALL, "purpose": Purpose.APPOINTMENT, "instead": TIMES, "must": True} | more
    return Notice(f"appointment.{name}", title, words, key, state=state, tip=tip, **told)  # type: ignore[arg-type]


BOOKED = appointment(
    "booked", "约好时间", "已预约", "如需改时间，请在公众号里告诉我们",
    "您的{service}工单 {number} 已约好：{window}，{engineer}上门。要改时间，直接在这里说。",
    "booked:{appointment}",
    sms="您的{service}工单{number}已约好：{window}，{engineer}上门。改时间请拨{hotline}。",
)  # fmt: skip
REBOOKED = appointment(
    "changed", "时间改了", "已改约", "上门时间已改，请留意",
    "您的{service}工单 {number} 上门时间已改为：{window}，{engineer}上门。要再改，直接在这里说。",
    "booked:{appointment}", urgency=SOON,
    sms="您的{service}工单{number}上门时间已改为：{window}，{engineer}上门。如有疑问请拨{hotline}。",
)  # fmt: skip
REMINDER = appointment(
    "reminder", "上门提醒", "上门提醒", "请留人在家，保持电话畅通",
    "提醒您：{window}，{engineer}上门，为您{service}（工单 {number}）。家里请留人，电话请保持畅通；要改时间，直接在这里说。",
    "reminder:{appointment}", instead=("appointment.reminder",), must=False,
    sms="提醒：{window}{engineer}上门{service}，请留人在家。改时间请拨{hotline}。",
)  # fmt: skip
OTHER_ENGINEER = appointment(
    "engineer", "换了师傅", "换了师傅", "改由另一位师傅上门，时间不变",
    "您的{service}工单 {number}：原定的师傅临时有变动，改由{engineer}上门，时间不变：{window}。",
    "who:{visit}:{engineer_id}", urgency=SOON, instead=("appointment.engineer",), must=False,
    sms="您的{service}工单{number}改由{engineer}上门，时间不变：{window}。",
)  # fmt: skip

QUESTION = Notice(
    "change.asked", "改约询问",
    "您的{service}工单 {number} 原约 {window} 上门，师傅想改到 {wanted}。您看可以吗？请回复“可以”或“不行”，也可以点这里回答：{link}\n"
    "您没有同意之前，仍按原来的时间。",
    "change.asked:{change}", by=BY_ALL, purpose=Purpose.QUESTION, state="改约待确认", tip="师傅想改时间，请点开回答是否可以",
    instead=("change.",), must=True,
    sms="您的{service}工单{number}原约{window}，师傅想改到{wanted}，您看可以吗？请点开回答：{link}",
)  # fmt: skip
UNCONFIRMED = Notice(
    "change.unconfirmed", "改约未答复",
    "改时间的事没有等到您的答复，您的{service}工单 {number} 仍按原来的时间：{window}。",
    "change.unconfirmed:{change}", by=BY_ALL, purpose=Purpose.APPOINTMENT, state="时间不变", tip="未收到答复，仍按原时间上门",
    instead=("change.",), sms="您的{service}工单{number}改时间未收到答复，仍按原时间：{window}。",
)  # fmt: skip
WITHDRAWN = Notice(
    "change.withdrawn", "改约撤回",
    "您的{service}工单 {number} 不用改时间了，仍按原来的时间：{window}。",
    "change.withdrawn:{change}", by=BY_ALL, purpose=Purpose.APPOINTMENT, state="时间不变", tip="不用改时间，仍按原时间上门",
    instead=("change.",), sms="您的{service}工单{number}不用改时间了，仍按原时间：{window}。",
)  # fmt: skip
