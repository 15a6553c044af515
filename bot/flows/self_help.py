"""自助排查: steps to try before anybody comes; what does not help becomes a repair request with all the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.conversation import Answer, Choices, Option
from bot.flow import Answers, Flow, Question, Then
from bot.heard import Heard
from bot.kinds import Appliance, Fault, Kind, NotUnderstood
from bot.talk import Talk
from bot.understanding import Understood
from domain.knowledge import library
from domain.knowledge import operations as knowledge
from domain.knowledge.article import CLOSING, Article

SOLVED, WATCH, UNSOLVED = "solve", "watch", "fail"
OUTCOMES = {SOLVED: "解决了", WATCH: "再观察一下", UNSOLVED: "没解决"}


def fitting(talk: Talk, answers: Answers) -> Article | None:
    """The article for the appliance and fault in the answers; none where nothing may be tried."""
    fault: dict[str, Any] = answers["fault"].value
    found = library.find_articles(
        answers["product"].value["category"],
        fault["symptoms"],
        fault["error_code"],
        talk.voice.brand_code,
        said=fault["words"],
    )
    return found[0] if found else None


def has_article(talk: Talk, answers: Answers) -> bool:
    return fitting(talk, answers) is not None


@dataclass(frozen=True)
class Outcome(Kind):
    """What came of the steps. Asking is giving the article, and that is written down."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        raise NotUnderstood("试过以后请回复 1 解决了、2 再观察一下、3 没解决")

    def options(self, talk: Talk) -> Choices | None:
        answers = talk.state.answers
        article = fitting(talk, answers)
        if article is None:
            return None
        case = offer(talk, answers, article)
        options = tuple(
            Option(shown, Answer({"case": case, "outcome": outcome}, shown)) for outcome, shown in OUTCOMES.items()
        )
        steps = article.words().removesuffix(CLOSING).rstrip()
        return Choices("\n".join(part for part in (meaning(talk, answers), steps, "试过后请回复：") if part), options)


def meaning(talk: Talk, answers: Answers) -> str:
    """What the code on the display says, if one was told."""
    code = answers["fault"].value["error_code"]
    found = library.error_meaning(talk.voice.brand_code, answers["product"].value["category"], code) if code else None
    return found.words if found else ""


def offer(talk: Talk, answers: Answers, article: Article) -> str:
    fault = answers["fault"].value
    kept = {name: vars(answers[name]) for name in ("product", "fault")}
    case = knowledge.offer_guide(
        talk.uow, by=talk.by, brand_id=talk.voice.brand_id, account_id=talk.voice.account_id,
        openid=talk.contact.openid, category_code=answers["product"].value["category"], article_id=article.id,
        symptoms=fault["symptoms"], error_code=fault["error_code"], brand_code=talk.voice.brand_code,
        customer_id=talk.contact.customer_id, answers=kept,
    )  # fmt: skip
    return case.id


def finish(talk: Talk, answers: Answers) -> str | Then:
    carried = {name: answer for name, answer in answers.items() if name != "outcome"}
    if "outcome" not in answers:
        told = meaning(talk, answers)
        return Then(f"{told}\n这个情况不适合自己处理，直接为您报修。".strip(), "repair_request", carried)
    outcome = answers["outcome"].value
    knowledge.move_guide(talk.uow, outcome["case"], outcome["outcome"], by=talk.by)
    if outcome["outcome"] == SOLVED:
        return "太好了！以后有问题随时找我。"
    if outcome["outcome"] == WATCH:
        return "好的，先用着看看，半小时后我来问一下情况。期间有变化直接告诉我。"
    talk.state.guided = outcome["case"]
    return Then("好的，马上为您报修，前面说过的不用再说。", "repair_request", carried)


flow = Flow(
    name="self_help",
    rank=45,
    title="自助排查",
    said=["自助", "自助排查", "怎么办", "自己弄", "怎么处理"],
    intents={"self_help"},
    interrupts=lambda understood: bool(understood.error_code or understood.category or understood.symptoms),
    carries=("product", "fault"),
    questions=[
        Question("product", "产品", "请问是哪台家电？直接说“空调”“洗衣机”，或发型号", Appliance()),
        Question("fault", "情况", "请说说是什么情况，例如：不制冷、显示 E1、有异味", Fault()),
        Question("outcome", "结果", "试过后请回复：", Outcome(), needed=has_article),
    ],
    submit=finish,
    confirms=lambda talk, answers: False,
)
