"""What other subjects may learn about providers and where they work."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class CoverageChanged(Event):
    """The grid, a provider or an authorization was changed: orders that found nobody may find somebody now."""

    brand_id: str
    """"" when it may concern several."""


@dataclass(frozen=True)
class ProviderUnfit(Event):
    """From ``since`` (a day, ISO) on a provider, or one of its stations, cannot do some or all of what its engineers have
    planned: it left, or a brand's authorization ended."""

    provider_id: str
    station_id: str
    """"" for all of them."""
    since: str
    why: str
