"""What every finder returns: the value, the words it was read from, and how sure it is."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.understanding.normalise import Normalised, Span, normalise

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """`score` from 0 to 1: 1 is as good as said outright, below 0.8 should be confirmed."""

    value: T_co
    span: Span
    score: float = 1.0


def read(text: "str | Normalised") -> Normalised:
    """Finders take plain text or text that was normalised before, so that one message is normalised once."""
    return text if isinstance(text, Normalised) else normalise(text)
