"""The life of a service-level clock: it runs, may rest for reasons that may pause, is warned, and is met or breached 跳闸."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move


class ClockStatus(StrEnum):
    RUNNING = "running"
    WARNED = "warned"
    PAUSED = "paused"
    BREACHED = "breached"
    MET = "met"
    LATE = "late"
    VOID = "void"


RUNNING, WARNED, PAUSED, BREACHED, MET, LATE, VOID = ClockStatus
SYSTEM, STAFF = Role.SYSTEM, Role.STAFF

LIVE = frozenset({RUNNING, WARNED, PAUSED, BREACHED})
"""Something can still come of it."""

CLOCKS = Lifecycle(
    start=RUNNING,
    titles={
        RUNNING: "计时中", WARNED: "即将超时", PAUSED: "已暂停", BREACHED: "已跳闸", MET: "按时完成", LATE: "超时完成",
        VOID: "不再计时",
    },
    moves=[
        #    name       title       from                                 to        by
        Move("warn",    "预警",     {RUNNING},                           WARNED,   {SYSTEM}),
        Move("pause",   "暂停",     {RUNNING, WARNED},                   PAUSED,   {SYSTEM, STAFF}, (), True),
        Move("resume",  "继续计时",  {PAUSED},                            RUNNING,  {SYSTEM, STAFF}),
        Move("breach",  "跳闸",     {RUNNING, WARNED},                   BREACHED, {SYSTEM}),
        Move("reopen",  "撤销跳闸",  {BREACHED},                          RUNNING,  {SYSTEM}),
        Move("meet",    "按时完成",  {RUNNING, WARNED, PAUSED},           MET,      {SYSTEM, STAFF}),
        Move("end",     "超时完成",  {BREACHED},                          LATE,     {SYSTEM, STAFF}),
        Move("void",    "停止计时",  {RUNNING, WARNED, PAUSED, BREACHED}, VOID,     {SYSTEM, STAFF}),
    ],
)  # fmt: skip
"""A breach is taken back only when news arrive late of what had happened before it was due."""
