"""One self-help article, and how it reads in the chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CLOSING = "解决了吗？回复 1 解决了 2 再观察一下 3 没解决"

MESSAGE_BYTES = 2048
"""What a message in the chat holds (wechat-protocol: passive replies and customer-service texts, UTF-8)."""

ARTICLE_BYTES = 1800
"""An article leaves room in its message for a sentence before it, such as what the error code means."""


@dataclass(frozen=True, slots=True)
class Step:
    """One action. ``picture`` names a file in ``pictures/``."""

    words: str
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """``id`` is ``folder/slug``. Without symptoms it is for anything that may be wrong with the appliance."""

    id: str
    title: str
    categories: tuple[str, ...]
    symptoms: tuple[str, ...]
    who: str
    minutes: int
    steps: tuple[Step, ...]
    stop: str
    """When to stop and call."""
    source: str
    checked: date
    """The day it was last read against its source."""
    said: tuple[str, ...] = ()
    """Phrases that tell this article from others with the same symptoms."""
    codes: tuple[str, ...] = ()
    """Error codes that lead here, ``general:water_heater_gas:E1``, ``YF:…``; they are written in ``codes/`` only."""

    def words(self, step_from: int = 0) -> str:
        """The article as one message, from step ``step_from`` (0 is the first) on.

        :raises ValueError: there is no such step
        """
        if not 0 <= step_from < len(self.steps):
            raise ValueError(f"{self.id} has {len(self.steps)} steps, not {step_from + 1}")
        head = (
            [f"【{self.title}】请按顺序试试，约 {self.minutes} 分钟"] if step_from == 0 else [f"【{self.title}】接着做"]
        )
        if self.who and step_from == 0:
            head.append(f"适用：{self.who}")
        steps = [f"{number}. {step.words}" for number, step in enumerate(self.steps, 1) if number > step_from]
        return "\n".join([*head, *steps, f"⚠️ {self.stop}", CLOSING])
