"""The lives of an appointment and of a request to change one."""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move


class AppointmentStatus(StrEnum):
    HELD = "held"
    BOOKED = "booked"
    SUPERSEDED = "superseded"
    GIVEN_UP = "given_up"
    KEPT = "kept"
    MISSED = "missed"


HELD, BOOKED, SUPERSEDED, GIVEN_UP, KEPT, MISSED = AppointmentStatus
CUSTOMER, ENGINEER, STAFF, SYSTEM = Role

APPOINTMENTS = Lifecycle(
    start=HELD,
    titles={HELD: "暂留", BOOKED: "已约定", SUPERSEDED: "已改约", GIVEN_UP: "已取消", KEPT: "已守约", MISSED: "未守约"},
    moves=[
        #    name         title     from            to          by
        Move("book",      "约定",   {HELD},         BOOKED,     {CUSTOMER, ENGINEER, STAFF, SYSTEM}),
        Move("supersede", "改约",   {HELD, BOOKED}, SUPERSEDED, {CUSTOMER, ENGINEER, STAFF, SYSTEM}),
        Move("give_up",   "取消",   {HELD, BOOKED}, GIVEN_UP,   {CUSTOMER, STAFF, SYSTEM}),
        Move("keep",      "守约",   {BOOKED},       KEPT,       {ENGINEER, STAFF, SYSTEM}),
        Move("miss",      "未守约", {BOOKED},       MISSED,     {ENGINEER, STAFF, SYSTEM}),
    ],
)  # fmt: skip
"""Kept: the engineer checked in within the window, or before; missed: later, or not at all."""


class ChangeStatus(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    UNCONFIRMED = "unconfirmed"
    WITHDRAWN = "withdrawn"


ASKED, AGREED, DECLINED, UNCONFIRMED, WITHDRAWN = ChangeStatus

CHANGES = Lifecycle(
    start=ASKED,
    titles={
        ASKED: "待客户确认", AGREED: "客户已同意", DECLINED: "客户不同意", UNCONFIRMED: "客户未确认", WITHDRAWN: "已撤回",
    },
    moves=[
        #    name        title        from                  to           by
        Move("agree",    "同意改约",   {ASKED, UNCONFIRMED}, AGREED,      {CUSTOMER, STAFF}),
        Move("decline",  "不同意改约", {ASKED, UNCONFIRMED}, DECLINED,    {CUSTOMER, STAFF}),
        Move("lapse",    "未确认",    {ASKED},              UNCONFIRMED, {SYSTEM}),
        Move("withdraw", "撤回",      {ASKED, UNCONFIRMED}, WITHDRAWN,   {ENGINEER, STAFF, SYSTEM}),
    ],
)  # fmt: skip
"""A late yes still counts while the appointment stands and the time asked for is to come; staff write down a yes by phone."""
