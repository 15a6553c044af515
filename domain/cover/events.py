"""What other subjects may learn about covers, cards and gifts: ids only."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class CoverOrdered(Event):
    """Somebody wants it; nothing holds before ``payable_id`` is paid."""

    cover_id: str
    payable_id: str


@dataclass(frozen=True)
class CoverMoved(Event):
    """A move of `domain.cover.lifecycle.COVERS`."""

    cover_id: str
    move: str
    to: str


@dataclass(frozen=True)
class CoverTransferred(Event):
    """It went with its product to another customer."""

    cover_id: str
    transfer_id: str


@dataclass(frozen=True)
class CoverEnding(Event):
    """Its last day is near; said once."""

    cover_id: str


@dataclass(frozen=True)
class CardUsed(Event):
    """One use of a card was held for an order, redeemed or given back: ``status`` is the use's now."""

    redemption_id: str
    cover_id: str
    work_order_id: str
    status: str
