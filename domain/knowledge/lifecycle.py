"""The life of a guided case: the steps are offered, maybe watched for half an hour, and help or do not."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move


class GuideStatus(StrEnum):
    OFFERED = "offered"
    WATCHING = "watching"
    SOLVED = "solved"
    UNSOLVED = "unsolved"


OFFERED, WATCHING, SOLVED, UNSOLVED = GuideStatus
CUSTOMER, _, STAFF, _ = Role

GUIDES = Lifecycle(
    start=OFFERED,
    titles={OFFERED: "指导中", WATCHING: "观察中", SOLVED: "指导解决", UNSOLVED: "未解决"},
    moves=[
        #    name     title      from                 to        by
        Move("watch", "再观察",   {OFFERED, WATCHING}, WATCHING, {CUSTOMER, STAFF}),
        Move("solve", "确认解决", {OFFERED, WATCHING}, SOLVED,   {CUSTOMER, STAFF}),
        Move("fail",  "转报修",   {OFFERED, WATCHING}, UNSOLVED, {CUSTOMER, STAFF}),
    ],
)  # fmt: skip

OPEN = frozenset({OFFERED, WATCHING})
