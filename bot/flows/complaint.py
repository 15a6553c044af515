"""投诉: opens a case, with a time by which it is answered."""

from __future__ import annotations

from bot.flow import Answers, Flow, Question
from bot.kinds import Words
from bot.talk import Talk
from domain.desk.duty import said
from domain.feedback.complaints import Reported, open_complaint
from domain.feedback.lifecycle import REOPENED
from domain.feedback.model import Complaint
from domain.work_orders.queries import orders_of


def complain(talk: Talk, answers: Answers) -> str:
    """About the newest order, where there is one. Saying it again adds to the case, or reopens one that was answered."""
    newest = next(iter(orders_of(talk.uow, talk.contact.customer_id, limit=1)), None)
    complaint = open_complaint(
        talk.uow, by=talk.by,
        reported=Reported(
            talk.voice.brand_id, str(answers["words"].value)[:2000], "chat", work_order_id=newest.id if newest else None,
            customer_id=talk.contact.customer_id, account_id=talk.voice.account_id, openid=talk.contact.openid,
        ),
    )  # fmt: skip
    return (
        f"非常抱歉给您带来不好的体验。{told(talk, complaint)}处理进展会在这里告诉您。急事可拨打 {talk.voice.hotline}。"
    )


def told(talk: Talk, complaint: Complaint) -> str:
    until = said(complaint.due_at, talk.uow.today)
    if complaint.status is REOPENED:
        return f"投诉 {complaint.number} 已重新打开，客服主管最晚{until} 给您答复。"
    if complaint.opened_at < talk.uow.now:
        return f"已补充到您的投诉 {complaint.number}，"
    return f"投诉已立案，编号 {complaint.number}，客服主管最晚{until} 给您答复。"


flow = Flow(
    name="complaint",
    rank=80,
    title="投诉",
    said=["投诉", "我要投诉", "举报"],
    intents={"complaint"},
    questions=[
        Question(
            "words",
            "投诉内容",
            "非常抱歉。请说说是什么事，越具体越好，我们马上转给主管：",
            Words("请再说具体一点：哪次服务、什么事"),
        ),
    ],
    submit=complain,
    confirms=lambda talk, answers: False,
)
