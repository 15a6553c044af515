"""What other subjects may learn about dispatch."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class VisitOffered(Event):
    """An engineer is asked to take a visit."""

    offer_id: str
    visit_id: str
    work_order_id: str
    engineer_id: str


@dataclass(frozen=True)
class OfferEnded(Event):
    """The offer was ``accepted``, ``refused``, ``expired`` or ``withdrawn``."""

    offer_id: str
    visit_id: str
    work_order_id: str
    engineer_id: str
    how: str


@dataclass(frozen=True)
class NobodyFits(Event):
    """The order came into the dispatcher's queue; said once, not at every further try."""

    work_order_id: str
    reason: str


@dataclass(frozen=True)
class VisitReassigned(Event):
    """Somebody else will come than the customer was told: ``code`` is a key of `domain.dispatch.reasons.REASSIGN`."""

    visit_id: str
    work_order_id: str
    was_engineer_id: str
    code: str


@dataclass(frozen=True)
class PlanMade(Event):
    plan_id: str


@dataclass(frozen=True)
class PlanWanted(Event):
    """A day (ISO) of a provider, or of one station, is to be planned; with ``work_order_id`` room for it is to be found.

    ``by`` is as `Actor` writes itself."""

    provider_id: str
    station_id: str
    day: str
    by: str
    work_order_id: str
