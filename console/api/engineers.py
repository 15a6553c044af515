"""Engineers over JSON: their papers, shifts, leave and coming visits."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console import engineers
from console.api import shapes
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission
from domain.capacity import operations as capacity
from domain.capacity.leaves import KINDS as LEAVES
from domain.catalog.categories import TITLES as CATEGORIES
from domain.engineers import operations
from domain.engineers.certificates import KINDS as CERTIFICATES
from domain.engineers.grades import Grade
from domain.organizations.model import Station

CATEGORY = validate.OneOf([*CATEGORIES])


class PaperOut(Schema):
    id = fields.String()
    kind = fields.String()
    title = fields.String()
    since = fields.Date()
    until = fields.Date()
    left = fields.Integer(metadata={"description": "还有几天"})
    state = fields.String(metadata={"description": "good 有效，soon 将到期，ended 已到期"})


class EngineerListedOut(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    phone = shapes.masked("电话")
    provider = fields.String()
    station = fields.String()
    grade = fields.String()
    skills = fields.List(fields.String())
    papers = fields.List(fields.Nested(PaperOut))
    brands = fields.String()
    daily_maximum = fields.Integer()
    rating = fields.String()
    works = fields.Boolean()


class ShiftOut(Schema):
    id = fields.String()
    weekday = fields.Integer(metadata={"description": "1 周一 … 7 周日"})
    starts = fields.Integer(metadata={"description": "零点后的分钟数"})
    ends = fields.Integer()
    since = fields.Date()
    until = fields.Date(allow_none=True)


class LeaveOut(Schema):
    id = fields.String()
    kind = fields.String()
    since = fields.AwareDateTime()
    until = fields.AwareDateTime()


class ComingVisitOut(Schema):
    order_id = fields.String()
    number = fields.String()
    day = fields.Date()
    since = fields.AwareDateTime()
    until = fields.AwareDateTime()
    promised = fields.Boolean()


class EngineerOut(Schema):
    row = fields.Nested(EngineerListedOut)
    lacking = fields.List(fields.String(), metadata={"description": "技能需要而没有的证书"})
    papers = fields.List(fields.Nested(PaperOut))
    shifts = fields.List(fields.Nested(ShiftOut))
    leaves = fields.List(fields.Nested(LeaveOut))
    coming = fields.List(fields.Nested(ComingVisitOut))


class EngineersOut(Schema):
    rows = fields.List(fields.Nested(EngineerListedOut))
    more = fields.Boolean()


class EngineersQuery(Schema):
    q = fields.String(load_default="", metadata={"description": "工号开头"})
    provider = fields.String(load_default="")
    station = fields.String(load_default="")
    category = fields.String(load_default="")


class EngineerIn(Schema):
    code = fields.String(required=True, validate=validate.Length(1, 20))
    name = fields.String(required=True, validate=validate.Length(1, 40))
    phone = fields.String(required=True, validate=validate.Length(5, 20))
    station_id = fields.String(required=True)
    grade = fields.String(load_default="engineer", validate=validate.OneOf([*Grade]))
    daily_maximum = fields.Integer(load_default=8, validate=validate.Range(1, operations.MOST))
    since = fields.Date(required=True)


class SkillIn(Schema):
    category_code = fields.String(required=True, validate=CATEGORY)
    service_type = fields.String(required=True, validate=validate.OneOf([*engineers.VISITED]))


class SkillsIn(Schema):
    skills = fields.List(fields.Nested(SkillIn), required=True, metadata={"description": "今天起会的全部；没写的终止"})


class CertificateIn(Schema):
    kind = fields.String(required=True, validate=validate.OneOf([*CERTIFICATES]))
    number = fields.String(required=True, validate=validate.Length(1, 60))
    since = fields.Date(required=True)
    until = fields.Date(required=True)


class ShiftIn(Schema):
    weekday = fields.Integer(required=True, validate=validate.Range(1, 7))
    starts = fields.Integer(required=True, validate=validate.Range(0, 1440))
    ends = fields.Integer(required=True, validate=validate.Range(0, 1440))
    since = fields.Date(required=True)


class LeaveIn(Schema):
    kind = fields.String(required=True, validate=validate.OneOf([*LEAVES]))
    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    why = fields.String(load_default="", validate=validate.Length(max=200))


class DismissIn(Schema):
    until = fields.Date(required=True)
    why = fields.String(required=True, validate=validate.Length(1, 200))


def people(call: Call) -> Any:
    rows, more = engineers.find_engineers(call.uow, call.given)
    return {"rows": rows, "more": more}


def one(call: Call, engineer_id: str) -> Any:
    return engineers.look_at_engineer(call.uow, engineer_id, call.who)


def put_engineer(call: Call) -> Any:
    station = call.uow.get(Station, call.given["station_id"], called="网点")
    given = {**call.given, "grade": Grade(call.given["grade"])}
    made = operations.put_engineer(call.uow, by=call.by, provider_id=station.provider_id, **given)
    return one(call, made.id)


def put_skills(call: Call, engineer_id: str) -> Any:
    wanted = {(skill["category_code"], skill["service_type"]) for skill in call.given["skills"]}
    engineers.put_skills(call.uow, engineer_id, wanted, call.who)
    return one(call, engineer_id)


def put_certificate(call: Call, engineer_id: str) -> Any:
    operations.put_certificate(call.uow, engineer_id, by=call.by, **call.given)
    return one(call, engineer_id)


def put_shift(call: Call, engineer_id: str) -> Any:
    capacity.put_shift(call.uow, engineer_id, by=call.by, **call.given)
    return one(call, engineer_id)


def end_shift(call: Call, engineer_id: str, shift_id: str) -> Any:
    capacity.end_shift(call.uow, shift_id, call.given["until"], by=call.by)
    return one(call, engineer_id)


def take_leave(call: Call, engineer_id: str) -> Any:
    capacity.take_leave(call.uow, engineer_id, by=call.by, **call.given)
    return one(call, engineer_id)


def end_leave(call: Call, engineer_id: str, leave_id: str) -> Any:
    capacity.end_leave(call.uow, leave_id, by=call.by)
    return one(call, engineer_id)


def dismiss(call: Call, engineer_id: str) -> Any:
    operations.dismiss(call.uow, engineer_id, call.given["until"], by=call.by, why=call.given["why"])
    return one(call, engineer_id)


def open_doors(door: ApiDoor) -> None:
    see, keep, at = Permission.ENGINEERS_SEE, Permission.ENGINEERS_KEEP, "/engineers/<engineer_id>"
    door.route(
        "GET", "/engineers", people, permission=see, query=EngineersQuery(), gives=EngineersOut(),
        summary="工程师列表",
    )  # fmt: skip
    door.route(
        "POST", "/engineers", put_engineer, permission=keep, takes=EngineerIn(), gives=EngineerOut(),
        summary="添加或修改工程师（按工号）",
    )  # fmt: skip
    door.route("GET", at, one, permission=see, gives=EngineerOut(), summary="一位工程师（查看会记录）")
    door.route(
        "POST", f"{at}/skills", put_skills, permission=keep, takes=SkillsIn(), gives=EngineerOut(),
        summary="设定技能",
    )  # fmt: skip
    door.route(
        "POST", f"{at}/certificates", put_certificate, permission=keep, takes=CertificateIn(), gives=EngineerOut(),
        summary="登记证书",
    )  # fmt: skip
    door.route(
        "POST", f"{at}/shifts", put_shift, permission=keep, takes=ShiftIn(), gives=EngineerOut(),
        summary="添加班次",
    )  # fmt: skip
    door.route(
        "POST", f"{at}/shifts/<shift_id>/end", end_shift, permission=keep, takes=shapes.EndIn(), gives=EngineerOut(),
        summary="停用班次",
    )  # fmt: skip
    door.route(
        "POST", f"{at}/leaves", take_leave, permission=keep, takes=LeaveIn(), gives=EngineerOut(),
        summary="请假",
    )  # fmt: skip
    door.route(
        "POST", f"{at}/leaves/<leave_id>/end", end_leave, permission=keep, gives=EngineerOut(),
        summary="取消请假",
    )  # fmt: skip
    door.route(
        "POST", f"{at}/dismiss", dismiss, permission=keep, takes=DismissIn(), gives=EngineerOut(),
        summary="离职",
    )  # fmt: skip
