"""What is shown of an order's dispatch: candidates, decisions, offers, visits, appointments, as frozen rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.board_rows import Colour
from domain.appointments.windows import WINDOWS
from domain.dispatch.lifecycle import OfferStatus
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OrderStatus, VisitStatus


@dataclass(frozen=True)
class Said:
    """One objection, or one point for somebody."""

    code: str
    words: str
    points: float | None = None


@dataclass(frozen=True)
class CandidateSeen:
    """Somebody who was considered: objections, or a window with points."""

    engineer_id: str
    name: str
    code: str
    score: float | None
    window: str
    since: datetime | None
    objections: Sequence[Said]
    points: Sequence[Said]

    @property
    def on_grid(self) -> bool:
        """Whether the window is one of those that can be named when assigning, not a wish of the customer's."""
        return self.since is not None and not self.since.minute and self.since.hour in {first for first, _ in WINDOWS}


@dataclass(frozen=True)
class DecisionSeen:
    at: datetime
    by: str
    why: str
    outcome: str
    engineer: str
    override: str
    considered: Sequence[CandidateSeen]

    @property
    def fit(self) -> Sequence[CandidateSeen]:
        return [one for one in self.considered if not one.objections]

    @property
    def ruled_out(self) -> Sequence[CandidateSeen]:
        return [one for one in self.considered if one.objections]


@dataclass(frozen=True)
class OfferSeen:
    id: str
    engineer: str
    status: str
    title: str
    offered_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    reason: str

    @property
    def is_open(self) -> bool:
        return self.status == OfferStatus.OPEN


@dataclass(frozen=True)
class ShareSeen:
    engineer_id: str
    name: str
    share: int
    lead: bool


@dataclass(frozen=True)
class ComingSeen:
    """One visit with who comes."""

    id: str
    seq: int
    status: VisitStatus
    is_coming: bool
    engineers: Sequence[ShareSeen]


@dataclass(frozen=True)
class AppointmentSeen:
    id: str
    words: str
    status: str
    title: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class ChangeSeen:
    """Another time the customer was asked about."""

    id: str
    words: str
    title: str
    is_open: bool
    reason: str
    at: datetime
    answer_by: datetime


@dataclass(frozen=True)
class WaitingSeen:
    title: str
    words: str
    since: datetime
    tried_at: datetime
    tries: int
    again_at: datetime


@dataclass(frozen=True)
class DispatchSeen:
    """``version`` is what a dispatcher looked at, and names when doing something."""

    order_id: str
    number: str
    version: int
    status: OrderStatus
    service_type: ServiceType
    what: str
    customer: str
    place: str
    words: str
    wish: str
    urged: int
    hard: str
    colour: Colour
    waiting: WaitingSeen | None
    appointments: Sequence[AppointmentSeen]
    changes: Sequence[ChangeSeen]
    visits: Sequence[ComingSeen]
    offers: Sequence[OfferSeen]
    decisions: Sequence[DecisionSeen]

    @property
    def coming(self) -> ComingSeen | None:
        return next((visit for visit in self.visits if visit.is_coming), None)

    @property
    def promised(self) -> AppointmentSeen | None:
        return next((one for one in reversed(self.appointments) if one.status == "booked"), None)

    @property
    def decision(self) -> DecisionSeen | None:
        return self.decisions[0] if self.decisions else None
