"""A template or subscription message the platform took and then could not deliver: it goes on to its next channel, once.

The platform says so by the id it gave the message (TEMPLATESENDJOBFINISH, subscribe_msg_sent_event, wechat-protocol §3.2). To put another of its
reasons into words, add a row to `WHY`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Channel
from domain.notices.delivery import TOO_LATE, go_on
from domain.notices.events import MessageQueued, TemplateFailed
from domain.notices.model import MessageState, OutgoingMessage
from domain.notices.notices import NOTICES
from domain.notices.saying import REPLACED
from domain.notices.subscriptions_model import Move, SubscriptionMove

BLOCKED = "failed:userblock"
WHY: Mapping[str, str] = {BLOCKED: "客户拒收公众号的消息", "failed:systemfailed": "微信没有送达：系统原因"}
"""By the platform's status without blanks: it writes them one way and another."""
OTHER = "微信没有送达"
LOOKED_BACK = timedelta(days=4)
"""Longer than any notice is worth sending."""


def heard_of_failure(
    uow: UnitOfWork, account_id: str, openid: str, platform_id: str, status: str, template_id: str = ""
) -> None:
    """Note what the platform said; what follows is a reaction, because the message may not be known by its id yet."""
    uow.emit(TemplateFailed(account_id, openid, platform_id, status, uow.now.isoformat(), template_id))


def go_on_after_failure(uow: UnitOfWork, event: TemplateFailed) -> bool:
    """Send the message by its next channel. False when no message of this person has the id.

    Nothing happens where it went on already, is no longer worth sending, or newer words took its place meanwhile.
    """
    found = select(OutgoingMessage).where(
        OutgoingMessage.platform_id == event.platform_id, OutgoingMessage.at > uow.now - LOOKED_BACK
    )
    rows = uow.session.scalars(found.with_for_update().execution_options(populate_existing=True))
    message = next((row for row in rows if went_to(row, event)), None) or newest_by(uow, event)
    if message is None:
        return False
    if message.state == MessageState.SENT and message.channel in (Channel.TEMPLATE, Channel.SUBSCRIPTION):
        take_up_again(uow, message, "".join(event.status.lower().split()))
    return True


def went_to(message: OutgoingMessage, event: TemplateFailed) -> bool:
    if message.channel == Channel.SUBSCRIPTION:
        return (message.to_account_id, message.to_openid) == (event.account_id, event.openid)
    forms = message.forms or {}
    return (forms.get("account_id"), forms.get("openid")) == (event.account_id, event.openid)


def newest_by(uow: UnitOfWork, event: TemplateFailed) -> OutgoingMessage | None:
    """The last message for which a consent to this template was taken: not every account is told an id when it sends."""
    if not event.template_id:
        return None
    taken = select(SubscriptionMove.seq).filter_by(
        account_id=event.account_id, openid=event.openid, template_id=event.template_id, move=str(Move.TAKEN)
    )
    taken = taken.where(SubscriptionMove.at > uow.now - LOOKED_BACK).order_by(SubscriptionMove.id.desc()).limit(1)
    found = select(OutgoingMessage).where(
        OutgoingMessage.seq == taken.scalar_subquery(),
        OutgoingMessage.at > uow.now - LOOKED_BACK,
        OutgoingMessage.platform_id.is_(None),
    )
    return uow.session.scalars(found.with_for_update().execution_options(populate_existing=True)).first()


def take_up_again(uow: UnitOfWork, message: OutgoingMessage, status: str) -> None:
    message.sent_at = None
    if is_replaced(uow, message):
        message.state, message.error = MessageState.STALE, REPLACED
        return
    if message.stale_at and message.stale_at <= uow.now:
        message.state, message.error = MessageState.STALE, TOO_LATE
        return
    or_else = MessageState.UNREACHABLE if status == BLOCKED else MessageState.DEAD
    go_on(uow, message, WHY.get(status, OTHER), or_else=or_else)
    if message.state == MessageState.WAITING:
        uow.emit(MessageQueued(message.account_id, message.recipient))


def is_replaced(uow: UnitOfWork, message: OutgoingMessage) -> bool:
    """Whether something was said since that takes its place: the old words would come after the new ones."""
    if not message.subject_id:
        return False
    newer = select(OutgoingMessage.why).where(
        OutgoingMessage.account_id == message.account_id,
        OutgoingMessage.recipient == message.recipient,
        OutgoingMessage.subject_id == message.subject_id,
        OutgoingMessage.at >= message.at,
        OutgoingMessage.seq > message.seq,
    )
    said = [NOTICES[why] for why in uow.session.scalars(newer) if why in NOTICES]
    return any(message.why.startswith(tuple(notice.instead)) for notice in said if notice.instead)
