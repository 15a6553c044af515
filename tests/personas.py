"""People of tests/cases/personas.toml, talking to the bot until they have an order number."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import engine
from bot.heard import Heard, HeardKind
from domain.kit.unit_of_work import Runtime
from domain.organizations.queries import Voice

CASES = Path(__file__).parent / "cases" / "personas.toml"
PATIENCE = 12
"""Messages after which anybody would have called the hotline."""


@dataclass
class Persona:
    """One person: what is said first, and what when asked."""

    name: str
    says: str
    answers: list[dict[str, Any]] = field(default_factory=list)

    def reply(self, said: str) -> str:
        """What this person says to that; reads it back and confirms when there is nothing to answer."""
        for answer in self.answers:
            if answer["asked"] in said and not answer.get("used"):
                answer["used"] = answer.get("once", False)
                return str(answer["says"])
        return "确认"


def personas() -> list[Persona]:
    return [Persona(**row) for row in tomllib.loads(CASES.read_text())["persona"]]


def messages_to_order(runtime: Runtime, voice: Voice, persona: Persona) -> int:
    """How many messages this person sends until the order number is told.

    :raises AssertionError: it never is
    """
    says = persona.says
    for sent in range(1, PATIENCE + 1):
        with runtime.transaction() as uow:
            conversation, contact = engine.listen(uow, voice.account_id, persona.name)
            heard = Heard(persona.name, HeardKind.TEXT, text=says)
            spoken = engine.take_turn(uow, voice, conversation, contact, heard)
        said = "\n".join([spoken.first, *spoken.later])
        if "工单号：" in said:
            return sent
        says = persona.reply(said)
    raise AssertionError(f"{persona.name} has no order after {PATIENCE} messages; the last answer was: {said}")
