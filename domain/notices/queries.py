"""Looking at messages to people: dead letters, what is due, and how many more somebody may be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from domain.customers.model import Contact
from domain.kit.inbox import Received
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.channels import Channel
from domain.notices.model import MessageState, OutgoingMessage
from domain.notices.operations import Why
from domain.notices.quota import LONGEST, WINDOWS, ReplyWindow, Trigger, reply_window

OPEN = (MessageState.WAITING, MessageState.SENDING)

CRASHED_AFTER = timedelta(seconds=60)
"""A message still being sent after this long was left behind by a crash: a call with its retry takes half of it."""

HEAD_START = timedelta(seconds=2)
"""The reaction to `MessageQueued` gets this long before the scheduler looks after a message."""

UNFOLLOWED = "客户已取消关注"


def dead_letters(uow: UnitOfWork, limit: int = 200) -> Sequence[OutgoingMessage]:
    """Messages that failed for good, the newest first; `operations.retry` puts one back."""
    dead = select(OutgoingMessage).where(OutgoingMessage.state == MessageState.DEAD)
    return uow.session.scalars(dead.order_by(OutgoingMessage.at.desc()).limit(limit)).all()


def window_of(uow: UnitOfWork, account_id: str, recipient: str) -> ReplyWindow:
    """How many messages this person may be sent now, from what was heard of them and sent to them."""
    contact = uow.session.get(Contact, (account_id, recipient))
    if contact and contact.unfollowed_at and (not contact.followed_at or contact.followed_at < contact.unfollowed_at):
        return ReplyWindow(0, UNFOLLOWED)
    since = uow.now - LONGEST
    heard = (
        select(Received.received_at, Received.trigger)
        .where(
            Received.account_id == account_id,
            Received.sender == recipient,
            Received.received_at > since,
            Received.sent_on >= since.date() - timedelta(days=2),
            Received.trigger.in_(WINDOWS),
        )
        .order_by(Received.received_at.desc())
        .limit(200)
    )
    triggers = [Trigger(at, kind) for at, kind in uow.session.execute(heard)]
    first = min((trigger.at for trigger in triggers), default=uow.now)
    here = and_(
        OutgoingMessage.account_id == account_id, OutgoingMessage.recipient == recipient,
        OutgoingMessage.channel == Channel.CHAT,
    )  # fmt: skip
    from_another = and_(
        OutgoingMessage.to_account_id == account_id, OutgoingMessage.to_openid == recipient,
        OutgoingMessage.channel == Channel.PROGRAM,
    )  # fmt: skip
    sent = select(OutgoingMessage.sent_at).where(
        or_(here, from_another),
        OutgoingMessage.at >= since - timedelta(days=2),
        OutgoingMessage.state == MessageState.SENT,
        OutgoingMessage.sent_at >= first,
    )
    return reply_window(uow.now, triggers, [at for at in uow.session.scalars(sent) if at])


def waiting_for(uow: UnitOfWork, account_id: str, recipient: str) -> int:
    """How many messages to this person are written and not sent yet: they will use up the window as well."""
    waiting = select(func.count()).where(
        OutgoingMessage.account_id == account_id,
        OutgoingMessage.recipient == recipient,
        OutgoingMessage.state.in_(OPEN),
    )
    return uow.session.scalar(waiting) or 0


def due_recipients(uow: UnitOfWork, limit: int = 500) -> Sequence[tuple[str, str, bool]]:
    """(account, recipient) of whom on some channel the first open message waits though its time has come, or was left
    behind by a crash; and whether that is an answer somebody waits for. Those come first."""
    lane = (OutgoingMessage.account_id, OutgoingMessage.recipient, OutgoingMessage.channel)
    first = aliased(
        OutgoingMessage,
        select(OutgoingMessage)
        .where(
            OutgoingMessage.state.in_(OPEN),
            or_(OutgoingMessage.held_until.is_(None), OutgoingMessage.held_until <= uow.now),
        )
        .ext(distinct_on(*lane))
        .order_by(*lane, OutgoingMessage.seq)
        .subquery(),
    )
    answers = func.bool_or(first.why.in_(list(Why)))
    due = select(first.account_id, first.recipient, answers).where(
        or_(
            and_(
                first.state == MessageState.WAITING,
                first.not_before <= uow.now,
                or_(first.not_before > first.at, first.at <= uow.now - HEAD_START),
            ),
            and_(first.state == MessageState.SENDING, first.sending_at <= uow.now - CRASHED_AFTER),
        )
    )
    due = due.group_by(first.account_id, first.recipient).order_by(answers.desc()).limit(limit)
    return [(account_id, recipient, is_answer) for account_id, recipient, is_answer in uow.session.execute(due)]


def notices_of_orders(uow: UnitOfWork, order_ids: Sequence[str], limit: int = 100) -> Sequence[OutgoingMessage]:
    """What was told about these orders, the newest first."""
    found = select(OutgoingMessage).where(OutgoingMessage.subject_id.in_(order_ids))
    return uow.session.scalars(found.order_by(OutgoingMessage.seq.desc()).limit(limit)).all()
