"""The desk over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console import answering, desk
from console.api import shapes
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission


class TaskRowOut(Schema):
    id = fields.String()
    kind = fields.String(metadata={"description": "chat 人工接待，transfer 产品过户"})
    status = fields.String()
    words = fields.String()
    asked_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime(allow_none=True, metadata={"description": "答应客户的时间"})
    phone = shapes.masked("回电电话")
    wanted_time = fields.String()
    claimed_by = fields.String(allow_none=True)
    mine = fields.Boolean()


class TransferOut(Schema):
    id = fields.String()
    status = fields.String()
    product_id = fields.String()
    code = fields.String()
    name = fields.String()
    serial = fields.String(allow_none=True)
    owner = shapes.masked("现所有人")
    asker = shapes.masked("申请人")
    asked_at = fields.AwareDateTime()


class TaskOut(Schema):
    task = fields.Nested(TaskRowOut)
    moves = fields.List(fields.Nested(shapes.MoveOut))
    customer_id = fields.String(allow_none=True)
    chat = fields.List(fields.Nested(shapes.LineOut))
    replies_left = fields.Integer(metadata={"description": "微信现在还允许发几条"})
    closed_why = fields.String()
    transfer = fields.Nested(TransferOut, allow_none=True)
    customers = fields.List(fields.String(), metadata={"description": "合并客户：涉及的客户"})


class DeskQuery(Schema):
    done = fields.Boolean(load_default=False)


class TaskMoveIn(shapes.MoveIn):
    tell = fields.Boolean(load_default=False, metadata={"description": "办结时告知客户"})


class ReplyIn(Schema):
    words = fields.String(required=True, validate=validate.Length(1, answering.LONGEST_REPLY))


class DecisionIn(Schema):
    decision = fields.String(required=True, validate=validate.OneOf(["accept", "refuse"]))
    why = fields.String(load_default="", validate=validate.Length(max=500))


def tasks(call: Call) -> Any:
    return desk.desk_rows(call.uow, call.who, done=call.given["done"])


def one(call: Call, task_id: str) -> Any:
    return desk.look_at_task(call.uow, task_id, call.who)


def make_move(call: Call, task_id: str) -> Any:
    given = call.given
    desk.move_task(call.uow, task_id, given["move"], given["why"], call.who, tell=given["tell"])
    return desk.look_at_task(call.uow, task_id, call.who)


def reply(call: Call, task_id: str) -> Any:
    answering.reply(call.uow, task_id, call.given["words"], call.who)
    return {"done": True}


def decide(call: Call, task_id: str) -> Any:
    desk.decide(call.uow, task_id, call.given["decision"], call.given["why"], call.who)
    return desk.look_at_task(call.uow, task_id, call.who)


def open_doors(door: ApiDoor) -> None:
    work = Permission.DESK_WORK
    door.route(
        "GET", "/desk-tasks", tasks, permission=work, query=DeskQuery(), gives=TaskRowOut(many=True), summary="待办列表"
    )
    door.route("GET", "/desk-tasks/<task_id>", one, permission=work, gives=TaskOut(), summary="一条待办（查看会记录）")
    door.route(
        "POST", "/desk-tasks/<task_id>/moves", make_move, permission=work, takes=TaskMoveIn(), gives=TaskOut(),
        summary="接手、放回、办结",
    )  # fmt: skip
    door.route(
        "POST", "/desk-tasks/<task_id>/replies", reply, permission=work, takes=ReplyIn(), gives=shapes.Done(),
        status=202, summary="回复客户（经公众号客服消息）",
    )  # fmt: skip
    door.route(
        "POST", "/desk-tasks/<task_id>/decision", decide, permission=work, takes=DecisionIn(), gives=TaskOut(),
        summary="同意或驳回产品过户",
    )  # fmt: skip
