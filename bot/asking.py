"""Asking what is missing: keep what was understood, skip what is known, ask the next, read it all back, submit."""

from __future__ import annotations

from bot import commands, consent
from bot.conversation import Answer, Choices
from bot.flow import Flow, Question, Then
from bot.flows import FLOWS
from bot.heard import Heard
from bot.kinds import NotUnderstood
from bot.picking import is_number, picked
from bot.talk import Talk
from bot.understanding import Understood
from domain.kit.errors import Refused

LONG = 100
"""Characters of a question that is not said over again in full."""
PATIENCE = 3
"""Misses on one question before a person takes over."""


def fill(talk: Talk, flow: Flow, understood: Understood[str], *, besides: str = "") -> bool:
    """Keep every answer a message holds for questions not answered yet; True when there was one."""
    found_any = False
    for question in flow.questions:
        old = talk.state.answers.get(question.name)
        if question.name == besides or (old and not question.kind.restated(understood, old)):
            continue
        found = question.kind.find(talk, understood)
        if found and found != old:
            keep(talk, question, found, of=flow)
            found_any = True
        elif old is None and (doubt := question.kind.doubt(talk, understood)):
            talk.doubts.append(doubt)
    return found_any


def keep(talk: Talk, question: Question, found: Answer | Choices, *, of: Flow) -> None:
    """Keep an answer, or the choices out of which it will be picked; what was about another answer is void."""
    for other in of.questions:
        if other.about == question.name:
            talk.state.answers.pop(other.name, None)
            talk.state.offered.pop(other.name, None)
    if isinstance(found, Choices):
        talk.state.answers.pop(question.name, None)
        talk.state.offered[question.name] = found
        return
    talk.state.answers[question.name] = found
    talk.state.offered.pop(question.name, None)
    if question.personal:
        consent.agree(talk)


def take(talk: Talk, flow: Flow, question: Question, heard: Heard, understood: Understood[str]) -> list[str]:
    """Take what was said as the answer to the question asked."""
    state = talk.state
    offer = state.offered.get(question.name)
    if offer:
        option = picked(offer, understood)
        if option:
            return take_option(talk, flow, question, option.answer)
        if is_number(understood):
            return missed(talk, f"请回复 1 到 {len(offer.options)} 之间的数字")
    try:
        keep(talk, question, question.kind.read(talk, heard, understood), of=flow)
    except NotUnderstood as gap:
        state.part = gap.part
        if fill(talk, flow, understood, besides=question.name):
            state.misses = 0
            return advance(talk, flow)
        return missed(talk, str(gap)) if gap.counts else [str(gap)]
    state.misses, state.part, state.asked = 0, "", ""
    fill(talk, flow, understood, besides=question.name)
    return advance(talk, flow)


def take_option(talk: Talk, flow: Flow, question: Question, answer: Answer | None) -> list[str]:
    """A pick; "none of these" asks the question in its own words."""
    talk.state.misses, talk.state.asked = 0, ""
    if answer is None:
        talk.state.offered.pop(question.name)
        return [question.ask]
    keep(talk, question, answer, of=flow)
    return advance(talk, flow)


def missed(talk: Talk, hint: str) -> list[str]:
    """Say why it was not understood; after the third time a person takes over."""
    talk.state.misses += 1
    if talk.state.misses >= PATIENCE:
        return [hint, *commands.to_person(talk, "连续三次没有听懂客户的回答")]
    return [hint]


def advance(talk: Talk, flow: Flow) -> list[str]:
    """Ask the next question, read everything back, or submit."""
    state = talk.state
    state.asked = ""
    while question := flow.next_question(talk, state.answers):
        known = question.kind.known(talk, state.answers)
        if known is None:
            return [privacy_line(talk, flow, question), *talk.doubts, ask(talk, question)]
        state.answers[question.name] = known
    for question in flow.questions:
        known = question.kind.known(talk, state.answers) if question.volunteered else None
        if known and question.name not in state.answers:
            state.answers[question.name] = known
    return (
        [privacy_line(talk, flow, None), *talk.doubts, summary(flow, talk)]
        if flow.confirms(talk, state.answers)
        else submit(talk, flow)
    )


def ask(talk: Talk, question: Question) -> str:
    """The question's words, with its choices where it has some."""
    offer = talk.state.offered.get(question.name)
    if offer is None or question.kind.renews:
        offer = question.kind.options(talk)
        if offer is None:
            return question.ask
        offer = Choices(offer.ask or question.ask, offer.options)
        talk.state.offered[question.name] = offer
    return offer.words()


def summary(flow: Flow, talk: Talk) -> str:
    """Everything read back, so that a wrong house number is caught by the customer, not at the door (A12)."""
    return f"请核对{flow.title}信息：\n{flow.summary(talk.state.answers)}\n回复“确认”提交；要改哪项就说，例如“改{last_title(flow)}”。"


def last_title(flow: Flow) -> str:
    return next((q.title for q in flow.questions if q.personal), flow.questions[-1].title)


def submit(talk: Talk, flow: Flow) -> list[str]:
    """Do it. A refusal of the business undoes what was begun and is told in its own words; saying yes again would only
    be refused again, so the flow is over."""
    try:
        with talk.uow.session.begin_nested():
            closing: str | Then = flow.submit(talk, talk.state.answers)
    except Refused as no:
        closing = str(no)
    if isinstance(closing, Then):
        return [closing.words, *lead_on(talk, closing)]
    queued = talk.state.queued
    talk.state.begin(None)
    return [closing, *take_up(talk, flow, queued)]


def lead_on(talk: Talk, then: Then) -> list[str]:
    """Go on in another flow with the answers that go along."""
    queued = talk.state.queued
    talk.state.begin(then.flow)
    talk.state.answers, talk.state.queued = dict(then.answers), queued
    return advance(talk, FLOWS[then.flow])


def take_up(talk: Talk, flow: Flow, queued: list[str]) -> list[str]:
    """Start over with what was said about another appliance meanwhile."""
    if not queued:
        return []
    talk.state.begin(flow.name)
    talk.state.queued = queued[1:]
    fill(talk, flow, talk.read(queued[0]))
    return [f"接着办您刚才说的“{queued[0][:30]}”。", *advance(talk, flow)]


def privacy_line(talk: Talk, flow: Flow, question: Question | None) -> str:
    """The line, where something personal is about to be asked or was said already."""
    personal = [q for q in flow.questions if q.personal and (q is question or q.name in talk.state.answers)]
    return consent.line(talk) if personal else ""


def again(talk: Talk, flow: Flow | None) -> list[str]:
    """The open question once more, after something was said in between."""
    if flow is None:
        return []
    question = flow.next_question(talk, talk.state.answers)
    if question is None:
        return [summary(flow, talk)]
    offer = talk.state.offered.get(question.name)
    is_long = offer is not None and len(offer.ask) > LONG
    return [Choices(question.ask, offer.options).words() if offer and is_long else ask(talk, question)]
