"""What the mini-program's API needs of the platform and of counters, and the ways it says no in words for the customer.

`adapters.wechat.mini_program` and `adapters.limits` are the real ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from domain.access.wechat_pages import CodeRefused, Limits, PlatformAway
from domain.kit.errors import Refused


class PersonBlocked(Refused):
    """The platform takes this user for a danger (40226)."""

    code = "person_blocked"


class ForeignNumber(Refused):
    """A number we cannot call from here."""

    code = "foreign_number"


@dataclass(frozen=True)
class Identity:
    """Who has logged in. ``unionid`` is None where the mini-program belongs to no open-platform account."""

    openid: str
    unionid: str | None


class MiniPrograms(Protocol):
    """The platform's side of signing in (wechat-protocol §6.4)."""

    def identity(self, account_id: str, code: str) -> Identity:
        """Whose login code this is.

        :raises CodeRefused, PersonBlocked, PlatformAway:
        """

    def phone(self, account_id: str, code: str, openid: str) -> str:
        """The number behind the phone button's code, digits only.

        :raises CodeRefused, ForeignNumber, PlatformAway:
        """


class NoMiniPrograms:
    """Where there is no mini-program."""

    def identity(self, account_id: str, code: str) -> Identity:
        raise PlatformAway("没有连接小程序")

    def phone(self, account_id: str, code: str, openid: str) -> str:
        raise PlatformAway("没有连接小程序")


__all__ = [
    "CodeRefused", "ForeignNumber", "Identity", "Limits", "MiniPrograms", "NoMiniPrograms", "PersonBlocked",
    "PlatformAway",
]  # fmt: skip
