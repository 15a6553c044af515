"""What others may learn about feedback."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class RatingGiven(Event):
    """A customer rated an order; the row has how."""

    rating_id: str
    work_order_id: str


@dataclass(frozen=True)
class RectificationOpened(Event):
    """``work_order_id`` puts ``first_id`` right."""

    work_order_id: str
    first_id: str


@dataclass(frozen=True)
class CallbackEnded(Event):
    """Nobody calls about this order any more: ``outcome`` is a key of `domain.feedback.policies.OUTCOMES`."""

    callback_id: str
    work_order_id: str
    outcome: str


@dataclass(frozen=True)
class ComplaintMoved(Event):
    """A complaint was opened (``move`` is ``open``), answered, closed …; ``step_id`` is its line of the history."""

    complaint_id: str
    move: str
    step_id: int


@dataclass(frozen=True)
class ComplaintEscalated(Event):
    """Nobody answered in time: ``role`` is told, as the ``level``-th."""

    complaint_id: str
    level: int
    role: str


@dataclass(frozen=True)
class SurveyAsked(Event):
    """A customer is to be asked how likely they are to recommend the brand."""

    survey_id: str
