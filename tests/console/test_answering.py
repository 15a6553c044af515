"""Two agents at the same moment: one has the customer, the other is told, and nobody waits for ever."""

from __future__ import annotations

import pytest

from bot import engine
from bot.heard import Heard, HeardKind
from console import answering
from console.chat_refs import Chat
from domain.access.model import StaffSession
from domain.access.operations import add_staff
from domain.access.sessions import SignedIn
from domain.desk.operations import open_chat
from domain.kit.errors import Conflict
from domain.kit.unit_of_work import Runtime
from tests.brand import brand_in
from tests.console.conftest import BY, PASSWORD
from tests.runtime import at_once


@pytest.mark.parametrize("asked_for_a_person", [True, False])
def test_of_many_who_take_a_chat_at_once_one_has_it(fresh_runtime: Runtime, asked_for_a_person: bool) -> None:
    voice = brand_in(fresh_runtime).voice
    with fresh_runtime.transaction() as uow:
        conversation, contact = engine.listen(uow, voice.account_id, "o-1")
        words = "人工" if asked_for_a_person else "空调不制冷了"
        engine.take_turn(uow, voice, conversation, contact, Heard("o-1", HeardKind.TEXT, words))
        agents = [
            SignedIn(
                add_staff(uow, by=BY, username=f"a{n}", role="agent", password=PASSWORD, display_name=f"坐席{n}"),
                StaffSession(),
            )
            for n in range(6)
        ]

    def take(number: int) -> str:
        if number == 6:  # and the customer goes on talking
            with fresh_runtime.transaction() as uow:
                conversation, contact = engine.listen(uow, voice.account_id, "o-1")
                return engine.take_turn(uow, voice, conversation, contact, Heard("o-1", HeardKind.TEXT, "在吗")).first
        with fresh_runtime.transaction() as uow:
            waiting = open_chat(uow, voice.account_id, "o-1")
            if waiting:
                return answering.claim(uow, waiting.id, agents[number]).claimed_by or ""
            return answering.take_over(uow, Chat(voice.account_id, "o-1"), agents[number]).claimed_by or ""

    *taken, said = at_once(7, take)
    assert isinstance(said, str), said
    assert sorted(type(one).__name__ for one in taken) == ["Conflict"] * 5 + ["str"]
    with fresh_runtime.transaction() as uow:
        task = open_chat(uow, voice.account_id, "o-1")
        assert task
        assert task.claimed_by == next(one for one in taken if isinstance(one, str))
    assert all("坐席" in str(one) for one in taken if isinstance(one, Conflict))
