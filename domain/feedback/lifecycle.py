"""The lives of a callback and of a complaint. To add a step, add a status and the moves into and out of it."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move

CUSTOMER, STAFF, SYSTEM = Role.CUSTOMER, Role.STAFF, Role.SYSTEM


class CallbackStatus(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    DROPPED = "dropped"


WAITING, CLAIMED, DONE, DROPPED = CallbackStatus

CALLBACKS = Lifecycle(
    start=WAITING,
    titles={WAITING: "待回访", CLAIMED: "回访中", DONE: "已回访", DROPPED: "不用回访"},
    moves=[
        #    name        title       from                to       by
        Move("claim",    "领取",     {WAITING},          CLAIMED, {STAFF}),
        Move("put_back", "放回",     {CLAIMED},          WAITING, {STAFF, SYSTEM}),
        Move("again",    "再约回访", {CLAIMED},          WAITING, {STAFF}),
        Move("finish",   "完成回访", {CLAIMED},          DONE,    {STAFF}),
        Move("drop",     "不用回访", {WAITING},          DROPPED, {STAFF, SYSTEM}, (), True),
        Move("plan",     "重新安排", {DONE, DROPPED},    WAITING, {STAFF, SYSTEM}, (), True, True),
    ],
)  # fmt: skip


class ComplaintStatus(StrEnum):
    OPENED = "opened"
    OWNED = "owned"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


OPENED, OWNED, ANSWERED, CLOSED, REOPENED = ComplaintStatus

COMPLAINTS = Lifecycle(
    start=OPENED,
    titles={OPENED: "待受理", OWNED: "处理中", ANSWERED: "已答复", CLOSED: "已结案", REOPENED: "重新打开"},
    moves=[
        #    name      title      from                         to        by
        Move("own",    "受理",    {OPENED, REOPENED},          OWNED,    {STAFF}),
        Move("hand",   "转交",    {OWNED, ANSWERED},           OWNED,    {STAFF}, (), True),
        Move("answer", "答复客户", {OWNED, ANSWERED},           ANSWERED, {STAFF}, (), True),
        Move("close",  "结案",    {OWNED, ANSWERED},           CLOSED,   {STAFF}, (), True),
        Move("reopen", "重新打开", {ANSWERED, CLOSED},          REOPENED, {STAFF, CUSTOMER}, (), True, True),
    ],
)  # fmt: skip

TO_ANSWER = frozenset({OPENED, OWNED, REOPENED})
"""The customer still waits for an answer: the deadline runs."""
OPEN = frozenset({OPENED, OWNED, ANSWERED, REOPENED})
