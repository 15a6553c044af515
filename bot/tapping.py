"""Lines of a menu that were tapped: they never go from the customer's phone, so each names what it is about and may come late.

To add one, add a row to `TAPS`: the pattern of its ids, and the function that answers it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.asking import again, lead_on
from bot.flow import Then
from bot.flows import FLOWS
from bot.heard import Heard, HeardKind
from bot.kinds.order import chosen
from bot.quoted import tapped as tapped_quote
from bot.rated import SORRY, THANKS
from bot.talk import Talk
from domain.feedback import surveys
from domain.feedback.model import Survey
from domain.feedback.policies import DETRACTOR
from domain.feedback.ratings import Given, RatedAlready, may_amend, rate, rating_of
from domain.feedback.rules import is_low
from domain.kit.errors import Refused
from domain.work_orders.model import WorkOrder

NOT_YOURS = "没有找到这张工单，不用评价了。"


def answer(talk: Talk, heard: Heard) -> list[str] | None:
    """What to say to a tap, at any time, also while a person has the talk; None when it was none, or none of ours."""
    if heard.kind is not HeardKind.TEXT or not heard.key:
        return None
    for pattern, tapped in TAPS:
        if found := pattern.fullmatch(heard.key):
            return tapped(talk, found[1], int(found[2]))
    return None


def rated(talk: Talk, order_id: str, number: int) -> list[str]:
    """A rating; 0 is 没修好. What comes late, twice or from somebody else changes nothing."""
    order = talk.uow.session.get(WorkOrder, order_id)
    if order is None or order.customer_id != talk.contact.customer_id:
        return on(talk, NOT_YOURS)
    stars, solved = max(1, number), False if number == 0 else None
    try:
        with talk.uow.session.begin_nested():
            rate(talk.uow, order.id, Given(stars, "chat", solved=solved), by=talk.by)
    except RatedAlready as no:
        return on(talk, f"{no}{more_may_be_said(talk, order)}")
    except Refused as no:
        return on(talk, str(no))
    if not is_low(stars, solved):
        return on(talk, THANKS.format(stars=stars))
    if talk.state.flow or talk.state.with_person:
        return on(talk, f"{SORRY}已经记下，我们会尽快处理。")
    return [SORRY, *lead_on(talk, Then("", "rating_reason", {"order": chosen(order)}))]


def more_may_be_said(talk: Talk, order: WorkOrder) -> str:
    stands = rating_of(talk.uow, order.id)
    return "想补充几句，回复“评价”再说就行。" if stands and may_amend(talk.uow, stands) else ""


def surveyed(talk: Talk, survey_id: str, score: int) -> list[str]:
    """How likely they are to recommend us; the first answer stands."""
    if talk.uow.session.get(Survey, survey_id) is None:
        return on(talk, "这份问卷已经结束，谢谢！")
    try:
        with talk.uow.session.begin_nested():
            surveys.answer(talk.uow, survey_id, score, by=talk.by, via="chat")
    except Refused as no:
        return on(talk, str(no))
    if score > DETRACTOR:
        return on(talk, "谢谢您的回答！")
    return on(talk, "谢谢您的回答。哪里可以做得更好，直接在这里告诉我们，我们会认真看。")


def on(talk: Talk, words: str) -> list[str]:
    """The words, and the open question of what is going on once more."""
    return [words, *again(talk, FLOWS.get(talk.state.flow or ""))]


def quoted(talk: Talk, quote_id: str, number: int) -> list[str]:
    """Yes or no to a price."""
    return on(talk, tapped_quote(talk, quote_id, number))


TAPS: Sequence[tuple[re.Pattern[str], Callable[[Talk, str, int], list[str]]]] = (
    (re.compile(r"r(wo_[0-9A-Za-z]{1,40})-([0-5])"), rated),
    (re.compile(r"q(qt_[0-9A-Za-z]{1,40})-([01])"), quoted),
    (re.compile(r"n(np_[0-9A-Za-z]{1,40})-(\d|10)"), surveyed),
)
