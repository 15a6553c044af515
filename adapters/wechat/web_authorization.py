"""Signing in on pages inside WeChat, by the platform (wechat-protocol §6.3): a `domain.access.wechat_pages.WebAuthorization`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from adapters.wechat.answers import code_of
from adapters.wechat.client import WeChat
from domain.access.wechat_pages import CodeRefused, PlatformAway, SnapshotUser
from jobs.channels import ChannelError, NeverAgain

OPEN = "https://open.weixin.qq.com"
"""Where browsers are sent; the sandbox is its own."""
AUTHORIZE = "/connect/oauth2/authorize"
TOKEN = "/sns/oauth2/access_token"
BAD_CODE = (40029, 40163, 42003, 41008)


class WeChatWebAuthorization:
    """One per process. Of what the platform gives only the openid is used; the user-level token is not kept."""

    def __init__(self, wechat: WeChat, open_url: str = OPEN) -> None:
        self.wechat, self.open_url = wechat, open_url.rstrip("/")

    def address(self, account_id: str, back: str, state: str) -> str:
        """The platform wants the parameters in this order."""
        app_id = self.wechat.credentials(account_id).app_id
        return (
            f"{self.open_url}{AUTHORIZE}?appid={quote(app_id)}&redirect_uri={quote(back, safe='')}&response_type=code"
            f"&scope=snsapi_base&state={quote(state)}#wechat_redirect"
        )

    def openid(self, account_id: str, code: str) -> str:
        """See `domain.access.wechat_pages`. Goes by app id and secret, without the account's token."""
        with in_words():
            who = self.wechat.credentials(account_id)
            self.wechat.refuse_while_spent(who, TOKEN)
            asked = {"appid": who.app_id, "secret": who.secret, "code": code, "grant_type": "authorization_code"}
            answer = self.wechat.get(TOKEN, asked)
            if code_of(answer) or not answer.get("openid"):
                raise self.wechat.refusal(who, TOKEN, answer)
        if answer.get("is_snapshotuser") == 1:
            raise SnapshotUser("当前是微信快照页，无法识别您的微信。请点右下角“使用完整服务”后再试，或用手机号登录")
        return str(answer["openid"])


@contextmanager
def in_words() -> Iterator[None]:
    """The platform's no in words for the engineer; its own are for staff, and in the log."""
    try:
        yield
    except NeverAgain as no:
        if no.code in BAD_CODE:
            raise CodeRefused("微信授权已用过或已过期，请重新打开页面") from None
        raise PlatformAway("微信暂时没有回应，请稍后再试，或用手机号登录") from None
    except ChannelError:
        raise PlatformAway("微信暂时没有回应，请稍后再试，或用手机号登录") from None
