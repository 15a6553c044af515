"""What a person wants: which flow serves what was understood, and whether that is worth leaving the present one for."""

from __future__ import annotations

import re

from bot.commands import CHANGE, asked_change
from bot.flow import Flow, Question
from bot.flows import FLOWS
from bot.kinds import Fault, Kind, OneOf, Phone, Place, RegisteredModel, WantedTime, Words
from bot.talk import Talk
from bot.understanding import Understood, understand

SURE = 0.8
"""An intent this sure interrupts what is being asked."""
VERY_SURE = 0.9
"""This sure it interrupts even a question that many words answer. One that any words answer, such as what somebody
complains of, is left only for what is named outright."""
CLAUSE = re.compile(r"[,，.。;；!！?？\n]+")
LONGEST_CLAUSE, MOST_CLAUSES = 40, 8
"""How much of a message is looked through for a second appliance."""
SUFFERS = re.compile(r"^(还|又|都|也)?(把|将|弄得|害得|搞得|连带?)")
"""How somebody tells of what the fault did to other things: 把下面的洗衣机都打湿了."""
THANKS = re.compile(r"^(好的?|嗯+|行|知道了)?[,，。!！~\s]*(非常|太)?(谢谢|多谢|感谢|辛苦|麻烦|唔该)")


def wanted(understood: Understood[str]) -> Flow | None:
    """The flow asked for: named outright, by the intent, or by what was understood."""
    named = named_exactly(understood)
    if named:
        return named
    by_intent = next((flow for flow in FLOWS.values() if understood.intent.value.label in flow.intents), None)
    if by_intent:
        return by_intent
    by_phrase = [flow for flow in FLOWS.values() if any(says(understood.said.text, phrase) for phrase in flow.said)]
    unlisted = [flow for flow in by_phrase if not flow.intents]
    return next((flow for flow in (*unlisted, *FLOWS.values()) if flow in unlisted or flow.wanted(understood)), None)


def named_exactly(understood: Understood[str]) -> Flow | None:
    """The flow whose name or phrase is all that was said."""
    said = understood.said.text.strip().removeprefix("我要").rstrip("。!！?？了吧")
    return next((flow for flow in FLOWS.values() if said == flow.title or said in flow.said), None)


def names(flow: Flow, understood: Understood[str]) -> bool:
    """Whether the name of this very flow is all that was said."""
    return named_exactly(understood) is flow


def time_wished_in(flow: Flow) -> Question | None:
    """The question of a report that keeps when a visit would suit: of what is not reported yet, 改约 means that time."""
    return next((q for q in flow.questions if q.title and isinstance(q.kind, WantedTime)), None)


def in_between(flow: Flow, understood: Understood[str], *, asked: Question | None) -> Flow | None:
    """Another flow that is clearly wanted while this one goes on, or None: then the words are an answer."""
    if asked_change(flow, understood.said.text):
        return None
    named = named_exactly(understood)
    if named:
        return named if named is not flow else None
    if asked and isinstance(asked.kind, Words):
        return None
    needed = VERY_SURE if asked and isinstance(asked.kind, Fault | OneOf) else SURE
    other = next((one for one in FLOWS.values() if understood.intent.value.label in one.intents), None)
    if other is None or other is flow:
        return None
    if understood.intent.score < needed and not reports_fault(flow, other, understood):
        return None
    return other if other.interrupts(understood) else None


def reports_fault(flow: Flow, other: Flow, understood: Understood[str]) -> bool:
    """Whether a fault is told of in a flow that asks for none and sends nobody: 空调不制冷, while registering."""
    asks = any(isinstance(question.kind, Fault | Place) for question in flow.questions)
    answers = (understood.phone and takes(flow, Phone)) or (understood.codes and takes(flow, RegisteredModel))
    return bool(understood.category and understood.symptoms) and not asks and not answers and other.wanted(understood)


def takes(flow: Flow, kind: type[Kind]) -> bool:
    """Whether an answer of this kind may be meant for the flow."""
    return any(isinstance(question.kind, kind) for question in flow.questions)


def is_guess(flow: Flow, understood: Understood[str]) -> bool:
    """Whether the flow was only guessed at, by the rules or a second opinion: then it is offered, not begun.

    A report of a fault is begun on less, because all of it is read back before anything happens.
    """
    by_intent = understood.intent.value.label in flow.intents and named_exactly(understood) is None
    return by_intent and understood.intent.score < SURE and not (understood.is_fault and flow.wanted(understood))


def is_another_appliance(talk: Talk, understood: Understood[str], *, asked: Question | None) -> bool:
    """Whether a fault of one more appliance is told of while this one's report goes on."""
    if asked and asked.about == "product":
        return False
    product, fault = talk.state.answers.get("product"), talk.state.answers.get("fault")
    label = understood.category.value.label if understood.category else None
    if product is None or fault is None or product.known or label is None or not understood.is_fault:
        return False
    return label != product.value["category"] and not CHANGE.search(understood.said.text)


def other_appliances(talk: Talk, understood: Understood[str]) -> list[str]:
    """The clauses of a report that tell of a fault of one more appliance: 空调不制冷，洗衣机也不脱水."""
    parts = [part for part in CLAUSE.split(understood.text) if 2 < len(part) <= LONGEST_CLAUSE][:MOST_CLAUSES]
    if len(parts) < 2:
        return []
    read = [(part, understand(part, talk.uow.today, talk.catalogue.codes)) for part in parts]
    faulty = [(part, one) for part, one in read if (one.symptoms or one.error_code) and not SUFFERS.match(part)]
    return [part for part, clause in faulty if is_another_appliance(talk, clause, asked=None)]


def wants_person(understood: Understood[str], *, asked: Question | None = None) -> bool:
    """Whether somebody would rather talk to a person, and does not answer the question at the same time."""
    if asked and (isinstance(asked.kind, Words) or understood.address or understood.phone):
        return False
    return understood.intent.value.label == "human_agent" and understood.intent.score >= SURE


def chatter(understood: Understood[str]) -> str:
    """A word for what is no business of ours, before saying what is."""
    if THANKS.match(understood.said.text):
        return "不客气！"
    return "您好！" if understood.intent.value.label == "greeting" else ""


def says(said: str, phrase: str) -> bool:
    at = said.find(phrase)
    return at >= 0 and not said[max(0, at - 2) : at].endswith(("不", "别", "没", "不要", "不用", "不想", "未", "没有"))
