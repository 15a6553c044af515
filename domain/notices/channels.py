"""★ The ways a message can go and in which order they are tried, and what templates are needed for. Pure.

A new channel is a member of `Channel`, a row of `TITLES`, a case in `domain.notices.forms` and one in `jobs.deliver`. A new
purpose is a member of `Purpose` and a row of `PURPOSES`; what its templates may be filled with is `domain.notices.values`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

PATIENCE = timedelta(minutes=5)
"""A channel that asks for a longer pause than this is left for the next one, where there is one."""


class Channel(StrEnum):
    """In the order in which they are tried: what costs the person nothing and is answered at once comes first."""

    CHAT = "chat"
    """A customer-service message, inside the platform's window and quota."""
    SUBSCRIPTION = "subscription"
    """A subscription message of either kind of account: each one uses up a consent of the person's."""
    TEMPLATE = "template"
    """A template message of an official account: its followers can always be sent one, of service matters only."""
    PROGRAM = "program"
    """The mini-program's customer chat of whoever talks with us elsewhere too; first of all where they wrote there last."""
    SMS = "sms"
    STAFF = "staff"
    """The staff's pager."""


TITLES: Mapping[Channel, str] = {
    Channel.CHAT: "微信会话",
    Channel.SUBSCRIPTION: "微信订阅消息",
    Channel.TEMPLATE: "微信模板消息",
    Channel.PROGRAM: "小程序客服会话",
    Channel.SMS: "短信",
    Channel.STAFF: "员工通知",
}

BY_WECHAT = (Channel.CHAT, Channel.SUBSCRIPTION, Channel.TEMPLATE, Channel.PROGRAM)
"""Of what can do without being read: a text message costs money and wakes people."""
BY_ALL = (*BY_WECHAT, Channel.SMS)


class Purpose(StrEnum):
    """What an account needs a template for; which one says it is a row of `domain.notices.model.MessageTemplate`, of
    subscription messages one of `SubscriptionTemplate`. Matters of service only: wechat-protocol §9.1."""

    PROGRESS = "progress"
    APPOINTMENT = "appointment"
    QUESTION = "question"
    QUOTE = "quote"
    BILL = "bill"
    PAYMENT = "payment"
    REFUND = "refund"
    RATING = "rating"
    COVER = "cover"


PURPOSES: Mapping[Purpose, str] = {
    Purpose.PROGRESS: "工单进度",
    Purpose.APPOINTMENT: "上门预约、提醒、出发",
    Purpose.QUESTION: "改约询问",
    Purpose.QUOTE: "报价待确认",
    Purpose.BILL: "账单待付款",
    Purpose.PAYMENT: "付款结果",
    Purpose.REFUND: "退款结果",
    Purpose.RATING: "服务评价",
    Purpose.COVER: "延保和卡券凭证、到期",
}
