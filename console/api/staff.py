"""The staff list over JSON. For administrators."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console.api import shapes
from console.api_door import ApiDoor, Call
from console.staff import scope_asked
from domain.access import operations
from domain.access.queries import staff_list
from domain.access.roles import Permission, StaffRole
from domain.kit.scope import Scope

BY_CODE = "只看这一家的数据：编号或 id，不填为全部"


class StaffIn(Schema):
    username = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf([*StaffRole]))
    password = fields.String(required=True, load_only=True)
    display_name = fields.String(load_default="", validate=validate.Length(max=40))

    brand = fields.String(load_default="", metadata={"description": BY_CODE})
    provider = fields.String(load_default="", metadata={"description": BY_CODE})
    station = fields.String(load_default="", metadata={"description": BY_CODE})


class RoleIn(Schema):
    role = fields.String(required=True, validate=validate.OneOf([*StaffRole]))
    brand = fields.String(load_default="", metadata={"description": BY_CODE})
    provider = fields.String(load_default="", metadata={"description": BY_CODE})
    station = fields.String(load_default="", metadata={"description": BY_CODE})


def people(call: Call) -> Any:
    return staff_list(call.uow)


def add(call: Call) -> Any:
    scope = scope_in(call)
    asked = {name: value for name, value in call.given.items() if name not in ("brand", "provider", "station")}
    return operations.add_staff(call.uow, by=call.by, **asked, scope=scope)


def scope_in(call: Call) -> Scope:
    return scope_asked(call.uow, call.given["brand"], call.given["provider"], call.given["station"])


def set_role(call: Call, staff_id: str) -> Any:
    operations.set_role(call.uow, staff_id, call.given["role"], by=call.by, scope=scope_in(call))
    return {"done": True}


def disable(call: Call, staff_id: str) -> Any:
    operations.disable(call.uow, staff_id, by=call.by)
    return {"done": True}


def enable(call: Call, staff_id: str) -> Any:
    operations.enable(call.uow, staff_id, by=call.by)
    return {"done": True}


def open_doors(door: ApiDoor) -> None:
    keep, done = Permission.STAFF_KEEP, shapes.Done()
    door.route("GET", "/staff", people, permission=keep, gives=shapes.StaffOut(many=True), summary="员工")
    door.route(
        "POST", "/staff", add, permission=keep, takes=StaffIn(), gives=shapes.StaffOut(), status=201, summary="添加员工"
    )
    door.route(
        "POST", "/staff/<staff_id>/role", set_role, permission=keep, takes=RoleIn(), gives=done, summary="修改角色"
    )
    door.route("POST", "/staff/<staff_id>/disable", disable, permission=keep, gives=done, summary="停用")
    door.route("POST", "/staff/<staff_id>/enable", enable, permission=keep, gives=done, summary="启用")
