"""What jobs need of a chat platform, and the ways a platform can say no. `adapters.wechat` is one."""

from __future__ import annotations

from collections.abc import Mapping
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


class TextMessages(Protocol):
    """Some way to send text messages to phones. `adapters.sms` has one that prints them."""

    def send(self, phone: str, words: str) -> None:
        """Returns when somebody has taken it for sending.

        :raises RetryLater, NeverAgain, OutcomeUnknown: nobody did, or may not have
        """


class NoTextMessages:
    """Where nobody sends text messages."""

    def send(self, phone: str, words: str) -> None:
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
