"""One message in the form its channel takes it: the words of a chat, a template with its values, a text message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.kit.unit_of_work import UnitOfWork
from domain.notices import subscriptions
from domain.notices.channels import Channel
from domain.notices.markup import LINK, linked
from domain.notices.model import MessageTemplate, OutgoingMessage
from domain.notices.subscriptions_model import SubscriptionTemplate
from domain.notices.values import fitting, unfit

NO_TEMPLATE = "公众号没有设置这类通知的模板"
NO_FOLLOWER = "客户没有可用的公众号"
NO_PHONE = "没有电话号码"
NO_PROGRAM = "客户没有用过小程序客服"
NOT_AGREED = "客户没有订阅这类通知"
BUSY = "正在给这位客户发送另一条订阅消息"


@dataclass(frozen=True)
class Envelope:
    """What a channel is handed. ``key`` is the same in every try by this channel: platforms that can drop a repeat do.

    ``purpose`` says to a gateway for text messages which of its templates to fill with ``values``; ``again`` that an earlier
    try may have arrived; ``page`` is the mini-program's page a subscription message opens.
    """

    channel: Channel
    account_id: str
    recipient: str
    words: str
    path: str = ""
    template_id: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    purpose: str = ""
    again: bool = False
    page: str = ""

    def words_with(self, public_url: str) -> str:
        if not self.path:
            return self.words
        in_chat = self.channel in (Channel.CHAT, Channel.PROGRAM)
        return linked(self.words, self.link(public_url)) if in_chat else self.words.replace(LINK, self.link(public_url))

    def link(self, public_url: str) -> str:
        """The page it leads to, "" when it leads to none."""
        return public_url + self.path if self.path else ""

    @property
    def elsewhere(self) -> tuple[str, str] | tuple[None, None]:
        """The chat it goes to where that need not be the message's own."""
        goes = self.channel in (Channel.SUBSCRIPTION, Channel.PROGRAM)
        return (self.account_id, self.recipient) if goes else (None, None)

    def __repr__(self) -> str:
        return f"Envelope({self.channel}, {self.key})"


def envelope_of(uow: UnitOfWork, message: OutgoingMessage) -> Envelope | str:
    """The message for its present channel, or why it cannot go that way, in words for the staff."""
    return FORMS[Channel(message.channel)](uow, message)


Form = Callable[[UnitOfWork, OutgoingMessage], Envelope | str]


def made(message: OutgoingMessage, account_id: str, recipient: str, **more: Any) -> Envelope:
    """What all envelopes of a message have in common."""
    given = {"words": message.text, "key": key_of(message), "path": str((message.forms or {}).get("path", ""))}
    again = message.resent or message.attempts > 0
    return Envelope(Channel(message.channel), account_id, recipient, **{**given, **more}, again=again)


def key_of(message: OutgoingMessage) -> str:
    return f"{message.seq}-{message.at:%Y%m%d}"


def as_words(uow: UnitOfWork, message: OutgoingMessage) -> Envelope | str:
    return made(message, message.account_id, message.recipient)


def as_program_chat(uow: UnitOfWork, message: OutgoingMessage) -> Envelope | str:
    chat = (message.forms or {}).get("program")
    return made(message, *chat) if chat else NO_PROGRAM


def as_text_message(uow: UnitOfWork, message: OutgoingMessage) -> Envelope | str:
    forms = message.forms or {}
    if not forms.get("phone"):
        return NO_PHONE
    return made(
        message, message.account_id, str(forms["phone"]), words=str(forms["sms"]), values=forms.get("values", {}),
        purpose=str(forms.get("purpose", "")),
    )  # fmt: skip


def as_template(uow: UnitOfWork, message: OutgoingMessage) -> Envelope | str:
    forms, key = message.forms or {}, key_of(message)
    account_id, openid = str(forms.get("account_id", "")), str(forms.get("openid", ""))
    if not openid:
        return NO_FOLLOWER
    template = uow.session.get(MessageTemplate, (account_id, str(forms["purpose"])))
    if template is None:
        return NO_TEMPLATE
    if message.platform_id:  # took it and did not deliver it: the same key again would send nothing
        key = f"{key}-{message.platform_id[-8:]}"
    values = filled(template.fields, forms["values"])
    return made(message, account_id, openid, template_id=template.template_id, values=values, key=key)


def as_subscription(uow: UnitOfWork, message: OutgoingMessage) -> Envelope | str:
    """By the first of the person's chats that has a consent left: the consent is taken with it.

    `BUSY` when another subscription message is on its way to that chat.
    """
    forms, why = message.forms or {}, NO_TEMPLATE
    for account_id, openid in forms.get("subscribers", ()):
        template = uow.session.get(SubscriptionTemplate, (account_id, str(forms["purpose"])))
        if template is None:
            continue
        values = filled(template.fields, forms["values"])
        if field_ := unfit(values):
            why = f"模板字段 {field_} 放不下这条通知的内容"
            continue
        if not subscriptions.hold(uow, account_id, openid).get(template.template_id):
            why = NOT_AGREED
            continue
        if subscriptions.is_on_its_way(uow, account_id, openid):
            return BUSY
        subscriptions.take(uow, account_id, openid, template.template_id, message.seq)
        return made(message, account_id, openid, template_id=template.template_id, values=values, page=template.page)
    return why


def filled(fields: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, str]:
    return {name: fitting(name, str(given.get(value, ""))) for name, value in fields.items()}


FORMS: Mapping[Channel, Form] = {
    Channel.CHAT: as_words,
    Channel.STAFF: as_words,
    Channel.PROGRAM: as_program_chat,
    Channel.SMS: as_text_message,
    Channel.TEMPLATE: as_template,
    Channel.SUBSCRIPTION: as_subscription,
}


def chat_written_to(message: OutgoingMessage) -> Iterable[str]:
    """Account and openid of the chat whose window counts, none where no window does."""
    if message.channel == Channel.CHAT:
        return (message.account_id, message.recipient)
    program: list[str] = (message.forms or {}).get("program") or []
    return program if message.channel == Channel.PROGRAM else ()
