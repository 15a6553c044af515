"""What a reaction is, for whoever runs one; which there are is `jobs.reactions`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from domain.kit.events import Event
from domain.kit.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from jobs.context import Jobs


@dataclass(frozen=True)
class Outside:
    """A reaction that calls other systems: it runs without a transaction, and must bear being run twice."""

    run: Callable[[Jobs, Any], object]
    slow: bool = False
    """It may take seconds, or much memory: the slow worker does it, so that messages to people do not wait for it."""
    reply: bool = False
    """It brings somebody the answer they wait for: it overtakes reminders and surveys."""


URGENT: set[str] = set()
"""Names of the reactions that overtake the others, as `urgent` has collected them."""

R = TypeVar("R", bound=Callable[..., object])


def urgent(reaction: R) -> R:
    """Marks a reaction that somebody waits for: an engineer is found before messages are written about it."""
    URGENT.add(reaction.__name__)
    return reaction


Inside = Callable[[UnitOfWork, Any], object]
Reaction = Inside | Outside
Reactions = Mapping[type[Event], Sequence[Reaction]]


def name_of(reaction: Reaction) -> str:
    return (reaction.run if isinstance(reaction, Outside) else reaction).__name__


def is_slow(reaction: Reaction) -> bool:
    return isinstance(reaction, Outside) and reaction.slow


def is_reply(reaction: Reaction) -> bool:
    return isinstance(reaction, Outside) and reaction.reply


def named(reactions: Reactions) -> dict[str, dict[str, Reaction]]:
    """The table by the names the outbox knows: event's name → reaction's name → reaction."""
    return {kind.__name__: {name_of(one): one for one in ones} for kind, ones in reactions.items()}
