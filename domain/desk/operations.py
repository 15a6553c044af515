"""Putting things on the desk and working them off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from domain.access import queries as access
from domain.access import trail
from domain.access.model import Staff
from domain.desk import duty
from domain.desk.lifecycle import CLAIMED, DONE, TASKS
from domain.desk.model import DeskNote, DeskTask
from domain.kit import live
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Refused
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork

LONGEST_NOTE = 1000
LONGEST_WORDS = 4000
"""Characters kept of what was said with wishes for a call, the newest."""


def open_chat(uow: UnitOfWork, account_id: str, openid: str) -> DeskTask | None:
    """The task by which this customer is with a person now, or None."""
    found = select(DeskTask).filter_by(account_id=account_id, openid=openid, kind="chat")
    return uow.session.scalars(found.where(DeskTask.status != DONE)).first()


def ask_for_person(
    uow: UnitOfWork, *, by: Actor, brand_id: str, account_id: str, openid: str, words: str
) -> tuple[DeskTask, bool]:
    """The customer wants a person. Returns the task and whether it is new: asking again while waiting is one task."""
    waiting = open_chat(uow, account_id, openid)
    if waiting:
        return waiting, False
    task = put_task(uow, by=by, brand_id=brand_id, kind="chat", words=words, account_id=account_id, openid=openid)
    return task, True


def ask_for_callback(
    uow: UnitOfWork, *, by: Actor, brand_id: str, phone: str, account_id: str, openid: str, wanted_time: str = "",
    words: str = "",
) -> DeskTask:  # fmt: skip
    """The customer wants to be called. Due half an hour after people answer next; asking again changes the number."""
    open_one = select(DeskTask).filter_by(account_id=account_id, openid=openid, kind="callback")
    asked = uow.session.scalars(open_one.where(DeskTask.status != DONE, DeskTask.phone.isnot(None))).first()
    if asked:
        asked.phone, asked.wanted_time = phone, wanted_time or asked.wanted_time
        asked.words = "\n".join(dict.fromkeys(part for part in (asked.words, words) if part))[-LONGEST_WORDS:]
        trail.record(uow, by, "desk.ask_again", "desk_task", asked.id, kind=asked.kind)
        live.queue_changed(uow)
        return asked
    return put_task(
        uow, by=by, brand_id=brand_id, kind="callback", words=words or "客户要求回电", account_id=account_id,
        openid=openid, phone=phone, wanted_time=wanted_time or None, due_at=duty.callback_due(uow, brand_id),
    )  # fmt: skip


def put_task(
    uow: UnitOfWork, *, by: Actor, brand_id: str, kind: str, words: str, subject_id: str | None = None,
    account_id: str | None = None, openid: str | None = None, due_at: datetime | None = None,
    phone: str | None = None, wanted_time: str | None = None,
) -> DeskTask:  # fmt: skip
    """Put one thing on the desk; ``due_at`` is what the customer was promised."""
    task = DeskTask(
        id=uow.new_id("dt"), brand_id=brand_id, kind=kind, status=TASKS.start, words=words, subject_id=subject_id,
        account_id=account_id, openid=openid, phone=phone, wanted_time=wanted_time, asked_at=uow.now, due_at=due_at,
    )  # fmt: skip
    put_tasks(uow, [task], by=by)
    return task


def put_tasks(uow: UnitOfWork, tasks: Sequence[DeskTask], *, by: Actor) -> None:
    """Put many things on the desk at once: one insert, and one piece of news for whoever looks at it."""
    uow.session.add_all(tasks)
    uow.session.flush()
    for task in tasks:
        trail.record(uow, by, "desk.ask", "desk_task", task.id, kind=task.kind)
    live.queue_changed(uow)


def is_asked(uow: UnitOfWork, kind: str, subject_id: str) -> bool:
    """Whether such a task about this thing waits already."""
    waiting = select(DeskTask.id).where(
        DeskTask.kind == kind, DeskTask.subject_id == subject_id, DeskTask.status != DONE
    )
    return uow.session.scalars(waiting.limit(1)).first() is not None


def take_over(
    uow: UnitOfWork, *, by: Actor, brand_id: str, account_id: str, openid: str, words: str
) -> DeskTask:  # fmt: skip
    """Take a chat that waits for nobody, or for anybody. Silencing the bot is `bot.handover`'s.

    :raises Conflict: a colleague has it
    """
    task, _ = ask_for_person(uow, by=by, brand_id=brand_id, account_id=account_id, openid=openid, words=words)
    return move_task(uow, task.id, "claim", by=by)


def move_task(uow: UnitOfWork, task_id: str, name: str, *, by: Actor, why: str = "") -> DeskTask:
    """Claim, drop or finish a task; giving it to a colleague is `pass_on`.

    :raises Conflict: somebody was first; the words say who
    :raises MoveRefused: it is done, or waits
    """
    task = uow.get(DeskTask, task_id, called="这条待办", lock=True)
    if name == "claim" and task.status == CLAIMED:
        raise Conflict(taken_by(uow, task))
    TASKS.move(task, name, by.role, why=why)
    if name == "claim":
        task.claimed_by, task.claimed_at = by.id, uow.now
    elif name == "drop":
        task.claimed_by = task.claimed_at = None
    elif name == "finish":
        task.done_at = uow.now
    trail.record(uow, by, f"desk.{name}", "desk_task", task.id, why=why)
    changed(uow, task)
    return task


def taken_by(uow: UnitOfWork, task: DeskTask) -> str:
    """Words for whoever came second."""
    who = f"staff:{task.claimed_by}"
    name = access.names_of(uow, [who]).get(who, "同事")
    at = task.claimed_at.astimezone(SHANGHAI).strftime(" %H:%M ") if task.claimed_at else " "
    return f"{name}{at}已先接手"


def pass_on(uow: UnitOfWork, task_id: str, to: str, *, by: Actor, why: str = "") -> DeskTask:
    """Give a task one has to a colleague.

    :raises Conflict: it is not one's own
    :raises Refused: there is no such colleague, or it is oneself
    """
    task = uow.get(DeskTask, task_id, called="这条待办", lock=True)
    if task.claimed_by != by.id:
        raise Conflict("只能转交自己接手的会话")
    colleague = uow.session.get(Staff, to)
    if colleague is None or colleague.disabled_at or to == by.id:
        raise Refused("请选择一位在职的同事")
    TASKS.move(task, "pass_on", by.role, why=why)
    changed(uow, task)  # the pages of whoever had it
    task.claimed_by, task.claimed_at = colleague.id, uow.now
    trail.record(uow, by, "desk.pass_on", "desk_task", task.id, why=why, to=colleague.id)
    if task.account_id and task.openid:
        words = f"转交给 {colleague.display_name}" + (f"：{why.strip()}" if why.strip() else "")
        note(uow, task.account_id, task.openid, words, by=by)
    changed(uow, task)
    return task


def note(uow: UnitOfWork, account_id: str, openid: str, words: str, *, by: Actor) -> DeskNote:
    """Write something about a chat down for colleagues.

    :raises Refused: nothing, or too much
    """
    if not words.strip() or len(words) > LONGEST_NOTE:
        raise Refused(f"备注要有 1 到 {LONGEST_NOTE} 个字")
    written = DeskNote(account_id=account_id, openid=openid, author=str(by), words=words.strip(), at=uow.now)
    uow.session.add(written)
    uow.session.flush()
    return written


def changed(uow: UnitOfWork, task: DeskTask) -> None:
    """Tell open pages that a task is somebody else's now, or done."""
    live.queue_changed(uow)
    live.chat_changed(uow, task.id, task.claimed_by)


def heard(uow: UnitOfWork, task: DeskTask) -> None:
    """Tell open pages that the customer said something in a chat that waits for a person or is with one."""
    live.chat_changed(uow, task.id, task.claimed_by)
    if task.claimed_by is None:
        live.queue_changed(uow)
