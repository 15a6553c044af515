"""What both of the consumer's doors run on, and the ways they say no. A new thing from outside is a field of `Counter`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from consumer_app.platform import Limits, MiniPrograms, NoMiniPrograms
from domain.files.store import FileStore, NoStore
from domain.kit.errors import Refused
from domain.kit.strangers import is_plain
from domain.kit.unit_of_work import Runtime
from domain.payments.gateway import Gateway


class TooMany(Refused):
    """Too often."""

    code = "too_many_requests"


class Unauthorized(Refused):
    """No session, or one that is over."""

    code = "unauthorized"


class ConsentNeeded(Refused):
    """The privacy notice in force was not agreed to."""

    code = "consent_needed"


class BadNumber(Refused):
    """No phone number."""

    code = "bad_number"


class Malformed(Refused):
    """Something is missing or cannot be; the words say what."""

    code = "malformed"


class NotHere(Refused):
    """It works only somewhere else: inside WeChat, with payment set up …"""

    code = "not_here"


def must_be_plain(value: Any) -> None:
    """Text as people write it: nothing the database cannot keep, nothing a terminal would obey.

    :raises Malformed: it has control characters, or halves of characters
    """
    if not is_plain(value):
        raise Malformed("内容里有看不见的字符，请重新输入")


@dataclass(frozen=True)
class Counter:
    """``gateway`` is None where no payment is set up; ``public_url`` is where people reach us, without a slash at its end."""

    runtime: Runtime
    limits: Limits
    platform: MiniPrograms = field(default_factory=NoMiniPrograms)
    files: FileStore = field(default_factory=NoStore)
    gateway: Gateway | None = None
    public_url: str = ""

    def count(self, what: str, who: str, *rules: tuple[int, int]) -> None:
        """:raises TooMany: more than so many in so many seconds"""
        for most, seconds in rules:
            if not self.limits.may(what, who, most, seconds):
                raise TooMany("操作太频繁了，请过一会儿再试")
