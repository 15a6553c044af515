"""The lives of a work order and of its visits. To add a step, add a status and the moves into and out of it.

An order lives until the money is settled; each visit to the home has a life of its own, so that a failed visit
does not end the order.
"""

from __future__ import annotations

from enum import StrEnum

from domain.kit.actors import Role
from domain.kit.lifecycle import Lifecycle, Move


class OrderStatus(StrEnum):
    REPORTED = "reported"
    SCHEDULED = "scheduled"
    IN_SERVICE = "in_service"
    WAITING_PART = "waiting_part"
    FINISHED = "finished"
    AUDITED = "audited"
    SETTLED = "settled"
    CANCELLED = "cancelled"


REPORTED, SCHEDULED, IN_SERVICE, WAITING_PART, FINISHED, AUDITED, SETTLED, CANCELLED = OrderStatus
CUSTOMER, ENGINEER, STAFF, SYSTEM = Role

ORDERS = Lifecycle(
    start=REPORTED,
    titles={
        REPORTED: "已受理", SCHEDULED: "已预约", IN_SERVICE: "服务中", WAITING_PART: "待件",
        FINISHED: "已完工", AUDITED: "已审核", SETTLED: "已结算", CANCELLED: "已取消",
    },
    moves=[
        #    name          title      from                                 to            by               needs, reason
        Move("schedule",   "预约上门", {REPORTED},                          SCHEDULED,    {SYSTEM, STAFF}),
        Move("unschedule", "取消预约", {SCHEDULED},                         REPORTED,     {SYSTEM, STAFF}),
        Move("start",      "开始服务", {SCHEDULED},                         IN_SERVICE,   {ENGINEER, STAFF}),
        Move("wait_part",  "待件",    {IN_SERVICE},                        WAITING_PART, {ENGINEER, STAFF}),
        Move("resume",     "恢复服务", {WAITING_PART},                      SCHEDULED,    {SYSTEM, STAFF}),
        Move("revisit",    "再次上门", {IN_SERVICE},                        REPORTED,     {ENGINEER, STAFF}),
        Move("finish",     "完工",    {IN_SERVICE},                        FINISHED,     {ENGINEER, STAFF}),
        Move("reopen",     "补正结果", {FINISHED, WAITING_PART, REPORTED},  IN_SERVICE,   {SYSTEM}, (), True, True),
        Move("guide",      "指导解决", {REPORTED, SCHEDULED},               FINISHED,     {CUSTOMER, STAFF}, (), True),
        Move("audit",      "审核通过", {FINISHED},                          AUDITED,      {SYSTEM, STAFF}),
        Move("send_back",  "退回补正", {FINISHED},                          IN_SERVICE,   {STAFF}, (), True),
        Move("settle",     "结算",    {AUDITED},                           SETTLED,      {SYSTEM, STAFF}),
        Move("cancel",     "取消工单", {REPORTED, SCHEDULED, WAITING_PART}, CANCELLED,    {CUSTOMER, STAFF}, (), True),
    ],
)  # fmt: skip

OPEN = frozenset({REPORTED, SCHEDULED, IN_SERVICE, WAITING_PART})
"""The order still owes the customer something: a new report of the same fault joins it."""


class VisitStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DEPARTED = "departed"
    CHECKED_IN = "checked_in"
    FINISHED = "finished"
    FAILED = "failed"


OFFERED, ACCEPTED, DEPARTED, CHECKED_IN, VISIT_FINISHED, FAILED = VisitStatus

COMING = frozenset({OFFERED, ACCEPTED, DEPARTED, CHECKED_IN})
"""The visit is still to be made, or being made: an order has at most one such."""

VISITS = Lifecycle(
    start=OFFERED,
    titles={
        OFFERED: "待接单", ACCEPTED: "已接单", DEPARTED: "已出发", CHECKED_IN: "已签到",
        VISIT_FINISHED: "已完成", FAILED: "未成行",
    },
    moves=[
        #    name        title      from                              to              by               needs, reason
        Move("accept",   "接单",    {OFFERED},                        ACCEPTED,       {ENGINEER, STAFF}),
        Move("depart",   "出发",    {ACCEPTED},                       DEPARTED,       {ENGINEER}),
        Move("check_in", "签到",    {ACCEPTED, DEPARTED},             CHECKED_IN,     {ENGINEER}),
        Move("finish",   "完成上门", {CHECKED_IN},                     VISIT_FINISHED, {ENGINEER, STAFF}),
        Move("fail",     "上门失败", {ACCEPTED, DEPARTED, CHECKED_IN}, FAILED,         {ENGINEER, STAFF}, (), True),
        Move("reopen",   "补正结果", {VISIT_FINISHED, FAILED},         CHECKED_IN,     {SYSTEM}, (), True, True),
        Move("reassign", "改派",    {ACCEPTED, DEPARTED},             OFFERED,        {SYSTEM, STAFF}, (), True),
        Move("withdraw", "撤回派单", {OFFERED, ACCEPTED, DEPARTED},    FAILED,         {SYSTEM, STAFF}, (), True),
    ],
)  # fmt: skip
