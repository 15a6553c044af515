"""A person takes a talk: the bot keeps quiet until the task is done, and tells the person where it was."""

from __future__ import annotations

from bot.conversation import State
from bot.engine import listen
from bot.flows import FLOWS
from domain.kit.unit_of_work import UnitOfWork


def where_it_was(uow: UnitOfWork, account_id: str, openid: str) -> str:
    """What the bot was doing with this person, in words, with the answers it had; "" when nothing.

    Locks the conversation first: whoever takes a talk must take the locks in the order the turns take them.
    """
    conversation, _ = listen(uow, account_id, openid)
    state = State.from_json(conversation.state)
    flow = FLOWS.get(state.flow or "")
    return f"{flow.title}进行中\n{flow.summary(state.answers)}".strip() if flow else ""


def take(uow: UnitOfWork, account_id: str, openid: str, task_id: str) -> None:
    """From now on a person answers. What was begun is dropped: it is with the task."""
    conversation, _ = listen(uow, account_id, openid)
    state = State.from_json(conversation.state)
    state.begin(None)
    state.with_person, state.hinted = task_id, True
    conversation.state = state.to_json()
    uow.session.flush()
