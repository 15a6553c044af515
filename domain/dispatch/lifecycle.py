"""The life of an offer: an engineer is asked to take a visit, and answers, or does not in time."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move


class OfferStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


OPEN, ACCEPTED, REFUSED, EXPIRED, WITHDRAWN = OfferStatus
ENGINEER, STAFF, SYSTEM = Role.ENGINEER, Role.STAFF, Role.SYSTEM

OFFERS = Lifecycle(
    start=OPEN,
    titles={OPEN: "待答复", ACCEPTED: "已接单", REFUSED: "已拒绝", EXPIRED: "超时未答复", WITHDRAWN: "已撤回"},
    moves=[
        #    name        title      from    to         by                  needs, reason
        Move("accept",   "接单",    {OPEN}, ACCEPTED,  {ENGINEER, STAFF}),
        Move("refuse",   "拒单",    {OPEN}, REFUSED,   {ENGINEER, STAFF}, (), True),
        Move("expire",   "超时",    {OPEN}, EXPIRED,   {SYSTEM}),
        Move("withdraw", "撤回",    {OPEN}, WITHDRAWN, {SYSTEM, STAFF}, (), True),
    ],
)  # fmt: skip
