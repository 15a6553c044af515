"""Pictures in the talk: what was read on one is offered as numbered choices where a model or a serial is wanted.

What was read lies in the state of the talk until it is used, so that a picture that came before its question helps too.
"""

from __future__ import annotations

from bot import engine
from bot.conversation import Choices, Conversation, State
from bot.flow import Flow, Question
from bot.flows import FLOWS
from bot.kinds import SerialNumber
from bot.talk import Talk
from bot.understanding.nameplates import Print, read_plate
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.queries import voice

UNREADABLE = "照片上没认出{what}，麻烦打字发给我，或对着铭牌再拍近一点、清楚一点。"


def wants_reading(uow: UnitOfWork, account_id: str, openid: str) -> bool:
    """Whether a model or a serial may still be asked for: nothing is being done yet, or that question is open."""
    conversation = uow.session.get(Conversation, (account_id, openid))
    if conversation is None:
        return False
    state = State.from_json(conversation.state)
    if state.with_person:
        return False
    flow = FLOWS.get(state.flow or "")
    return flow is None or any(q.kind.by_picture and q.name not in state.answers for q in flow.questions)


def offer_found(uow: UnitOfWork, account_id: str, openid: str, found: Print) -> list[str]:
    """Keep what a picture says, offer it where it is wanted just now, and queue the words; returns them."""
    account = voice(uow, account_id=account_id)
    conversation, contact = engine.listen(uow, account_id, openid)
    state = State.from_json(conversation.state)
    if state.with_person:
        return []
    talk = Talk(uow, account, contact, state, engine.catalogues.of)
    plate = read_plate(found, talk.catalogue.codes)
    if plate:
        state.seen = {"models": [hit.id for hit in plate.models], "serials": list(plate.serials)}
    words = offered(talk)
    conversation.state = state.to_json()
    engine.say_later(uow, account_id, openid, words)
    return words


def offered(talk: Talk) -> list[str]:
    """The choices for the question that is open, or once that nothing could be read; else nothing."""
    asked = open_question(talk)
    if asked is None:
        return []
    offer = asked.kind.seen(talk)
    if offer is None:
        if talk.state.unread:
            return []
        talk.state.unread = True
        return [UNREADABLE.format(what="机身编号" if isinstance(asked.kind, SerialNumber) else "型号")]
    offer = behind(talk.state.offered.get(asked.name), offer)
    talk.state.offered[asked.name], talk.state.misses = offer, 0
    return [offer.words()]


def open_question(talk: Talk) -> Question | None:
    """The question that waits for an answer, if a picture can answer it."""
    flow: Flow | None = FLOWS.get(talk.state.flow or "")
    if flow is None:
        return None
    asked = talk.state.asked
    question = flow.question(asked) if asked else flow.next_question(talk, talk.state.answers)
    return question if question and question.kind.by_picture else None


def behind(before: Choices | None, new: Choices) -> Choices:
    """Choices that were offered already keep their numbers: the reply to them may be on its way."""
    if before is None:
        return new
    known = {option.shown for option in before.options}
    return Choices(new.ask, (*before.options, *(option for option in new.options if option.shown not in known)))
