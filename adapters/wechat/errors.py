"""The platform's error codes by what to do about them (wechat-protocol §4.3, §6.1, §9.4). A new code is a row here."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto

from domain.kit.unit_of_work import SHANGHAI
from jobs.channels import ChannelError, NeverAgain, RetryLater, WindowClosed


class Do(Enum):
    """What a code asks for."""

    NEW_TOKEN = auto()
    SOON = auto()
    NEXT_MINUTE = auto()
    AFTER_MIDNIGHT = auto()
    TELL_STAFF = auto()
    """The account is set up wrongly: it will work once somebody has seen to it."""
    WINDOW_CLOSED = auto()
    NEVER = auto()


CODES: dict[int, tuple[Do, str]] = {
    -1: (Do.SOON, "平台繁忙"),
    40001: (Do.NEW_TOKEN, "令牌或密钥无效"),
    40003: (Do.NEVER, "openid 不正确"),
    40007: (Do.NEVER, "素材不存在或已过期"),
    40008: (Do.NEVER, "消息类型不正确"),
    40013: (Do.TELL_STAFF, "AppID 不正确"),
    40014: (Do.NEW_TOKEN, "令牌无效"),
    40029: (Do.NEVER, "登录码无效"),
    40033: (Do.NEVER, "内容里有不允许的字符"),
    40037: (Do.NEVER, "模板不存在，或不是这个账号的这类模板"),
    40125: (Do.TELL_STAFF, "密钥不正确"),
    40163: (Do.NEVER, "登录码已经用过"),
    40164: (Do.TELL_STAFF, "服务器 IP 不在白名单"),
    40200: (Do.NEVER, "这类账号没有这个接口"),
    40226: (Do.NEVER, "平台认定的高风险用户"),
    40243: (Do.TELL_STAFF, "密钥已冻结"),
    41030: (Do.NEVER, "小程序没有要打开的页面"),
    42001: (Do.NEW_TOKEN, "令牌已过期"),
    42003: (Do.NEVER, "登录码已过期"),
    43004: (Do.WINDOW_CLOSED, "客户没有关注公众号"),
    43019: (Do.WINDOW_CLOSED, "客户在黑名单里"),
    43108: (Do.SOON, "正在给这位客户发送别的消息"),
    43101: (Do.WINDOW_CLOSED, "客户没有订阅这类通知"),
    43107: (Do.TELL_STAFF, "通知能力被封禁"),
    44004: (Do.NEVER, "内容为空"),
    44990: (Do.SOON, "调用太频繁"),
    44991: (Do.NEXT_MINUTE, "本分钟调用次数已用完"),
    44993: (Do.AFTER_MIDNIGHT, "今天的调用次数已用完"),
    45002: (Do.NEVER, "内容太长"),
    45008: (Do.NEVER, "图文超过一条"),
    45009: (Do.AFTER_MIDNIGHT, "今天的调用次数已用完"),
    45011: (Do.NEXT_MINUTE, "本分钟调用次数已用完"),
    45015: (Do.WINDOW_CLOSED, "超过可以回复的时间，或客户已取消关注"),
    45047: (Do.WINDOW_CLOSED, "客户下次发消息前可发的条数已用完"),
    45072: (Do.NEVER, "输入状态命令不正确"),
    45080: (Do.NEVER, "30 秒内没有对话，不能显示正在输入"),
    45081: (Do.NEVER, "已经在显示正在输入"),
    45168: (Do.NEVER, "内容里有敏感词"),
    47003: (Do.NEVER, "模板的字段不对"),
    48001: (Do.TELL_STAFF, "公众号没有这个接口的权限"),
    48002: (Do.WINDOW_CLOSED, "客户拒收消息"),
    48004: (Do.TELL_STAFF, "接口因违规被封禁"),
    50002: (Do.NEVER, "客户账号受限"),
    50004: (Do.TELL_STAFF, "接口被禁用"),
    50005: (Do.WINDOW_CLOSED, "客户没有关注公众号"),
    50007: (Do.TELL_STAFF, "账号已冻结"),
    70000: (Do.NEVER, "为保护未成年人，平台拒绝发送"),
    89503: (Do.TELL_STAFF, "调用此接口的 IP 需要管理员确认"),
    89506: (Do.TELL_STAFF, "管理员 24 小时内拒绝了这个 IP"),
    89507: (Do.TELL_STAFF, "管理员 1 小时内拒绝了这个 IP"),
}

STAFF_TIME = timedelta(minutes=10)
"""Between tries while somebody sees to the account's set-up."""


def what_to_do(code: int) -> Do:
    """An unknown code is never tried again by itself: a person sees it among the dead letters."""
    return CODES[code][0] if code in CODES else Do.NEVER


def error_for(code: int, now: datetime) -> ChannelError:
    """The exception that says what to do about a code."""
    do, words = CODES.get(code, (Do.NEVER, "未知的错误码"))
    words = f"{code} {words}" if do not in (Do.NEVER, Do.WINDOW_CLOSED) else words
    match do:
        case Do.NEVER:
            return NeverAgain(code, words)
        case Do.WINDOW_CLOSED:
            return WindowClosed(code, words)
        case Do.NEXT_MINUTE:
            return RetryLater(words, timedelta(seconds=60 - now.second))
        case Do.AFTER_MIDNIGHT:
            return RetryLater(words, until_midnight(now))
        case Do.NEW_TOKEN | Do.TELL_STAFF:
            # A token that is refused again after having been renewed is a matter of the account's set-up.
            return RetryLater(words, STAFF_TIME)
        case Do.SOON:
            return RetryLater(words)


def until_midnight(now: datetime) -> timedelta:
    """Daily quotas start anew at midnight in Shanghai; a little later, because clocks differ."""
    here = now.astimezone(SHANGHAI)
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - here + timedelta(seconds=30)
