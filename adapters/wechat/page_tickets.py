"""The ticket that signs our pages for WeChat's JS-SDK (wechat-protocol §6.2): a `domain.access.wechat_pages.PageTickets`."""

from __future__ import annotations

from adapters.wechat.client import WeChat
from domain.access.wechat_pages import PlatformAway
from jobs.channels import ChannelError


class WeChatPageTickets:
    """One per process."""

    def __init__(self, wechat: WeChat) -> None:
        self.wechat = wechat

    def ticket(self, account_id: str) -> tuple[str, str]:
        """See `domain.access.wechat_pages`."""
        try:
            return self.wechat.page_ticket(account_id)
        except ChannelError:
            raise PlatformAway("微信扫一扫暂时用不了，请用相机扫码，或手工输入") from None
