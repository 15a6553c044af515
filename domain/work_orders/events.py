"""What other subjects may learn about work orders."""

from __future__ import annotations

from dataclasses import dataclass

from domain.kit.events import Event


@dataclass(frozen=True)
class WorkOrderOpened(Event):
    work_order_id: str


@dataclass(frozen=True)
class WorkOrderMoved(Event):
    work_order_id: str
    move: str
    frm: str
    to: str


@dataclass(frozen=True)
class WorkOrderChanged(Event):
    """Fields were corrected; ``fields`` are their names."""

    work_order_id: str
    fields: list[str]


@dataclass(frozen=True)
class WorkOrderUrged(Event):
    """The customer asked to hurry, for the ``times``-th time."""

    work_order_id: str
    times: int


@dataclass(frozen=True)
class VisitMoved(Event):
    visit_id: str
    work_order_id: str
    move: str
    to: str
