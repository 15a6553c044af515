"""Signing in at a mini-program, by the platform (wechat-protocol §6.4): a `consumer_app.platform.MiniPrograms`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.wechat.answers import code_of
from adapters.wechat.client import WeChat
from consumer_app.platform import CodeRefused, ForeignNumber, Identity, PersonBlocked, PlatformAway
from jobs.channels import ChannelError, NeverAgain

SESSION = "/sns/jscode2session"
PHONE = "/wxa/business/getuserphonenumber"
TIMEOUTS = (2.0, 4.0)
"""Seconds to connect, and to answer: a person looks at a turning wheel."""
BAD_CODE = (40029, 40163, 42003, 41008)
BLOCKED = 40226
CHINA = "86"


class WeChatMiniPrograms:
    """One per process. The session key the platform sends along is not kept: nothing here needs it."""

    def __init__(self, wechat: WeChat) -> None:
        self.wechat = wechat

    def identity(self, account_id: str, code: str) -> Identity:
        """Not `WeChat.call`: this one goes by app id and secret, without a token."""
        with in_words():
            who = self.wechat.credentials(account_id)
            self.wechat.refuse_while_spent(who, SESSION)
            asked = {"appid": who.app_id, "secret": who.secret, "js_code": code, "grant_type": "authorization_code"}
            answer = self.wechat.get(SESSION, asked)
            if code_of(answer) or not answer.get("openid"):
                raise self.wechat.refusal(who, SESSION, answer)
            return Identity(str(answer["openid"]), str(answer.get("unionid") or "") or None)

    def phone(self, account_id: str, code: str, openid: str) -> str:
        """With the openid the platform checks that the number is this person's."""
        with in_words():
            info = self.wechat.call(account_id, PHONE, {"code": code, "openid": openid}).get("phone_info") or {}
        if str(info.get("countryCode") or CHINA) != CHINA:
            raise ForeignNumber("暂时不支持境外手机号，请填一个国内的联系电话")
        number = str(info.get("purePhoneNumber") or "")
        if not number.isdigit():
            raise PlatformAway("微信没有给出号码，请手动填写")
        return number


@contextmanager
def in_words() -> Iterator[None]:
    """The platform's no in words for the customer; its own are for staff, and in the log."""
    try:
        yield
    except NeverAgain as no:
        if no.code in BAD_CODE:
            raise CodeRefused("登录信息已过期，请再试一次") from None
        if no.code == BLOCKED:
            raise PersonBlocked("微信暂时不允许这个账号使用，请拨打服务热线") from None
        raise PlatformAway("微信暂时没有回应，请稍后再试") from None
    except ChannelError:
        raise PlatformAway("微信暂时没有回应，请稍后再试") from None
