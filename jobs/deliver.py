"""Sending messages to people: one sender at a time per recipient, in order, no transaction held during a call."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from domain.access.roles import TITLES, StaffRole
from domain.kit.unit_of_work import UnitOfWork
from domain.notices import delivery, queries, undelivered
from domain.notices.channels import Channel
from domain.notices.delivery import Taken
from domain.notices.events import TemplateFailed
from domain.notices.forms import Envelope
from jobs.channels import NeverAgain, OutcomeUnknown, RetryLater, TextForm, WindowClosed
from jobs.context import QUICK, REPLIES, Jobs
from jobs.queueing import Call, enqueue

AT_ONCE = 10
"""Messages sent to one person by one job; what is left is found by `enqueue_due`."""

KNOWN_WITHIN = timedelta(minutes=15)
"""So long after a failure its message's id may still be written down: longer than a crashed call takes to be repeated.
Beyond it the message was somebody else's."""

log = structlog.get_logger()


def deliver(jobs: Jobs, account_id: str, recipient: str) -> int:
    """Send what waits for this recipient and may go out now; returns how many were sent."""
    count = 0
    for _ in range(AT_ONCE):
        with jobs.runtime.transaction() as uow:
            taken = delivery.take_next(uow, account_id, recipient)
        if taken is None:
            break
        count += send(jobs, taken)
    return count


def send(jobs: Jobs, taken: Taken) -> bool:
    """Make the call for one message, already ``sending``, and write down what came of it. True when it arrived."""
    try:
        platform_id = hand_over(jobs, taken.envelope)
    except RetryLater as no:
        with jobs.runtime.transaction() as uow:
            delivery.try_later(uow, taken, str(no), no.after, jobs.chance)
    except WindowClosed as no:
        with jobs.runtime.transaction() as uow:
            delivery.window_closed(uow, taken, str(no), no.code)
    except NeverAgain as no:
        with jobs.runtime.transaction() as uow:
            delivery.failed_for_good(uow, taken, str(no))
        log.warning("channel refused message", seq=taken.seq, channel=taken.envelope.channel, code=no.code)
    except OutcomeUnknown:
        with jobs.runtime.transaction() as uow:
            delivery.outcome_unknown(uow, taken)
        log.warning("message outcome unknown", seq=taken.seq)
    else:
        with jobs.runtime.transaction() as uow:
            delivery.sent(uow, taken, platform_id)
        return True
    return False


def hand_over(jobs: Jobs, letter: Envelope) -> str:
    """Make the call of the letter's channel. Returns the platform's id of a template message, else "".

    :raises RetryLater, NeverAgain, WindowClosed, OutcomeUnknown: it did not arrive, or may not have
    """
    words = letter.words_with(jobs.public_url)
    match letter.channel:
        case Channel.CHAT | Channel.PROGRAM:
            jobs.channel.send_text(letter.account_id, letter.recipient, words)
        case Channel.TEMPLATE:
            return jobs.channel.send_template(
                letter.account_id, letter.recipient, letter.template_id, letter.values, letter.link(jobs.public_url),
                letter.key,
            )  # fmt: skip
        case Channel.SUBSCRIPTION:
            return jobs.channel.send_subscription(
                letter.account_id, letter.recipient, letter.template_id, letter.values, letter.link(jobs.public_url),
                letter.page,
            )  # fmt: skip
        case Channel.SMS:
            token = letter.path.rpartition("/")[2]
            form = TextForm(letter.purpose, {**letter.values, "link": token}, letter.key, letter.again)
            jobs.texts.send(letter.recipient, words, form)
        case Channel.STAFF:
            page_staff(jobs, letter.recipient, words)
    return ""


def page_staff(jobs: Jobs, role: str, words: str) -> None:
    """Call a role. A pager may raise anything; two calls do less harm than none, so a lost one is made again."""
    try:
        jobs.pager.page(TITLES[StaffRole(role)], words)
    except Exception as error:
        raise RetryLater(f"呼叫失败：{type(error).__name__}") from None


def template_failed(uow: UnitOfWork, event: TemplateFailed) -> None:
    """Send a template message that was not delivered by its next channel.

    The platform may say so before its answer to our call is written down, or while a crash keeps us from doing so.

    :raises RetryLater: no message has this id yet
    """
    known = undelivered.go_on_after_failure(uow, event)
    if not known and uow.now - datetime.fromisoformat(event.at) < KNOWN_WITHIN:
        raise RetryLater("这条模板消息的编号还没有记下")


def enqueue_due(jobs: Jobs) -> int:
    """Queue a delivery for everybody whose first message is due: later ones, repeats, and what a crash left behind."""
    with jobs.runtime.transaction() as uow:
        due = queries.due_recipients(uow)
    return enqueue(
        jobs,
        [
            Call("deliver", (account_id, recipient), REPLIES if answer else QUICK)
            for account_id, recipient, answer in due
        ],
    )
