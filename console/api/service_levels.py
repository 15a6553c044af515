"""Service levels over JSON: policies, what runs, what was broken today, the clocks of an order."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console import service_levels
from console.api import shapes
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission
from domain.service_levels.keeping import Wanted
from domain.service_levels.policies import CLOCKS

TEXT = validate.Length(max=40)


class PolicyIn(Schema):
    clock = fields.String(required=True, validate=validate.OneOf([*CLOCKS]))
    minutes = fields.Integer(required=True, validate=validate.Range(1, 129600))
    warn_minutes = fields.Integer(required=True, validate=validate.Range(0, 129600))
    since = fields.Date(required=True)
    brand_id = fields.String(load_default="", validate=TEXT)
    service_type = fields.String(load_default="", validate=TEXT)
    customer_level = fields.String(load_default="", validate=TEXT)
    division_code = fields.String(load_default="", validate=TEXT)
    working = fields.Boolean(load_default=False)
    opens = fields.Integer(load_default=480, validate=validate.Range(0, 1439))
    closes = fields.Integer(load_default=1200, validate=validate.Range(1, 1440))
    escalate_to = fields.List(fields.String(validate=TEXT), load_default=list)
    escalate_minutes = fields.Integer(load_default=120, validate=validate.Range(1, 129600))
    pauses = fields.List(fields.String(validate=TEXT), load_default=list)


class PolicyOut(PolicyIn):
    id = fields.String()
    until = fields.Date(allow_none=True)


class PolicySeenOut(Schema):
    policy = fields.Nested(PolicyOut)
    due_at = fields.AwareDateTime(metadata={"description": "现在受理的工单应于何时"})


class ClockOut(Schema):
    id = fields.String()
    work_order_id = fields.String()
    clock = fields.String()
    round = fields.Integer()
    status = fields.String()
    started_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    warn_at = fields.AwareDateTime()
    breached_at = fields.AwareDateTime(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    pause_reason = fields.String()


class ClockRowOut(Schema):
    clock = fields.Nested(ClockOut)
    number = fields.String()
    service_type = fields.String()
    provider = fields.String()


class CountOut(Schema):
    name = fields.String()
    total = fields.Integer()
    by_status = fields.Dict(keys=fields.String(), values=fields.Integer())


class RoomOut(Schema):
    running = fields.List(fields.Nested(ClockRowOut))
    breached = fields.List(fields.Nested(ClockRowOut))
    by_clock = fields.List(fields.Nested(CountOut))
    by_provider = fields.List(fields.Nested(CountOut))


class ClockLineOut(Schema):
    at = fields.AwareDateTime()
    kind = fields.String()
    by = fields.String()
    reason = fields.String()
    role = fields.String()
    why = fields.String()


class ClockSeenOut(Schema):
    clock = fields.Nested(ClockOut)
    title = fields.String()
    colour = fields.String()
    lines = fields.List(fields.Nested(ClockLineOut))


class ActIn(Schema):
    move = fields.String(required=True, validate=validate.OneOf(["pause", "resume", "meet", "void"]))
    why = fields.String(load_default="", validate=validate.Length(max=500))
    reason = fields.String(load_default="", validate=TEXT)


class ContactedIn(Schema):
    why = fields.String(required=True, validate=validate.Length(1, 500), metadata={"description": "与客户说了什么"})


class RoomQuery(Schema):
    clock = fields.String(load_default="", validate=validate.OneOf(["", *CLOCKS]))


def room(call: Call) -> Any:
    return service_levels.room(call.uow, call.given["clock"])


def policies(call: Call) -> Any:
    return service_levels.policies_seen(call.uow)


def put(call: Call) -> Any:
    return service_levels.put(call.uow, Wanted(**call.given), call.who)


def end(call: Call, policy_id: str) -> Any:
    return service_levels.end(call.uow, policy_id, call.given["until"], call.who)


def of_order(call: Call, order_id: str) -> Any:
    return service_levels.clocks_seen(call.uow, order_id)


def contacted(call: Call, order_id: str) -> Any:
    service_levels.contacted(call.uow, order_id, call.given["why"], call.who)
    return service_levels.clocks_seen(call.uow, order_id)


def act(call: Call, clock_id: str) -> Any:
    given = call.given
    return service_levels.act(call.uow, clock_id, given["move"], given["why"], given["reason"], call.who)


def open_doors(door: ApiDoor) -> None:
    see, keep, path = Permission.SERVICE_LEVELS_SEE, Permission.SERVICE_LEVELS_KEEP, "/service-levels"
    door.route("GET", path, room, permission=see, query=RoomQuery(), gives=RoomOut(), summary="在走的与今天跳闸的时钟")
    door.route("GET", f"{path}/policies", policies, permission=see, gives=PolicySeenOut(many=True), summary="时效标准")
    door.route(
        "POST",
        f"{path}/policies",
        put,
        permission=keep,
        takes=PolicyIn(),
        gives=PolicyOut(),
        status=201,
        summary="新标准",
    )
    door.route(
        "POST", f"{path}/policies/<policy_id>/end", end, permission=keep, takes=shapes.EndIn(), gives=PolicyOut(),
        summary="结束一条标准",
    )  # fmt: skip
    door.route(
        "GET",
        "/work-orders/<order_id>/clocks",
        of_order,
        permission=see,
        gives=ClockSeenOut(many=True),
        summary="工单的时钟",
    )
    door.route(
        "POST", "/work-orders/<order_id>/contacted", contacted, permission=Permission.ORDERS_CHANGE, takes=ContactedIn(),
        gives=ClockSeenOut(many=True), summary="已联系客户",
    )  # fmt: skip
    door.route(
        "POST", "/clocks/<clock_id>", act, permission=Permission.ORDERS_MOVE, takes=ActIn(), gives=ClockOut(),
        summary="暂停、继续、完成或停止",
    )  # fmt: skip
