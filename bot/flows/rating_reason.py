"""差评原因: what was wrong, asked lightly after few stars; then another engineer comes, or somebody calls."""

from __future__ import annotations

from bot.flow import Answers, Flow, Question
from bot.kinds.rated import BAD, Blame, RatedOrder
from bot.rated import decided_now
from bot.talk import Talk
from domain.feedback.ratings import amend, rating_of
from domain.feedback.rules import LONGEST_WORDS

GONE = "这条评价已经处理了。还有问题，直接在这里说就行。"


def add_reason(talk: Talk, answers: Answers) -> str:
    if "order" not in answers:
        return GONE
    order_id, why = answers["order"].value["order_id"], str(answers["why"].value)
    if rating_of(talk.uow, order_id) is None:
        return GONE
    tags = [BAD[why]] if why in BAD else []
    rating = amend(talk.uow, order_id, by=talk.by, tags=tags, words="" if tags else why[:LONGEST_WORDS])
    return decided_now(talk, rating)


flow = Flow(
    name="rating_reason",
    rank=91,
    title="差评原因",
    said=["差评原因"],
    questions=[
        Question("order", "", "请问是哪一张工单？回复数字：", RatedOrder(), needed=lambda talk, answers: False),
        Question(
            "why", "原因", "主要是哪里不满意？回复数字，也可以直接说：", Blame(),
            needed=lambda talk, answers: "order" in answers,
        ),
    ],
    submit=add_reason,
    confirms=lambda talk, answers: False,
)  # fmt: skip
