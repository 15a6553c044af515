"""After everything is read back: yes, no, or a correction; corrections count at any earlier moment too."""

from __future__ import annotations

import re

from bot import commands, consent
from bot.asking import advance, fill, keep, missed, submit, take
from bot.conversation import Answer, Choices, Option
from bot.flow import Flow, Question
from bot.heard import Heard, HeardKind
from bot.kinds import Name, Place, VisitWindow
from bot.kinds.pick import YES
from bot.picking import picked
from bot.talk import Talk
from bot.understanding import Understood

CHANGE_SOMETHING = re.compile(r"^(2|修改|改一下|要改|不对|有误|错了|信息不对|不是)[。.!,~\s了的吧]*$")
CHANGE = "change"
"""The offer out of which the answer to change is picked."""


def confirm(talk: Talk, flow: Flow, heard: Heard, understood: Understood[str]) -> list[str]:
    """Everything is answered: submit on yes, change what is to be changed."""
    state, said = talk.state, understood.said.text.strip()
    offer = state.offered.pop(CHANGE, None)
    option = picked(offer, understood) if offer else None
    if option and option.answer:
        return drop(talk, flow, option.answer.value)
    if YES.match(said):
        consent.agree(talk)
        return submit(talk, flow)
    if CHANGE_SOMETHING.match(said):
        return [offer_changes(talk, flow).words()]
    if replaced(talk, flow, understood) or fill(talk, flow, understood):
        return advance(talk, flow)
    place = next((q for q in flow.questions if isinstance(q.kind, Place)), None)
    if place and (understood.address or heard.kind is HeardKind.LOCATION):
        drop(talk, flow, place.name)
        return take(talk, flow, place, heard, understood)
    name = next((q for q in flow.questions if isinstance(q.kind, Name) and q.name not in state.answers), None)
    alone = name and isinstance(name.kind, Name) and name.kind.alone(understood.text.strip())
    if name and alone:
        keep(talk, name, alone, of=flow)
        return advance(talk, flow)
    doubtful = ((q.kind, words) for q in flow.questions if (words := q.kind.doubt(talk, understood)))
    kind, doubt = next(doubtful, (None, "回复“确认”提交，“修改”更正，“取消”放弃。"))
    return missed(talk, doubt) if kind is None or kind.doubt_counts else [doubt]


def corrected(talk: Talk, flow: Flow, understood: Understood[str]) -> list[str] | None:
    """A correction of an earlier answer (改地址, 电话错了，是139…), or None when it is none."""
    said, state = understood.said.text, talk.state
    if not commands.CHANGE.search(said):
        return None
    if replaced(talk, flow, understood):
        return advance(talk, flow)
    name = commands.asked_change(flow, said)
    if name and (name in state.answers or flow.question(name).volunteered):
        doubt = flow.question(name).kind.doubt(talk, understood)
        return [doubt, *drop(talk, flow, name)]
    return None


def replaced(talk: Talk, flow: Flow, understood: Understood[str]) -> bool:
    """Put what the message says in place of earlier answers that differ; True when something changed."""
    changed = False
    for question in flow.questions:
        old = talk.state.answers.get(question.name)
        found = question.kind.find(talk, understood) if old else None
        if old is None or found is None or (isinstance(found, Answer) and found.value == old.value):
            continue
        keep(talk, question, found, of=flow)
        for other in flow.questions:
            if isinstance(other.kind, VisitWindow) and other.kind.wish == question.name:
                talk.state.offered.pop(other.name, None)  # they were near the wish before
        changed = True
    return changed


def another_time(talk: Talk, flow: Flow, question: Question, understood: Understood[str]) -> list[str]:
    """改约 before anything was submitted: the time wished for is changed, or asked for."""
    found = question.kind.find(talk, understood)
    if found is None:
        return [question.kind.doubt(talk, understood), *drop(talk, flow, question.name)]
    keep(talk, question, found, of=flow)
    return advance(talk, flow)


def drop(talk: Talk, flow: Flow, name: str) -> list[str]:
    """Forget one answer and ask for it anew, in the question's own words."""
    talk.state.answers.pop(name, None)
    talk.state.offered.pop(name, None)
    talk.state.asked = name
    return [flow.question(name).ask]


def offer_changes(talk: Talk, flow: Flow) -> Choices:
    titled = [q for q in flow.questions if q.title and q.name in talk.state.answers]
    offer = Choices("要改哪一项？回复数字：", tuple(Option(q.title, Answer(q.name, q.title)) for q in titled))
    talk.state.offered[CHANGE] = offer
    return offer
