"""What the platform lets an account say to a person unasked: windows and their quota (wechat-protocol §4.3).

Pure: it sees what the person did and what was sent since. A new kind of trigger is a row of `WINDOWS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Allowance:
    """What one trigger opens."""

    messages: int
    lasts: timedelta


WINDOWS = {
    "message": Allowance(5, timedelta(hours=48)),
    "tap": Allowance(3, timedelta(minutes=1)),
    "enter": Allowance(2, timedelta(minutes=1)),
}
"""By `domain.kit.inbox.Received.trigger`; anything else opens nothing. A tap is a menu click, a scan or a follow of an
official account, entering the opening of a mini-program's chat: no kind of account has both. A message counts the same
on both."""

LONGEST = max(allowance.lasts for allowance in WINDOWS.values())
"""Nothing older than this matters."""


@dataclass(frozen=True)
class Trigger:
    at: datetime
    kind: str


@dataclass(frozen=True)
class ReplyWindow:
    """``left`` messages may be sent, the last of them before ``until``; when none, ``reason`` says why, for the staff."""

    left: int
    reason: str = ""
    until: datetime | None = None


NEVER_HEARD = "客户在 48 小时内没有发过消息，微信不允许主动发送"
USED_UP = "本次对话可发的条数已用完，客户再发消息后才能发送"


@dataclass
class Open:
    left: int
    until: datetime


def reply_window(now: datetime, triggers: Iterable[Trigger], sent: Iterable[datetime]) -> ReplyWindow:
    """What may be sent now.

    Every trigger opens its own kind of window anew, at its full number; windows of different kinds stand side by
    side and a message is taken from the one that closes first. That nothing adds up within a kind is documented;
    how the kinds meet is not, so this is the lenient reading: the platform's 45015 and 45047 have the last word.
    """
    open_now: dict[str, Open] = {}
    things: list[tuple[datetime, str]] = [(trigger.at, trigger.kind) for trigger in triggers if trigger.kind in WINDOWS]
    things += [(at, "") for at in sent]
    # At one instant the trigger comes first: what was sent then answered it.
    for at, kind in sorted(things, key=lambda thing: (thing[0], thing[1] == "")):
        if at > now:
            continue
        if kind:
            open_now[kind] = Open(WINDOWS[kind].messages, at + WINDOWS[kind].lasts)
        elif usable := [one for one in open_now.values() if one.left and at < one.until]:
            min(usable, key=lambda one: one.until).left -= 1
    alive = [one for one in open_now.values() if now < one.until]
    left = sum(one.left for one in alive)
    if not left:
        return ReplyWindow(0, USED_UP if alive else NEVER_HEARD)
    return ReplyWindow(left, until=max(one.until for one in alive if one.left))
