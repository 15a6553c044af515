"""The talk itself: find out what is wanted, ask what is missing, read it back, do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import commands, safety, wishes
from bot.appointing import answered_change
from bot.asking import advance, again, fill, take
from bot.beyond_text import words_for
from bot.confirming import another_time, confirm, corrected
from bot.conversation import Answer, Choices, Option
from bot.flow import Flow, Question
from bot.flows import FLOWS
from bot.heard import Heard, HeardKind
from bot.kinds import MoveReason, VisitWindow
from bot.picking import picked
from bot.quoted import answered_quote
from bot.talk import Talk
from bot.understanding import Understood
from domain.kit.errors import Refused

QUIET = timedelta(minutes=30)
"""After this long a person is reminded of where we were."""
FORGOTTEN = timedelta(hours=24)
"""After this long what was begun is dropped, with a word about it."""
READS = {HeardKind.TEXT, HeardKind.VOICE, HeardKind.SCAN, HeardKind.LOCATION, HeardKind.IMAGE}
MOST_QUEUED = 5
"""Other appliances told of while one is being reported."""
FIRST_CHOICE = ("repair_request", "installation_request", "product_registration")


def answer(talk: Talk, heard: Heard, since: datetime) -> list[str]:
    """Everything to be said back, part by part."""
    said = reminded(talk, since)
    if heard.kind is HeardKind.MENU:
        known = heard.key in FLOWS
        return said + (switch(talk, FLOWS[heard.key], None) if known else [commands.greeting(talk)])
    if heard.kind is HeardKind.ENTER:
        return entered(talk, heard, since, said)
    if heard.kind in (HeardKind.QR, HeardKind.FOLLOW):
        return said + arrived_by_code(talk, heard)
    if heard.kind not in READS:
        return [
            *said,
            words_for(heard),
            *again(talk, FLOWS.get(talk.state.flow or "")),
        ]
    if heard.kind is HeardKind.VOICE and not heard.text.strip():
        return [*said, "这段语音没有听清，请再说一次，或打字告诉我。", *again(talk, FLOWS.get(talk.state.flow or ""))]
    if heard.kind is HeardKind.TEXT and not heard.text.strip():
        return [*said, commands.greeting(talk), *again(talk, FLOWS.get(talk.state.flow or ""))]
    understood = talk.read(heard.text)
    danger = safety.alarm(talk, understood)
    return [*said, danger, *(command(talk, understood) or listen(talk, heard, understood))]


def reminded(talk: Talk, since: datetime) -> list[str]:
    """A word about what was begun before a long silence: dropped after a day, else where we were."""
    state, silence = talk.state, talk.uow.now - since
    if state.flow not in FLOWS:
        state.begin(None) if state.flow else None
        return []
    title = FLOWS[state.flow].title
    if silence > FORGOTTEN:
        state.begin(None)
        return [f"上次的{title}没有办完，隔得久了，已经先取消。"]
    return [f"我们接着刚才的{title}。"] if silence > QUIET else []


def command(talk: Talk, understood: Understood[str]) -> list[str] | None:
    """What may be said at any time, or None."""
    said, state = understood.said.text.strip(), talk.state
    if (answered := answered_quote(talk, said)) is not None:
        return [answered, *again(talk, FLOWS.get(state.flow or ""))]
    if commands.PERSON.match(said):
        return commands.to_person(talk, "客户要求人工")
    if commands.CANCEL.match(said):
        return commands.cancel(state)
    if commands.HELP.match(said):
        return [commands.greeting(talk), *again(talk, FLOWS.get(talk.state.flow or ""))]
    if commands.BACK.match(said):
        if state.flow and commands.step_back(state):
            return advance(talk, FLOWS[state.flow])
        return ["已经是第一步了。", *again(talk, FLOWS.get(talk.state.flow or ""))]
    return None


def listen(talk: Talk, heard: Heard, understood: Understood[str]) -> list[str]:
    """Words that are no command: an answer in the flow, a side question, or the wish for something else."""
    state = talk.state
    if state.flow is None:
        option = picked(state.offered["flow"], understood) if "flow" in state.offered else None
        if option and option.answer and option.answer.value in FLOWS:
            return begin(talk, FLOWS[option.answer.value], talk.read(state.seed))
        if heard.kind is HeardKind.SCAN and heard.key in FLOWS:
            return begin(talk, FLOWS[heard.key], understood)
        if (changed := answered_change(talk, understood)) is not None:
            return [changed]
        return wish(talk, heard, understood)
    flow = FLOWS[state.flow]
    other = wishes.in_between(flow, understood, asked=open_question(talk, flow))
    if other and other.aside and (answered := answered_aside(talk, other)) is not None:
        return [answered, *again(talk, flow)]
    wished_time = wishes.time_wished_in(flow) if other and other.name == "reschedule" else None
    if wished_time and (open_question(talk, flow) is None or wished_time.name in state.answers):
        return another_time(talk, flow, wished_time, understood)
    if other:
        return switch(talk, other, understood)
    if is_repeated(talk, flow, understood):
        return again(talk, flow)
    if wishes.wants_person(understood, asked=open_question(talk, flow)):
        return commands.to_person(talk, "客户要求人工")
    if wishes.is_another_appliance(talk, understood, asked=open_question(talk, flow)):
        if len(state.queued) == MOST_QUEUED:
            return ["前面说的几台我都记下了，先把这张办完，再说这一台。", *again(talk, flow)]
        state.queued.append(heard.text)
        return ["这台我也记下了，先把这张办完，马上接着办。", *again(talk, flow)]
    return hear(talk, flow, heard, understood)


def is_repeated(talk: Talk, flow: Flow, understood: Understood[str]) -> bool:
    """Whether what is being done is only asked for once more, while a time is waited for: 改约, with windows on the table."""
    asked = open_question(talk, flow)
    return asked is not None and isinstance(asked.kind, VisitWindow | MoveReason) and wishes.names(flow, understood)


def wish(talk: Talk, heard: Heard, understood: Understood[str]) -> list[str]:
    """Nothing is being done: find out what is wanted."""
    flow = wishes.wanted(understood)
    if flow and wishes.is_guess(flow, understood):
        return [offer_flows(talk, heard.text, about(talk, understood), [flow]).words()]
    if flow:
        return begin(talk, flow, understood)
    if wishes.wants_person(understood):
        return commands.to_person(talk, "客户要求人工")
    if understood.codes or understood.category or understood.address or understood.phone:
        return [offer_flows(talk, heard.text, about(talk, understood)).words()]
    if heard.kind is HeardKind.IMAGE:
        return ["照片收到了。请问是要报修、安装还是登记产品？也可以直接说是什么问题。"]
    return [wishes.chatter(understood), commands.greeting(talk)]


def answered_aside(talk: Talk, flow: Flow) -> str | None:
    """The answer to a side question, or None when it takes questions of its own."""
    answers: dict[str, Answer] = {}
    for question in flow.questions:
        if not question.needed(talk, answers):
            continue
        found = question.kind.known(talk, answers)
        if found is None and talk.understood:
            read = question.kind.find(talk, talk.understood)
            found = read if isinstance(read, Answer) else None
        if found is None:
            return None
        answers[question.name] = found
    try:
        with talk.uow.session.begin_nested():
            said = flow.submit(talk, answers)
    except Refused as no:
        return str(no)
    return said if isinstance(said, str) else said.words


def about(talk: Talk, understood: Understood[str]) -> str:
    """What the words were about, read back."""
    exact = [found.value.hit for found in understood.codes if found.value.hit]
    return f"您发的是 {talk.catalogue.shown(exact[0].id)}。" if exact else ""


def offer_flows(talk: Talk, seed: str, lead: str, first: Sequence[Flow] = ()) -> Choices:
    """Ask what is to be done; the words that led here are read again once it is known."""
    flows = dict.fromkeys([*(flow.name for flow in first), *FIRST_CHOICE])
    options = tuple(Option(FLOWS[name].title, Answer(name, FLOWS[name].title)) for name in flows)
    offer = Choices(f"{lead}请问需要什么服务？回复数字：", options)
    talk.state.begin(None)
    talk.state.offered, talk.state.seed = {"flow": offer}, seed
    return offer


def arrived_by_code(talk: Talk, heard: Heard) -> list[str]:
    """Somebody came by a QR code: its scene may name a flow or a product, and is kept as the channel."""
    hello = [commands.welcome(talk)] if heard.kind is HeardKind.FOLLOW else []
    if heard.key in FLOWS:
        return hello + switch(talk, FLOWS[heard.key], None)
    scene = heard.key.removeprefix("model:")
    hit = talk.catalogue.codes.exact(scene)
    if hit:
        return [*hello, offer_flows(talk, hit.code, f"您扫的是 {talk.catalogue.shown(hit.id)}。").words()]
    return hello or [commands.greeting(talk)]


def entered(talk: Talk, heard: Heard, since: datetime, said: list[str]) -> list[str]:
    """Somebody opened the mini-program's chat, from a page that may say what it is about. Whoever is in the middle of
    something is led back to it after a silence; others are greeted, but not at every look."""
    if talk.state.flow:
        return [*said, *again(talk, FLOWS[talk.state.flow])] if said else [""]
    if heard.key in FLOWS or talk.catalogue.codes.exact(heard.key.removeprefix("model:")):
        return said + arrived_by_code(talk, heard)
    is_new = since == talk.uow.now
    return [*said, commands.welcome(talk)] if is_new or talk.uow.now - since > QUIET else [""]


def switch(talk: Talk, flow: Flow, understood: Understood[str] | None) -> list[str]:
    """Start a flow, with a word about the one that is left for it."""
    left = FLOWS.get(talk.state.flow or "")
    begun = begin(talk, flow, understood)
    return [f"先放下{left.title}。", *begun] if left and left is not flow and not leads_on(left, flow) else begun


def leads_on(left: Flow, flow: Flow) -> bool:
    """Whether one is the natural next step of the other, which needs no word: trying first, then reporting."""
    return bool({"product", "fault"} & set(flow.carries)) or "self_help" in (left.name, flow.name)


def begin(talk: Talk, flow: Flow, understood: Understood[str] | None) -> list[str]:
    """Start a flow, with every answer the first words already hold, and those that go along from the one before."""
    before, queued = talk.state.answers, talk.state.queued
    left = FLOWS.get(talk.state.flow or "")
    carried = {*flow.carries, *(left.carries if left else ())}
    asked = {question.name for question in flow.questions}
    talk.state.begin(flow.name)
    talk.state.queued = queued
    # What this flow does not ask for may be wanted by the one after it.
    talk.state.answers = {name: before[name] for name in before if name in carried - asked}
    if understood:
        fill(talk, flow, understood)
    for question in flow.questions:
        if question.name in carried and question.name in before and question.name not in talk.state.answers:
            talk.state.answers[question.name] = before[question.name]
    if understood:
        talk.state.queued += wishes.other_appliances(talk, understood)[: MOST_QUEUED - len(talk.state.queued)]
    return [*advance(talk, flow), flow.hint(talk, talk.state.answers)]


def open_question(talk: Talk, flow: Flow) -> Question | None:
    """What was asked last: out of its turn, or the first that is not answered."""
    asked = next((q for q in flow.questions if q.name == talk.state.asked), None)
    return asked or flow.next_question(talk, talk.state.answers)


def hear(talk: Talk, flow: Flow, heard: Heard, understood: Understood[str]) -> list[str]:
    """Take a correction of an earlier answer, the answer to what was asked, or a yes to the summary."""
    changed = corrected(talk, flow, understood)
    if changed is not None:
        return changed
    question = open_question(talk, flow)
    if heard.kind is HeardKind.IMAGE and not (question and question.kind.by_picture):
        return ["照片收到了，客服和工程师能看到。", *again(talk, flow)]
    if question is None:
        return confirm(talk, flow, heard, understood)
    return take(talk, flow, question, heard, understood)
