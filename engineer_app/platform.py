"""What the engineer's door needs from outside: signing in by WeChat, page tickets, counters. `adapters` has the real ones."""

from __future__ import annotations

from typing import Protocol

from domain.kit.errors import Refused


class CodeRefused(Refused):
    """The platform's code is unknown, used or too old."""

    code = "bad_code"


class SnapshotUser(Refused):
    """WeChat showed the page to a virtual account: whoever it is cannot be known."""

    code = "snapshot_user"


class PlatformAway(Refused):
    """WeChat did not answer, or said that it cannot now."""

    code = "platform_away"


class WebAuthorization(Protocol):
    """Signing in on pages inside WeChat (wechat-protocol §6.3)."""

    def address(self, account_id: str, back: str, state: str) -> str:
        """Where a browser is sent to be told who it is; it comes ``back`` with a code and the state."""

    def openid(self, account_id: str, code: str) -> str:
        """Whose code this is.

        :raises CodeRefused, SnapshotUser, PlatformAway:
        """


class PageTickets(Protocol):
    """What signs pages for WeChat's JS-SDK (wechat-protocol §6.2)."""

    def ticket(self, account_id: str) -> tuple[str, str]:
        """The account's app id, and its jsapi_ticket: a secret that never reaches a browser.

        :raises PlatformAway:
        """


class NoPageTickets:
    """Where there is no WeChat."""

    def ticket(self, account_id: str) -> tuple[str, str]:
        raise PlatformAway("没有连接微信，请用相机扫码，或手工输入")


class Limits(Protocol):
    """Counters of how often somebody does something."""

    def may(self, what: str, who: str, most: int, seconds: int) -> bool:
        """Count one more; False when it is more than ``most`` in ``seconds``."""
