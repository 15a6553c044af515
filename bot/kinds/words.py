"""Kinds that are words: what is wrong, a phone number, a name, a date."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.conversation import Answer, Choices
from bot.flow import Answers
from bot.heard import Heard
from bot.kinds.kind import NONE, Kind, NotUnderstood
from bot.kinds.pick import YES
from bot.understanding import find_name
from bot.understanding.found import Found
from bot.understanding.times import Precision
from domain.kit.personal import mask_phone

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood

CORRECTING = re.compile(
    r"^(?:(?:哦|噢|啊|哎|呀|不好意思)，*)*(?:不对|(?:说|写|打|发)?错了|(?:说|写|打)错)，*(?:应该)?是?，*"
)
"""How a correction begins: no part of what is wrong with an appliance."""
SHOWN = {Precision.DAY: "%Y年%-m月%-d日", Precision.MONTH: "%Y年%-m月", Precision.YEAR: "%Y年"}
COMING = re.compile(r"，(?:请|麻烦|帮忙)?(?:派人)?(?:过来|来|上门)(?:看看|看一下|看|修一下|修|一下)?吧?$")
"""What is left of 明天下午来 when the time is taken out: a wish, no part of what is wrong."""
ASKS_COMING = re.compile(
    r"^(?:请问)?(?:你们|师傅)?(?:能不能|可不可以|可以|能|方便|有没有人|有人|有空)?(?:派人|安排人?)?(?:过来|来|上门)(?:不了|得了)?"
    r"(?:看看|看一下|看|修一下|修)?(?:吗|么|不|吧|嘛|呢|啊|一下)*[?!~]*$"
)
"""The question 今天能来吗 without its time: no part of what is wrong either, wherever it stands."""
INTRODUCES = re.compile(r"^我?(?:姓|叫|是)$")
BARE = 4
"""Characters of a name said alone."""
NO_FAULT, SURE = {"other", "greeting"}, 0.8
"""Whoever surely says something of this kind does not tell of a fault: 你们周末上班吗."""
LONGEST_WORDS = 500
"""Characters of a fault description that are kept: what an engineer reads on a phone."""
LONGEST_WISH = 40
"""Characters of a wish for a time: more is about something else."""


def rest(understood: Understood[str], *besides: Found[Any] | None) -> str:
    """The words of a message without the phone, name, address and codes that were understood in it, and ``besides``."""
    text = understood.text
    for found in (
        understood.phone, understood.phone_like, understood.name, understood.address, *understood.codes, *besides,
    ):  # fmt: skip
        if found:
            text = text[: found.span.start] + " " * (found.span.end - found.span.start) + text[found.span.end :]
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(
        r"(?:联系|手机|电话|地址|型号|姓名|联系人|号码)(?:号码|方式|电话)?(?:是|为|:)*(?=[\s,。;、]|$)", " ", text
    )
    return re.sub(r"[\s,。;、:]+", "，", text).strip("，")[:LONGEST_WORDS]


@dataclass(frozen=True)
class Fault(Kind):
    """What is wrong, in the person's words; the symptoms and the error code in them are kept as codes."""

    at_least: int = 2

    def restated(self, understood: Understood[str], old: Answer) -> bool:
        return True

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        words = rest(understood, understood.when)
        if understood.intent.value.label in NO_FAULT and understood.intent.score >= SURE and not understood.symptoms:
            raise NotUnderstood("请说说机器有什么问题，例如：不制冷、漏水、有异响、显示 E1；想问别的请回复“人工”")
        if len(words) < self.at_least and not understood.error_code:
            raise NotUnderstood("请再说具体一点，例如：不制冷、漏水、有异响、显示 E1")
        return self.answer(understood, words or understood.said.original[:LONGEST_WORDS])

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        if understood.symptoms or understood.error_code:
            return self.answer(
                understood, rest(understood, understood.when) or understood.said.original[:LONGEST_WORDS]
            )
        return None

    def answer(self, understood: Understood[str], words: str) -> Answer:
        symptoms = [found.value.label for found in understood.symptoms]
        error = understood.error_code.value if understood.error_code else None
        words = COMING.sub("", CORRECTING.sub("", words)) or words
        words = "，".join(part for part in words.split("，") if not is_left_over(part)) or words
        return Answer({"words": words, "symptoms": symptoms, "error_code": error}, words)


def is_left_over(part: str) -> bool:
    """Whether a clause is what is left of a message once time and name were taken out: 能来吗, 我姓, a lone family name."""
    is_family = len(part) == 1 and find_name(f"联系人:{part}先生") is not None
    return is_family or bool(ASKS_COMING.match(part) or INTRODUCES.match(part))


def no_phone(digits: str) -> str:
    """Why these digits are no phone number."""
    return f"这个号码是 {len(digits)} 位，手机号应为 11 位、以 1 开头，座机请带区号，请再发一次"


@dataclass(frozen=True)
class Phone(Kind):
    """A mobile number or a landline with its area code."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        if understood.phone:
            return Answer(understood.phone.value, understood.phone.value)
        digits = re.sub(r"\D", "", understood.said.text)
        if len(digits) >= 7:
            raise NotUnderstood(no_phone(digits))
        raise NotUnderstood("请发 11 位手机号，座机请带区号，例如 0757-22223333")

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        return Answer(understood.phone.value, understood.phone.value) if understood.phone else None

    def doubt(self, talk: Talk, understood: Understood[str]) -> str:
        return no_phone(understood.phone_like.value) if understood.phone_like else ""

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        phones = talk.known.phones
        return Answer(phones[0], f"{mask_phone(phones[0])}（上次留的）", known=True) if phones else None


@dataclass(frozen=True)
class Name(Kind):
    """How the person wants to be addressed."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        name = understood.name.value if understood.name else understood.said.text.strip()
        if not 1 <= len(name) <= 20 or re.search(r"\d", name) or YES.match(name):
            raise NotUnderstood("请告诉我怎么称呼您，例如：王女士")
        return Answer(name, name)

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        return Answer(understood.name.value, understood.name.value) if understood.name else None

    def alone(self, said: str) -> Answer | None:
        """A name that is all that was said, where nothing else is being asked."""
        found = find_name(f"联系人:{said}") if len(said) <= BARE else None
        return Answer(found.value, found.value) if found else None

    def known(self, talk: Talk, answers: Answers) -> Answer | None:
        return Answer(talk.known.name, talk.known.name, known=True) if talk.known.name else None


@dataclass(frozen=True)
class PurchaseDate(Kind):
    """When it was bought; people may not know."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        if NONE.match(understood.said.text.strip()):
            return Answer(None, "未提供")
        if understood.day is None:
            raise NotUnderstood("没看懂这个日期，请这样发：2025-06-18，或“去年6月”；不记得请回复“不记得”")
        day, shown = understood.day.value.day, SHOWN[understood.day.value.precision]
        if day > talk.uow.today:
            raise NotUnderstood(f"{day:%Y年%-m月%-d日}还没到，请核对购买日期；不记得请回复“不记得”")
        return Answer(day.isoformat(), day.strftime(shown))
