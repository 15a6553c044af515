"""What jobs need of a chat platform, and the ways a platform can say no. `adapters.wechat` is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


class ChatChannel(Protocol):
    """Somewhere messages to people go out, and that knows the people."""

    def send_text(self, account_id: str, recipient: str, text: str) -> None:
        """Returns when the platform has taken the message.

        :raises RetryLater, NeverAgain, WindowClosed, OutcomeUnknown: it did not, or may not have
        """

    def send_template(
        self, account_id: str, recipient: str, template_id: str, values: Mapping[str, str], link: str, key: str
    ) -> str:
        """A template message that leads to ``link``. The platform takes one ``key`` of one person once in ten minutes.

        Returns the platform's id of it, by which it tells when the message could not be delivered after all.

        :raises RetryLater, NeverAgain, WindowClosed, OutcomeUnknown: as `send_text`
        """

    def send_subscription(
        self, account_id: str, recipient: str, template_id: str, values: Mapping[str, str], link: str, page: str
    ) -> str:
        """A subscription message, which uses up one consent of the person's: it leads to ``link`` from an official account, to
        the mini-program's own ``page`` from one. There is no key: the platform sends what it is asked to send again.

        Returns the platform's id of it, "" where it gives none.

        :raises RetryLater, NeverAgain, WindowClosed, OutcomeUnknown: as `send_text`; WindowClosed 43101 without consent
        """

    def fetch_media(self, account_id: str, media_id: str, largest: int) -> bytes:
        """What somebody sent: a picture or a video, of at most ``largest`` bytes.

        :raises RetryLater, OutcomeUnknown: it did not come; asking again does no harm
        :raises NeverAgain, TooLarge: it never will
        """

    def typing(self, account_id: str, recipient: str) -> None:
        """Show that somebody is writing, for some seconds.

        :raises RetryLater, NeverAgain, WindowClosed, OutcomeUnknown: it did not
        """

    def unionid_of(self, account_id: str, openid: str) -> str | None:
        """What the person is known by on every account of one owner, if the platform says it.

        :raises RetryLater, NeverAgain, OutcomeUnknown: it cannot now, or does not
        """


@dataclass(frozen=True)
class TextForm:
    """The same message for a gateway that only sends templates: which one, filled with what. ``key`` is the message's own in
    every try; ``again`` says that an earlier one may have arrived."""

    purpose: str
    """A `domain.notices.channels.Purpose`, ``engineer`` for what engineers are told, ``code`` for one-time codes."""
    values: Mapping[str, str]
    key: str
    again: bool = False


class TextMessages(Protocol):
    """Some way to send text messages to phones. `adapters.sms` has one that prints them, `adapters.sms_aliyun` a gateway."""

    def send(self, phone: str, words: str, form: TextForm) -> None:
        """Returns when somebody has taken it for sending.

        :raises RetryLater, NeverAgain, OutcomeUnknown: nobody did, or may not have
        """


class NoTextMessages:
    """Where nobody sends text messages."""

    def send(self, phone: str, words: str, form: TextForm) -> None:
        raise NeverAgain(0, "没有配置短信服务")


NO_TEXT_MESSAGES = NoTextMessages()


class ChannelError(Exception):
    """A call that did not succeed. The words are for staff: no token, no personal data."""


class RetryLater(ChannelError):
    """Nothing was sent; the same call may work ``after`` this long, or by the usual rhythm when None."""

    def __init__(self, words: str, after: timedelta | None = None) -> None:
        super().__init__(words)
        self.after = after


class NeverAgain(ChannelError):
    """The platform will never take this call."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.code = code


class WindowClosed(ChannelError):
    """This person may not be written to now: too long ago, too many, blocked or unfollowed."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.code = code


class TooLarge(ChannelError):
    """What was to be fetched is larger than wanted."""


class OutcomeUnknown(ChannelError):
    """The call went out and no answer came: it may have arrived."""
