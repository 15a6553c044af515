"""Putting things on the desk and working them off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from domain.access import trail
from domain.desk.lifecycle import DONE, TASKS
from domain.desk.model import DeskTask
from domain.kit.actors import Actor
from domain.kit.unit_of_work import UnitOfWork


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


def put_task(
    uow: UnitOfWork, *, by: Actor, brand_id: str, kind: str, words: str, subject_id: str | None = None,
    account_id: str | None = None, openid: str | None = None, due_at: datetime | None = None,
) -> DeskTask:  # fmt: skip
    """Put one thing on the desk; ``due_at`` is what the customer was promised."""
    task = DeskTask(
        id=uow.new_id("dt"), brand_id=brand_id, kind=kind, status=TASKS.start, words=words, subject_id=subject_id,
        account_id=account_id, openid=openid, asked_at=uow.now, due_at=due_at,
    )  # fmt: skip
    uow.session.add(task)
    uow.session.flush()
    trail.record(uow, by, "desk.ask", "desk_task", task.id, kind=kind)
    return task


def move_task(uow: UnitOfWork, task_id: str, name: str, *, by: Actor, why: str = "") -> DeskTask:
    """Claim, drop or finish a task.

    :raises MoveRefused: somebody was first, or it is done
    """
    task = uow.get(DeskTask, task_id, called="这条待办", lock=True)
    TASKS.move(task, name, by.role, why=why)
    if name == "claim":
        task.claimed_by = by.id
    elif name == "drop":
        task.claimed_by = None
    else:
        task.done_at = uow.now
    trail.record(uow, by, f"desk.{name}", "desk_task", task.id, why=why)
    return task
