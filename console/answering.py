"""What the staff do in a chat: take it, write to the customer, note something, pass it on, give it back to the bot."""

from __future__ import annotations

from bot import handover
from console.chat_refs import Chat, ref_of
from domain.access import trail
from domain.access.sessions import SignedIn
from domain.desk import operations
from domain.desk.events import AgentTyping
from domain.desk.lifecycle import CLAIMED
from domain.desk.model import DeskTask
from domain.kit import live
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.notices.operations import queue_message
from domain.notices.queries import window_of
from domain.organizations.queries import voice

LONGEST_REPLY = 600
"""Characters: a longer reply would be cut in two at the platform's 2 048 bytes, and cost two of the five messages."""

GOODBYE = "本次人工服务已结束。之后您发的消息由智能助手接待，需要时回复“人工”即可再找我们。"


def claim(uow: UnitOfWork, task_id: str, who: SignedIn) -> DeskTask:
    """Take a task; of a chat the bot keeps quiet from now on.

    :raises Conflict: somebody was first; the words say who
    """
    task = uow.get(DeskTask, task_id, called="这条待办")
    if task.kind == "chat" and task.account_id and task.openid:
        handover.take(uow, task.account_id, task.openid, task.id)
    return operations.move_task(uow, task_id, "claim", by=who.actor)


def take_over(uow: UnitOfWork, chat: Chat, who: SignedIn) -> DeskTask:
    """Take a chat from the bot, whatever it is doing.

    :raises Conflict: a colleague has it
    """
    was = handover.where_it_was(uow, chat.account_id, chat.openid)
    task = operations.take_over(
        uow, by=who.actor, brand_id=voice(uow, account_id=chat.account_id).brand_id, account_id=chat.account_id,
        openid=chat.openid, words="\n".join(part for part in ("客服主动接入", was) if part),
    )  # fmt: skip
    handover.take(uow, chat.account_id, chat.openid, task.id)
    return task


def own(uow: UnitOfWork, task_id: str, who: SignedIn) -> DeskTask:
    """:raises Conflict: it is not one's own"""
    task = uow.get(DeskTask, task_id, called="这条待办", lock=True)
    if task.status != CLAIMED or task.claimed_by != who.staff.id:
        raise Conflict("请先接手再回复")
    return task


def reply(uow: UnitOfWork, task_id: str, words: str, who: SignedIn) -> DeskTask:
    """Write to the customer of a chat one has taken.

    :raises Conflict: it is not one's own
    :raises Refused: nothing to send, too long, or the platform would not let it through
    """
    task = own(uow, task_id, who)
    if not words.strip() or len(words) > LONGEST_REPLY:
        raise Refused(f"回复要有 1 到 {LONGEST_REPLY} 个字")
    say(uow, task, words.strip(), who)
    trail.record(uow, who.actor, "desk.reply", "desk_task", task.id)
    return task


def say(uow: UnitOfWork, task: DeskTask, words: str, who: SignedIn) -> None:
    """Queue a message to whoever the task is about, if there is a chat to send it to."""
    if not task.account_id or not task.openid:
        raise Refused("这条待办没有可以回复的会话")
    window = window_of(uow, task.account_id, task.openid)
    if not window.left:
        raise Refused(window.reason)
    queue_message(
        uow, account_id=task.account_id, recipient=task.openid, text=words, why="agent", author=who.actor,
        subject_id=task.id,
    )  # fmt: skip
    live.chat_changed(uow, task.id, task.claimed_by)


def typing(uow: UnitOfWork, task_id: str, who: SignedIn) -> None:
    """Let the customer see that somebody is writing; silently nothing where it cannot be shown."""
    task = uow.get(DeskTask, task_id, called="这条待办")
    if task.status == CLAIMED and task.claimed_by == who.staff.id:
        uow.emit(AgentTyping(task.id, uow.now.isoformat()))


def give_back(uow: UnitOfWork, task_id: str, why: str, who: SignedIn, *, tell: bool) -> DeskTask:
    """The bot serves the customer again; ``tell`` says so, where the platform lets it through.

    :raises Conflict: a colleague has it
    """
    task = uow.get(DeskTask, task_id, called="这条待办", lock=True)
    if task.status == CLAIMED and task.claimed_by != who.staff.id:
        raise Conflict(operations.taken_by(uow, task))
    if tell and task.account_id and task.openid and window_of(uow, task.account_id, task.openid).left:
        say(uow, task, GOODBYE, who)
    return operations.move_task(uow, task_id, "finish", by=who.actor, why=why)


def add_note(uow: UnitOfWork, chat: Chat, words: str, who: SignedIn) -> None:
    """Something for colleagues; everybody who has the chat open sees it.

    :raises Refused: nothing, or too much
    """
    operations.note(uow, chat.account_id, chat.openid, words, by=who.actor)
    task = operations.open_chat(uow, chat.account_id, chat.openid)
    if task:
        live.chat_changed(uow, task.id, task.claimed_by)


def path_of(uow: UnitOfWork, task: DeskTask) -> str:
    """What comes after ``/console/inbox/`` for the chat of a task, once the task is over."""
    assert task.account_id
    assert task.openid
    return ref_of(uow, Chat(task.account_id, task.openid))
