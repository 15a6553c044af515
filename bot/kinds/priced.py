"""What a price is asked for, in the person's own words, so that it is still known when the appliance was asked for meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation import Answer, Choices
from bot.heard import Heard
from bot.kinds.kind import Kind

if TYPE_CHECKING:
    from bot.talk import Talk
    from bot.understanding import Understood


@dataclass(frozen=True)
class Asked(Kind):
    """The first sentence of a flow; a later one adds nothing."""

    def read(self, talk: Talk, heard: Heard, understood: Understood[str]) -> Answer | Choices:
        return Answer({"said": understood.said.text, "category": talk.category()}, "")

    def find(self, talk: Talk, understood: Understood[str]) -> Answer | Choices | None:
        return Answer({"said": understood.said.text, "category": talk.category()}, "")
