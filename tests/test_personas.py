"""Every kind of person gets an order, in few messages."""

from __future__ import annotations

from statistics import mean

from domain.kit.unit_of_work import Runtime
from tests.brand import brand_in
from tests.personas import messages_to_order, personas

WANTED = 4.0
"""Messages on average from the first word to the confirmed order (issue 3)."""


def test_people_have_their_order_in_four_messages_on_average(runtime: Runtime) -> None:
    voice = brand_in(runtime).voice
    counts = {persona.name: messages_to_order(runtime, voice, persona) for persona in personas()}
    assert mean(counts.values()) <= WANTED, counts
