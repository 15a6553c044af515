"""The life of a safety incident: open until somebody on call has taken it, handled until it is closed with a finding."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move


class IncidentStatus(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


OPEN, ACKNOWLEDGED, CLOSED = IncidentStatus

INCIDENTS = Lifecycle(
    start=OPEN,
    titles={OPEN: "待响应", ACKNOWLEDGED: "处置中", CLOSED: "已关闭"},
    moves=[
        #    name           title     from                  to            by            needs, reason
        Move("acknowledge", "接手处置", {OPEN},               ACKNOWLEDGED, {Role.STAFF}),
        Move("close",       "关闭事件", {OPEN, ACKNOWLEDGED}, CLOSED,       {Role.STAFF}, (), True),
    ],
)  # fmt: skip
