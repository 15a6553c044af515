"""What other subjects may learn about providers and where they work."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class CoverageChanged(Event):
    """The grid, a provider or an authorization was changed: orders that found nobody may find somebody now."""

    brand_id: str
    """"" when it may concern several."""
