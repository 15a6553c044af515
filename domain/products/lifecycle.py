"""The life of a request to take a product over: asked, then accepted or refused by staff."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move


class TransferStatus(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"


ASKED, ACCEPTED, REFUSED = TransferStatus

TRANSFERS = Lifecycle(
    start=ASKED,
    titles={ASKED: "待核实", ACCEPTED: "已过户", REFUSED: "未通过"},
    moves=[
        #    name      title      from     to        by
        Move("accept", "同意过户", {ASKED}, ACCEPTED, {Role.STAFF}),
        Move("refuse", "驳回过户", {ASKED}, REFUSED,  {Role.STAFF}),
    ],
)  # fmt: skip
