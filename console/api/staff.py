"""The staff list over JSON. For administrators."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console.api import shapes
from console.api_door import ApiDoor, Call
from domain.access import operations
from domain.access.queries import staff_list
from domain.access.roles import Permission, StaffRole


class StaffIn(Schema):
    username = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf([*StaffRole]))
    password = fields.String(required=True, load_only=True)
    display_name = fields.String(load_default="", validate=validate.Length(max=40))


class RoleIn(Schema):
    role = fields.String(required=True, validate=validate.OneOf([*StaffRole]))


def people(call: Call) -> Any:
    return staff_list(call.uow)


def add(call: Call) -> Any:
    return operations.add_staff(call.uow, by=call.by, **call.given)


def set_role(call: Call, staff_id: str) -> Any:
    operations.set_role(call.uow, staff_id, call.given["role"], by=call.by)
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
