"""Asking again how self-help went, half an hour after somebody wanted to wait and see (requirements A8)."""

from __future__ import annotations

from bot import engine
from bot.asking import advance
from bot.conversation import Answer, State
from bot.flows import FLOWS
from bot.talk import Talk
from domain.kit.unit_of_work import UnitOfWork
from domain.knowledge import operations as knowledge
from domain.knowledge.model import GuidedCase
from domain.knowledge.queries import is_due
from domain.organizations.queries import voice

FLOW = "self_help"


def ask_how_it_went(uow: UnitOfWork, case_id: str) -> None:
    """Put the question, with its choices where the talk is free for them, and remember that it was put.

    The conversation is locked first and the case after it, as turns do; by then the case may have been answered.
    """
    case = uow.get(GuidedCase, case_id, called="这次自助指导")
    account = voice(uow, account_id=case.account_id)
    conversation, contact = engine.listen(uow, case.account_id, case.openid)
    case = uow.get(GuidedCase, case_id, called="这次自助指导", lock=True)
    if not is_due(case, uow.now):
        return
    state = State.from_json(conversation.state)
    if state.flow is None and not state.with_person:
        state.begin(FLOW)
        state.answers = {name: Answer(**kept) for name, kept in case.answers.items()}
        talk = Talk(uow, account, contact, state, engine.catalogues.of)
        advance(talk, FLOWS[FLOW])  # offers the choices that a number picks from
        words = "刚才的情况现在怎么样了？\n1. 解决了\n2. 再观察一下\n3. 没解决"
        conversation.state = state.to_json()
    else:
        words = "刚才的情况现在怎么样了？要是还没好，直接告诉我就行。"
    engine.say_later(uow, case.account_id, case.openid, [words])
    knowledge.called_back(uow, case.id, by=engine.BOT)
