"""Any splitting, repetition and interleaving of two phones' operations ends in the same order, with nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kit.unit_of_work import Runtime
from domain.service_sheets.operations import Incoming
from tests.domain.service_sheets.world import World, world_in
from tests.runtime import Clock, Ids

VALUES = st.sampled_from(["甲", "乙", ""])
LINES, PHONES = st.sampled_from(["a", "b"]), st.sampled_from(["13911110000", "13922220000"])
ENDS = st.sampled_from(["absent", "revisit", "blocked", "waiting_part", "finished"])


def action(kind: str, **body: Any) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """Operations of one kind; what is no strategy stands as it is."""
    drawn = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in body.items()}
    return st.tuples(st.just(kind), st.fixed_dictionaries(drawn))


ACTIONS = st.one_of(
    action("visit.move", move=st.sampled_from(["depart", "check_in"])),
    action("field.set", name=st.sampled_from(["remark", "fault_found"]), value=VALUES),
    action("check.record", code="socket_earth", value=st.sampled_from(["yes", "no"])),
    action("fee.put", line=LINES, code="x", title="人工", fen=st.integers(0, 3), payer="customer"),
    action("fee.remove", line=LINES),
    action("correct", field="phone", value=PHONES),
    action("visit.end", outcome=ENDS, why="客户要求", parts=["cap"]),
    action("everything"),
    action("sign"),
)


class Chance:
    """Draws how two phones' operations reach the server: in batches, some twice, the phones taking turns."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def batches(self, one: Sequence[Incoming], two: Sequence[Incoming]) -> list[tuple[int, list[Incoming]]]:
        left = {0: list(one), 1: list(two)}
        sent: dict[int, list[Incoming]] = {0: [], 1: []}
        made: list[tuple[int, list[Incoming]]] = []
        while left[0] or left[1]:
            phone = self.draw(st.sampled_from([side for side in (0, 1) if left[side]]))
            size = self.draw(st.integers(1, len(left[phone])))
            batch, left[phone] = left[phone][:size], left[phone][size:]
            again = self.draw(st.integers(0, min(3, len(sent[phone]))))
            made.append((phone, [*sent[phone][-again:], *batch] if again else batch))
            sent[phone] += batch
        if len(made) > 2 and made[0][0] == made[1][0] and self.draw(st.booleans()):
            made[0], made[1] = made[1], made[0]  # a batch overtakes the one before it
        return made


def operations(
    world: World, phone: str, actions: Sequence[tuple[str, dict[str, Any]]], minute: float
) -> list[Incoming]:
    made: list[Incoming] = []
    for number, (kind, body) in enumerate(actions):
        at = minute + number * 2
        if kind == "everything":
            made += world.everything(phone, at)
        elif kind == "sign":
            made.append(
                world.operation(
                    phone,
                    "signature.add",
                    at,
                    signature_id=f"sg_{phone}_{number}",
                    upload_id="u",
                    purpose="sheet",
                    sheet_hash="f" * 64,
                )
            )
        else:
            made.append(world.operation(phone, kind, at, **body))
    return made


@contextmanager
def undone(runtime: Runtime) -> Iterator[Runtime]:
    """The same database and the same ids for every way; what happens in it is rolled back."""
    nested = runtime.sessions.kw["bind"].begin_nested()
    try:
        yield Runtime(runtime.sessions, runtime.clock, Ids(), runtime.keyring)
    finally:
        nested.rollback()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), first=st.lists(ACTIONS, max_size=5), second=st.lists(ACTIONS, max_size=5))
def test_two_phones_in_any_order_come_to_the_same(
    runtime: Runtime, clock: Clock, data: Any, first: Any, second: Any
) -> None:
    seen = []
    for way in range(2):
        with undone(runtime) as inner:
            world = world_in(inner)
            before = clock.at
            clock.advance(minutes=60)
            one, two = world.phones
            ones, twos = operations(world, one, first, 1), operations(world, two, second, 2)
            ways = Chance(data.draw).batches(ones, twos) if way else [(0, ones), (1, twos)]
            for side, batch in ways:
                world.send(world.phones[side], *batch)
            looked = world.look()
            signed = {made.body["signature_id"] for made in (*ones, *twos) if made.kind == "signature.add"}
            assert set(looked["signatures"]) == signed
            seen.append(looked)
            clock.at = before
    assert seen[0] == seen[1]
