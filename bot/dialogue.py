"""The talk itself: find out what is wanted, ask what is missing, read it back, do it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import commands, safety
from bot.asking import advance, again, fill, take
from bot.confirming import confirm, corrected
from bot.conversation import Answer, Choices, Option
from bot.flow import Flow
from bot.flows import FLOWS
from bot.heard import Heard, HeardKind
from bot.picking import picked
from bot.talk import Talk
from bot.understanding import Understood, understand

QUIET = timedelta(minutes=30)
"""After this long a person is reminded of where we were."""
FORGOTTEN = timedelta(hours=24)
"""After this long what was begun is dropped, with a word about it."""
READS = {HeardKind.TEXT, HeardKind.VOICE, HeardKind.SCAN, HeardKind.LOCATION, HeardKind.IMAGE}
FIRST_CHOICE = ("repair_request", "installation_request", "product_registration")


def answer(talk: Talk, heard: Heard, since: datetime) -> list[str]:
    """Everything to be said back, part by part."""
    said = reminded(talk, since)
    if heard.kind is HeardKind.MENU:
        known = heard.key in FLOWS
        return said + (switch(talk, FLOWS[heard.key], None, heard) if known else [commands.greeting(talk)])
    if heard.kind is HeardKind.ENTER:
        return entered(talk, heard, since, said)
    if heard.kind in (HeardKind.QR, HeardKind.FOLLOW):
        return said + arrived_by_code(talk, heard)
    if heard.kind not in READS:
        return [
            *said,
            "收到了。这类消息我还看不懂，目前能处理文字、语音、照片和定位。",
            *again(talk, FLOWS.get(talk.state.flow or "")),
        ]
    if heard.kind is HeardKind.VOICE and not heard.text.strip():
        return [*said, "这段语音没有听清，请再说一次，或打字告诉我。", *again(talk, FLOWS.get(talk.state.flow or ""))]
    if heard.kind is HeardKind.TEXT and not heard.text.strip():
        return [*said, commands.greeting(talk), *again(talk, FLOWS.get(talk.state.flow or ""))]
    understood = understand(heard.text, talk.uow.today, talk.catalogue.codes)
    return (
        said + [safety.first_words(understood)] + (command(talk, heard, understood) or listen(talk, heard, understood))
    )


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


def command(talk: Talk, heard: Heard, understood: Understood[str]) -> list[str] | None:
    """What may be said at any time, or None."""
    said, state = understood.said.text.strip(), talk.state
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
    """Words that are no command: an answer in the flow, or the wish for one."""
    state = talk.state
    if state.flow is None:
        option = picked(state.offered["flow"], understood) if "flow" in state.offered else None
        if option and option.answer:
            seed = Heard(heard.sender, HeardKind.TEXT, state.seed)
            return begin(
                talk, FLOWS[option.answer.value], understand(state.seed, talk.uow.today, talk.catalogue.codes), seed
            )
        return wish(talk, heard, understood)
    flow = FLOWS[state.flow]
    other = named_exactly(understood)
    if other and other is not flow:
        return switch(talk, other, understood, heard)
    return hear(talk, flow, heard, understood)


def named_exactly(understood: Understood[str]) -> Flow | None:
    """The flow whose name or phrase is all that was said."""
    said = understood.said.text.strip().removeprefix("我要").rstrip("。!！了吧")
    return next((flow for flow in FLOWS.values() if said == flow.title or said in flow.said), None)


def wish(talk: Talk, heard: Heard, understood: Understood[str]) -> list[str]:
    """Nothing is being done: find out what is wanted."""
    flow = wanted(understood)
    if flow:
        return begin(talk, flow, understood, heard)
    if understood.codes or understood.category or understood.address or understood.phone:
        return [offer_flows(talk, heard.text, about(talk, understood)).words()]
    if heard.kind is HeardKind.IMAGE:
        return ["照片收到了。请问是要报修、安装还是登记产品？也可以直接说是什么问题。"]
    return [commands.greeting(talk)]


def wanted(understood: Understood[str]) -> Flow | None:
    """The flow asked for most plainly: by its longest phrase, or by what was understood."""
    scores = {flow.name: score(flow, understood) for flow in FLOWS.values()}
    best = max(scores, key=lambda name: scores[name])
    return FLOWS[best] if scores[best] else None


def score(flow: Flow, understood: Understood[str]) -> int:
    said = understood.said.text
    named = max((len(phrase) for phrase in (*flow.said, flow.title) if says(said, phrase)), default=0)
    return named + (3 if flow.wanted(understood) else 0)


def says(said: str, phrase: str) -> bool:
    """Whether the phrase is in what was said and not denied there: 不登记了 asks for nothing."""
    at = said.find(phrase)
    return at >= 0 and not said[max(0, at - 2) : at].endswith(("不", "别", "没", "不要", "不用", "不想", "未", "没有"))


def about(talk: Talk, understood: Understood[str]) -> str:
    """What the words were about, read back."""
    exact = [found.value.hit for found in understood.codes if found.value.hit]
    return f"您发的是 {talk.catalogue.shown(exact[0].id)}。" if exact else ""


def offer_flows(talk: Talk, seed: str, lead: str) -> Choices:
    """Ask what is to be done; the words that led here are read again once it is known."""
    flows = [FLOWS[name] for name in FIRST_CHOICE]
    options = tuple(Option(flow.title, Answer(flow.name, flow.title)) for flow in flows)
    offer = Choices(f"{lead}请问需要什么服务？回复数字：", options)
    talk.state.begin(None)
    talk.state.offered, talk.state.seed = {"flow": offer}, seed
    return offer


def arrived_by_code(talk: Talk, heard: Heard) -> list[str]:
    """Somebody came by a QR code: its scene may name a flow or a product, and is kept as the channel."""
    hello = [commands.welcome(talk)] if heard.kind is HeardKind.FOLLOW else []
    if heard.key in FLOWS:
        return hello + switch(talk, FLOWS[heard.key], None, heard)
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
    is_new = talk.contact.first_heard_at == talk.uow.now
    return [*said, commands.welcome(talk)] if said or is_new or talk.uow.now - since > QUIET else [""]


def switch(talk: Talk, flow: Flow, understood: Understood[str] | None, heard: Heard) -> list[str]:
    """Start a flow, with a word about the one that is left for it."""
    left = FLOWS.get(talk.state.flow or "")
    begun = begin(talk, flow, understood, heard)
    return [f"先放下{left.title}。", *begun] if left and left is not flow else begun


def begin(talk: Talk, flow: Flow, understood: Understood[str] | None, heard: Heard) -> list[str]:
    """Start a flow, with every answer the first words already hold."""
    talk.state.begin(flow.name)
    talk.state.seed = heard.text
    if understood:
        fill(talk, flow, understood)
    return advance(talk, flow)


def hear(talk: Talk, flow: Flow, heard: Heard, understood: Understood[str]) -> list[str]:
    """Take a correction of an earlier answer, the answer to what was asked, or a yes to the summary."""
    changed = corrected(talk, flow, understood)
    if changed is not None:
        return changed
    asked = talk.state.asked
    question = flow.question(asked) if asked else flow.next_question(talk, talk.state.answers)
    if heard.kind is HeardKind.IMAGE and not (question and question.kind.by_picture):
        return ["照片收到了，客服和工程师能看到。", *again(talk, flow)]
    if question is None:
        return confirm(talk, flow, heard, understood)
    return take(talk, flow, question, heard, understood)
