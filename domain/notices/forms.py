"""One message in the form its channel takes it: the words of a chat, a template with its values, a text message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Channel
from domain.notices.model import MessageTemplate, OutgoingMessage
from domain.notices.values import fitting

LINK = "{link}"
"""Where the words have the address of the page: only whoever sends them knows where people reach this server."""

NO_TEMPLATE = "公众号没有设置这类通知的模板"
NO_FOLLOWER = "客户没有可用的公众号"
NO_PHONE = "没有电话号码"


@dataclass(frozen=True)
class Envelope:
    """What a channel is handed. ``key`` is the same in every try by this channel: platforms that can drop a repeat do."""

    channel: Channel
    account_id: str
    recipient: str
    words: str
    path: str = ""
    template_id: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    def words_with(self, public_url: str) -> str:
        return self.words.replace(LINK, public_url + self.path) if self.path else self.words

    def link(self, public_url: str) -> str:
        """The page it leads to, "" when it leads to none."""
        return public_url + self.path if self.path else ""

    def __repr__(self) -> str:
        return f"Envelope({self.channel}, {self.key})"


def envelope_of(uow: UnitOfWork, message: OutgoingMessage) -> Envelope | str:
    """The message for its present channel, or why it cannot go that way, in words for the staff."""
    forms, key = message.forms or {}, f"{message.seq}-{message.at:%Y%m%d}"
    path = str(forms.get("path", ""))
    match Channel(message.channel):
        case Channel.CHAT | Channel.STAFF as channel:
            return Envelope(channel, message.account_id, message.recipient, message.text, path, key=key)
        case Channel.SUBSCRIPTION | Channel.PROGRAM:
            return NO_FOLLOWER
        case Channel.SMS:
            if not forms.get("phone"):
                return NO_PHONE
            return Envelope(Channel.SMS, message.account_id, str(forms["phone"]), str(forms["sms"]), path, key=key)
        case Channel.TEMPLATE:
            account_id, openid = str(forms.get("account_id", "")), str(forms.get("openid", ""))
            if not openid:
                return NO_FOLLOWER
            template = uow.session.get(MessageTemplate, (account_id, str(forms["purpose"])))
            if template is None:
                return NO_TEMPLATE
            given = forms["values"]
            if message.platform_id:  # took it and did not deliver it: the same key again would send nothing
                key = f"{key}-{message.platform_id[-8:]}"
            values = {name: fitting(name, str(given.get(value, ""))) for name, value in template.fields.items()}
            return Envelope(
                Channel.TEMPLATE, account_id, openid, message.text, path, template.template_id, values, key
            )  # fmt: skip
