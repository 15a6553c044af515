"""State machines as tables: who may move what, from where, to where.

A subject writes its table in ``lifecycle.py``. `Lifecycle.move` is the only code in the program that writes ``status``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from domain.kit.actors import Role
from domain.kit.errors import Refused

S = TypeVar("S", bound=StrEnum)


class HasStatus(Protocol[S]):
    status: S


@dataclass(frozen=True)
class Need:
    """Something that must be so before a move: ``words`` finish the sentence 请先…; ``code`` is what apps are sent."""

    code: str
    words: str
    met: Callable[[Any], bool]


@dataclass(frozen=True)
class Move(Generic[S]):
    """One row of the table: ``name`` takes a thing from any of ``frm`` to ``to``, done by ``by``.

    With ``reason`` it is refused unless whoever moves says why.
    """

    name: str
    title: str
    frm: Collection[S]
    to: S
    by: Collection[Role]
    needs: Sequence[Need] = ()
    reason: bool = False
    amends: bool = False
    """It takes an end back, reported wrongly or taken up again: the state is an end all the same. People say why."""


@dataclass(frozen=True)
class Deadline(Generic[S]):
    """A thing still in ``state`` this long after entering it makes ``move`` by itself."""

    state: S
    after: timedelta
    move: str


class MoveRefused(Refused):
    """The lifecycle does not allow the move; the words say why."""

    code = "move_refused"


class Lifecycle(Generic[S]):
    """A checked table of moves. ``titles`` are the statuses' names on screen, in the order people pass them."""

    def __init__(
        self,
        start: S,
        titles: Mapping[S, str],
        moves: Iterable[Move[S]],
        deadlines: Iterable[Deadline[S]] = (),
    ) -> None:
        self.start, self.titles = start, dict(titles)
        self.moves = {move.name: move for move in moves}
        self.deadlines = {deadline.state: deadline for deadline in deadlines}
        self._check_every_state_has_a_title()
        self._check_every_state_is_reachable()
        self._check_every_deadline_is_a_move()

    def allowed(self, status: S, role: Role) -> list[Move[S]]:
        """The moves this role may make now, in table order: what an app draws as buttons."""
        return [move for move in self.moves.values() if status in move.frm and role in move.by]

    def ends(self) -> set[S]:
        """The states nothing leads out of, but corrections of what was reported."""
        return set(self.titles) - {state for move in self.moves.values() if not move.amends for state in move.frm}

    def move(self, thing: HasStatus[S], name: str, role: Role, *, why: str = "") -> tuple[S, S]:
        """Make the move and return (from, to).

        :raises MoveRefused: no such move, not for this role, not from this state, no reason given, or a need not met
        """
        move = self.moves.get(name)
        if move is None:
            raise MoveRefused(f"没有“{name}”这个操作")
        if role not in move.by:
            raise MoveRefused(f"您不能{move.title}")
        if thing.status not in move.frm:
            raise MoveRefused(f"当前是“{self.titles[thing.status]}”，不能{move.title}")
        if move.reason and not why.strip():
            raise MoveRefused(f"{move.title}请写明原因")
        if missing := [need.words for need in move.needs if not need.met(thing)]:
            raise MoveRefused(f"{move.title}前请先{'、'.join(missing)}")
        before, thing.status = thing.status, move.to
        return before, move.to

    def mermaid(self) -> str:
        """The same table as a diagram, for docs/lifecycles.md."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {state} : {title} {state}" for state, title in self.titles.items()]
        lines += [f"    [*] --> {self.start}"]
        for move in self.moves.values():
            lines += [f"    {state} --> {move.to}: {move.title} {move.name}" for state in sorted(move.frm)]
        lines += [f"    {state} --> [*]" for state in sorted(self.ends())]
        return "\n".join(lines)

    def _check_every_state_has_a_title(self) -> None:
        if missing := set(type(self.start)) - set(self.titles):
            raise ValueError(f"no title for {sorted(missing)}")

    def _check_every_state_is_reachable(self) -> None:
        reached, grew = {self.start}, True
        while grew:
            new = {move.to for move in self.moves.values() if reached & set(move.frm)} - reached
            reached, grew = reached | new, bool(new)
        if missing := set(type(self.start)) - reached:
            raise ValueError(f"no move leads to {sorted(missing)}")

    def _check_every_deadline_is_a_move(self) -> None:
        for deadline in self.deadlines.values():
            move = self.moves[deadline.move]
            if deadline.state not in move.frm or Role.SYSTEM not in move.by:
                raise ValueError(
                    f"deadline on {deadline.state} makes {deadline.move}, which the system may not do there"
                )
