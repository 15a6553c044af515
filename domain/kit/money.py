"""Money: whole fen, never floats, rounded in exactly one place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, order=True)
class Money:
    """An amount of renminbi, held as whole fen. May be negative: deductions are amounts too."""

    fen: int

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def times(self, factor: Decimal | int) -> Money:
        """Multiply and round half up (away from zero) to a fen. The only rounding in the program."""
        return Money(int((self.fen * Decimal(factor)).quantize(Decimal(1), ROUND_HALF_UP)))

    def shared_by(self, weights: list[int]) -> list[Money]:
        """Split by weight so that the parts always sum to the whole; odd fen go to the first parts.

        :raises ValueError: there is no positive weight
        """
        if not weights or min(weights) < 0 or sum(weights) == 0:
            raise ValueError("money is shared by weights of which at least one is positive")
        whole, sign = abs(self.fen), 1 if self.fen >= 0 else -1
        parts = [whole * weight // sum(weights) for weight in weights]
        odd = whole - sum(parts)
        takers = [i for i, weight in enumerate(weights) if weight][:odd]
        for i in takers:
            parts[i] += 1
        return [Money(sign * part) for part in parts]

    def __str__(self) -> str:
        sign = "-" if self.fen < 0 else ""
        return f"{sign}¥{abs(self.fen) // 100}.{abs(self.fen) % 100:02d}"


ZERO = Money(0)


def yuan(text: str) -> Money:
    """Read an amount a person wrote in yuan, such as ``yuan("35.50")``.

    :raises ValueError: it is not a number of whole fen
    """
    fen = Decimal(text) * 100
    if fen != int(fen):
        raise ValueError(f"{text} yuan is not a whole number of fen")
    return Money(int(fen))
