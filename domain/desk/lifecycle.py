"""The life of a desk task: waiting, claimed by one person, done."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move


class TaskStatus(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"


WAITING, CLAIMED, DONE = TaskStatus

TASKS = Lifecycle(
    start=WAITING,
    titles={WAITING: "待处理", CLAIMED: "处理中", DONE: "已处理"},
    moves=[
        #    name       title    from                to       by
        Move("claim",   "接手",  {WAITING},          CLAIMED, {Role.STAFF}),
        Move("pass_on", "转交",  {CLAIMED},          CLAIMED, {Role.STAFF}),
        Move("drop",    "放回",  {CLAIMED},          WAITING, {Role.STAFF}),
        Move("finish",  "办结",  {WAITING, CLAIMED}, DONE,    {Role.STAFF, Role.CUSTOMER, Role.SYSTEM}),
    ],
)  # fmt: skip
