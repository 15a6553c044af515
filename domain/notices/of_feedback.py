"""★ What is said around feedback: asking for a rating, what became of a low one, complaints, and the question of a survey.

``{menu}`` are lines to tap in an official account's chat; elsewhere the plain row says what to answer. ``{paper}`` is the complaint's
number, ``{until}`` by when it is answered, ``{answer}`` what the staff say about it: in chats only, a text message may be read by others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.access.roles import StaffRole
from domain.notices.channels import BY_ALL, Channel, Purpose
from domain.notices.rows import SOON, Notice, for_staff

WITH_MENU = (Channel.CHAT, Channel.SUBSCRIPTION, Channel.TEMPLATE, Channel.SMS)
"""Not by the mini-program's chat: nothing can be tapped there."""


def rating(words: str, by: Sequence[Channel]) -> Notice:
    return Notice(
        "rating.asked", "请客户评价", words, "rating.asked:{order}", by=by, purpose=Purpose.RATING, state="请评价",
        tip="点开给这次服务打个分", sms="您的{service}工单{number}已完工，请给{engineer}的服务打个分：{link}",
    )  # fmt: skip


RATE = rating(
    "您的{service}工单 {number} 做完了，{engineer}的服务怎么样？点一下就行：\n{menu}\n想多说几句，点这里：{link}",
    WITH_MENU,
)
RATE_PLAIN = rating(
    "您的{service}工单 {number} 做完了，{engineer}的服务怎么样？回复“5星”到“1星”就行，没修好请直接说。\n也可以点这里评：{link}",
    BY_ALL,
)

RECTIFIED = Notice(
    "rectification.opened", "开整改单",
    "很抱歉上次没让您满意。已为您安排另一位师傅免费上门整改，工单 {number}，师傅会与您约时间。不需要上门，回复“取消工单”就行。",
    "rectification:{order}", by=BY_ALL, urgency=SOON, state="免费整改", tip="另一位师傅会免费上门，请留意电话",
    sms="很抱歉上次没让您满意，已安排另一位师傅免费上门整改，工单{number}，会与您约时间。客服{hotline}。", must=True,
)  # fmt: skip


def complaint(move: str, title: str, state: str, tip: str, words: str, sms: str) -> Notice:
    return Notice(
        f"complaint.{move}", title, words, "complaint:{step}", by=BY_ALL, urgency=SOON, state=state, tip=tip, sms=sms,
        must=move == "answer",
    )  # fmt: skip


COMPLAINTS: Mapping[str, Notice] = {
    "open": complaint(
        "open", "投诉立案", "已立案", "投诉已立案，会按时答复您",
        "您的投诉已立案，编号 {paper}，最晚 {until} 给您答复。", "您的投诉已立案，编号{paper}，最晚{until}给您答复。客服{hotline}。",
    ),
    "answer": complaint(
        "answer", "答复投诉", "已答复", "投诉有了答复，请在公众号里看",
        "关于您的投诉 {paper}：\n{answer}\n还有话要说，直接在这里告诉我们。",
        "您的投诉{paper}已有答复，请在公众号里查看，或拨打{hotline}。",
    ),
    "close": complaint(
        "close", "投诉结案", "已结案", "投诉已处理完，不满意可再告诉我们",
        "您的投诉 {paper} 已处理完：\n{answer}\n不满意请在 15 天内回复“投诉”，我们重新处理。",
        "您的投诉{paper}已处理完，不满意请在15天内拨打{hotline}。",
    ),
}  # fmt: skip
"""By the move of the case; moves that are not here are our own affair."""

REOPENED = for_staff(
    "complaint.reopened",
    "投诉重新打开",
    "投诉 {paper} 客户不满意，已重新打开。请到投诉页处理。",
    "complaint:{step}:staff",
    StaffRole.MANAGER,
)
ESCALATED = for_staff(
    "complaint.escalated", "投诉超时升级", "投诉 {paper} 超过答复时限，请处理。", "complaint:{complaint}:{level}:{until}",
    StaffRole.MANAGER,
)  # fmt: skip


def survey(words: str, by: Sequence[Channel]) -> Notice:
    return Notice(
        "rating.survey", "推荐度问卷", words, "survey:{survey}", by=by, purpose=Purpose.RATING, state="一个问题",
        tip="您愿意推荐我们吗？点开打个分", sms="您有多大可能把{brand}推荐给朋友？请点开打 0 到 10 分：{link}",
    )  # fmt: skip


SURVEY = survey(
    "想请教一个问题：您有多大可能把{brand}推荐给朋友？点一个数，0 是完全不会，10 是一定会：\n{menu}", WITH_MENU
)
SURVEY_PLAIN = survey("想请教一个问题：您有多大可能把{brand}推荐给朋友？点这里打 0 到 10 分：{link}", BY_ALL)
