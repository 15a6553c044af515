"""Yes or no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation import Answer, Choices, Option
from bot.heard import Heard
from bot.kinds.kind import Kind, NotUnderstood

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood

YES = re.compile(
    r"^(?:(?:1|是的?|对的?|好的?|可以|嗯|行|确认|确定|提交|没错|没问题|正确|ok|yes|y)[。.!,~\s了啊呀吧哦]*)+"
    r"(?:就这样|(?:谢谢|麻烦|辛苦)(?:您|你|了|们|啦)*)?[。.!,~\s了吧]*$"
)
NO = re.compile(r"^(2|不是|不对|否|不|不用|另一台|no|n)[。.!,~\s了啊呀吧哦]*$")


@dataclass(frozen=True)
class YesNo(Kind):
    """``yes`` and ``no`` are the words of the two choices."""

    yes: str
    no: str

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        said = understood.said.text
        if YES.match(said):
            return Answer(True, self.yes)
        if NO.match(said):
            return Answer(False, self.no)
        raise NotUnderstood("请回复 1 或 2")

    def options(self, talk: Talk) -> Choices | None:
        return Choices("", (Option(self.yes, Answer(True, self.yes)), Option(self.no, Answer(False, self.no))))
