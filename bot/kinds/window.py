"""When a visit is to be: a wish in words, and a real window of somebody's time picked for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from bot.conversation import Answer, Choices, Option
from bot.flow import Answers
from bot.heard import Heard
from bot.kinds.choice import OneOf
from bot.kinds.kind import Kind, NotUnderstood
from bot.kinds.order import OwnOrder
from bot.kinds.words import LONGEST_WISH, rest
from bot.understanding.visits import find_when, no_such_day
from domain.appointments.offering import FARTHEST
from domain.appointments.reasons import CUSTOMER
from domain.appointments.windows import Window, Wish
from domain.kit.unit_of_work import SHANGHAI
from domain.work_orders.model import WorkOrder

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood
    from bot.understanding.visits import When

MOST = 5
"""Windows that are offered: more do not fit a phone's screen."""
ASK = "请选上门时间，回复数字，或直接说哪天方便："
ASK_FREE = "请说说哪天、什么时候方便，例如：周六上午"
ANY = re.compile(
    r"^(?:随便|都行|都可以|哪个都行|(?:越快越好|尽快|最快|最早|马上|第一个)(?:的|那个)?|你们?安排|看你们?)[。.!,~\s了吧啊]*$"
)
POINTED = re.compile(r"(?:的?那|这)(?:个|一个|一?档|段)(?:时间段?|吧|好了)?[。.!,~\s了吧啊]*$")
"""How people point at one of several times."""
LATER = re.compile(
    r"^(?:好的?|嗯+|行|知道了|ok|谢谢|多谢|感谢|辛苦|等(?:你们?)?(?:电话|通知)|(?:晚点|回头|以后)?再说|先不约|不用约|不用了|电话联系|打电话给?我?|您|你|了|啦|[,，。.!！~\s])+$"
)
"""Whoever does not want to choose now."""
SURE = 0.8
"""Whoever surely asks for another time once more has not misunderstood anything."""
BARE = re.compile(r"^(?:还是|那就?|不对|算了|不|改|换|到|成|为|约|要|来|吧|了|的|可以吗|行吗|[,，。.!！~?？\s])*$")
"""All there is besides a time where nothing but the time is meant: 还是周三下午吧."""


@dataclass(frozen=True)
class WantedTime(Kind):
    """When a visit would suit: the words, and the moments they mean where that can be told."""

    doubt_counts: ClassVar[bool] = False

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        if words := self.doubt(talk, understood):
            raise NotUnderstood(words, counts=False)
        said = rest(understood)
        if not 2 <= len(said) <= LONGEST_WISH:
            raise NotUnderstood("请说说哪天方便，例如：明天下午、周六上午")
        return self.find(talk, understood) or Answer({"words": said}, said)

    def doubt(self, talk: Talk, understood: Understood[str]) -> str:
        said = "" if understood.when else no_such_day(understood.said, talk.uow.today)
        return f"日历上没有“{said}”这一天，请换一天，例如：周六上午" if said else ""

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        if understood.when is None:
            return None
        words = understood.when.span.words
        return Answer({"words": words, **moments(talk, understood.when.value)}, words)


def moments(talk: Talk, when: When) -> dict[str, str | None]:
    found = when.resolve(talk.uow.now)
    return {
        "since": found.since.isoformat() if found and found.since else None,
        "until": found.until.isoformat() if found and found.until else None,
    }


def said_time(talk: Talk, understood: Understood[str]) -> Answer | None:
    """The time named in an answer; 周六上午那个 points at one, where elsewhere it would tell of one."""
    pointed = POINTED.sub("", understood.said.text)
    when = understood.when or (find_when(pointed, talk.uow.today) if pointed != understood.said.text else None)
    return Answer({"words": when.span.words, **moments(talk, when.value)}, when.span.words) if when else None


def words_of(answer: Answer | None) -> str | None:
    """The words of a wish; talks begun before wishes had moments kept nothing else."""
    if answer is None:
        return None
    return str(answer.value["words"] if isinstance(answer.value, dict) else answer.value)


def wish_of(answer: Answer | None) -> Wish | None:
    """The moments of a wish, where its words could be understood."""
    value: dict[str, Any] = answer.value if answer and isinstance(answer.value, dict) else {}
    since, until = (value.get(end) and datetime.fromisoformat(value[end]) for end in ("since", "until"))
    return Wish(since or None, until or None) if since or until else None


def last_day(talk: Talk) -> date:
    """The last day that can be booked now."""
    return talk.uow.today + timedelta(days=FARTHEST - 1)


def is_too_far(talk: Talk, wish: Wish | None) -> bool:
    """Whether nobody's time can be promised for it yet, however empty the day is: 春节, in November."""
    return bool(wish and wish.since and wish.since.astimezone(SHANGHAI).date() > last_day(talk))


def far_off(words: str | None) -> Answer:
    """A wish that is kept for people: it cannot be booked yet."""
    return Answer({"words": words, "too_far": True}, words or "")


def picked_window(window: Window) -> Answer:
    value = {"since": window.since.isoformat(), "until": window.until.isoformat()}
    return Answer(value, window.shown)


def offered(ask: str, windows: Sequence[Window]) -> Choices:
    options = [Option(window.shown, picked_window(window)) for window in windows]
    return Choices(ask, (*options, Option("都不合适", None)))


def only_time(understood: Understood[str]) -> bool:
    """Whether a time is all that is said."""
    return understood.when is not None and BARE.match(rest(understood, understood.when)) is not None


def picked_or_offered(near: Wish, windows: Sequence[Window]) -> Answer | Choices:
    """The window that is what was wished for, where there is no doubt; else those to pick from."""
    inside = near.exactly(windows)
    if inside:
        return picked_window(inside[0])
    some = near.inside(windows)
    return offered(ASK if some else "您说的时间没有空位了，最近的还有：", some or windows)


@dataclass(frozen=True)
class VisitWindow(Kind):
    """A window in which somebody really has time for the order in the answers. Without any the words are kept, for people
    to arrange it: then the value has no ``since``. ``later``: the customer would rather be called."""

    wish: str = "wish"
    """The question that holds a wish said earlier."""
    itself: str = "window"
    """The question this is the answer to."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        said, order = understood.said.text.strip(), order_in(talk)
        time = said_time(talk, understood)
        near = wish_of(time)
        if order and is_too_far(talk, near):
            return far_off(words_of(time))
        windows = talk.windows_for(order, near, MOST) if order else []
        if not windows:
            read = WantedTime().read(talk, heard, understood)
            return Answer({"words": words_of(read)}, read.shown) if isinstance(read, Answer) else read
        if near is None and ANY.match(said):
            return picked_window(windows[0])
        if near is None and LATER.match(said):
            return Answer({"later": True}, "")
        if near is None:
            hint = "请回复前面的数字，或说说哪天方便，例如：周六上午；想等电话也可以说“等电话”"
            doubt = WantedTime().doubt(talk, understood)
            asks_again = understood.intent.value.label == "reschedule" and understood.intent.score >= SURE
            raise NotUnderstood(doubt or hint, counts=not (doubt or asks_again))
        return picked_or_offered(near, windows)

    def restated(self, understood: Understood[str], old: Answer) -> bool:
        """Whoever is asked why, and says another time, means that one."""
        return only_time(understood)

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        """Another time instead of the one picked before."""
        order, time = order_in(talk), said_time(talk, understood)
        near = wish_of(time)
        if self.itself not in talk.state.answers or order is None or near is None or not only_time(understood):
            return None
        if is_too_far(talk, near):
            return far_off(words_of(time))
        windows = talk.windows_for(order, near, MOST)
        return picked_or_offered(near, windows) if windows else None

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        """The first window inside the wish said earlier; the words themselves where nobody has time at all."""
        wished, order = answers.get(self.wish), order_in(talk, answers)
        near = wish_of(wished)
        if wished is None or order is None or self.offer_of(talk):
            return None
        if is_too_far(talk, near):
            return far_off(words_of(wished))
        windows = talk.windows_for(order, near, MOST)
        if not windows:
            return Answer({"words": words_of(wished)}, wished.shown)
        inside = near.exactly(windows) if near else []
        return picked_window(inside[0]) if inside else None

    def options(self, talk: Talk) -> Choices | None:
        order, wished = order_in(talk), talk.state.answers.get(self.wish)
        near = wish_of(wished)
        windows = talk.windows_for(order, near, MOST) if order else []
        if not windows:
            return None
        some = near.inside(windows) if near else windows
        full = f"“{wished.shown}”没有空位了，最近的还有：" if wished and not some else ASK
        return offered(full, sorted(some or windows, key=lambda window: window.since))

    def offer_of(self, talk: Talk) -> bool:
        """Whether windows are on the table: then a pick is waited for, whatever was said before."""
        return any(
            option.answer and isinstance(option.answer.value, dict) and "since" in option.answer.value
            for offer in talk.state.offered.values()
            for option in offer.options
        )


def order_in(talk: Talk, answers: Answers | None = None) -> WorkOrder | None:
    """The order the answers are about; the only open one where none is named yet."""
    named = (talk.state.answers if answers is None else answers).get("order") or OwnOrder().known(talk, {})
    if named is None:
        return None
    return talk.uow.get(WorkOrder, named.value["order_id"], called="这张工单")


SKIP = "跳过"
SAID = (
    (re.compile(r"没空|有事|没时间|加班|出差|上班|开会|走不开|来不及"), "busy"),
    (re.compile(r"不在家|没人|不在"), "not_home"),
    (re.compile(r"提前|早点|早一点"), "sooner"),
    (re.compile(r"推迟|延后|晚点|晚一点|往后"), "later"),
)


@dataclass(frozen=True)
class MoveReason(OneOf):
    """Why it is to be another time: a pick, own words, or nothing. The question names the time that was picked."""

    renews: ClassVar[bool] = True

    choices: Sequence[str] = (CUSTOMER["busy"], CUSTOMER["not_home"], CUSTOMER["sooner"], CUSTOMER["later"], SKIP)

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        if doubt := WantedTime().doubt(talk, understood):
            raise NotUnderstood(doubt, counts=False)
        if only_time(understood):
            raise NotUnderstood(f"请回复 1 到 {len(self.choices)} 之间的数字", counts=False)
        return super().read(talk, heard, understood)

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        code = next((code for pattern, code in SAID if pattern.search(understood.said.text)), None)
        return Answer(CUSTOMER[code], CUSTOMER[code]) if code else super().find(talk, understood)

    def options(self, talk: Talk) -> Choices | None:
        choices, picked = super().options(talk), talk.state.answers.get("window")
        if choices is None or picked is None:
            return choices
        return Choices(
            f"可以改到 {picked.shown}，还差一步：方便说一下改时间的原因吗？回复数字，或直接说：", choices.options
        )
