"""Day plans and whereabouts over JSON: which plans a day has, asking for one, whether they accept themselves, who is where."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console.api import shapes
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission
from domain.dispatch import plans
from domain.dispatch.whereabouts import Doing, whereabouts
from domain.engineers.queries import engineers_of


class PlansQuery(Schema):
    day = fields.Date(load_default=None, metadata={"description": "不填为今天"})
    provider_id = fields.String(load_default="")


class PlanListedOut(Schema):
    id = fields.String()
    day = fields.Date()
    provider_id = fields.String()
    station_id = fields.String(allow_none=True)
    made_at = fields.AwareDateTime()
    seconds = fields.Float()
    metres_before = fields.Integer()
    metres_after = fields.Integer()
    accepted_at = fields.AwareDateTime(allow_none=True)


class PlanIn(Schema):
    provider_id = fields.String(required=True)
    station_id = fields.String(load_default="")
    day = fields.Date(required=True)


class AutomaticIn(Schema):
    on = fields.Boolean(required=True, metadata={"description": "方案做好后自动采纳"})


class WhereQuery(Schema):
    provider_id = fields.String(load_default="")
    station_id = fields.String(load_default="")


class LastSeenOut(Schema):
    lat = fields.Float(attribute="position.lat", metadata={"description": "GCJ-02"})
    lng = fields.Float(attribute="position.lng", metadata={"description": "GCJ-02"})
    radius_m = fields.Integer(attribute="position.radius_m")
    at = fields.AwareDateTime()
    how = fields.String(metadata={"description": "check_in 签到，departure 出发，app 工程师端（须本人同意）"})


class WhereOut(Schema):
    engineer_id = fields.String()
    doing = fields.String(validate=validate.OneOf([*Doing]))
    title = fields.String()
    work_order_id = fields.String(allow_none=True)
    offers = fields.Integer()
    seen = fields.Nested(LastSeenOut, allow_none=True)
    age_seconds = fields.Integer(allow_none=True)


def plans_of_day(call: Call) -> Any:
    return plans.plans_of(call.uow, call.given["day"] or call.uow.today, call.given["provider_id"] or None)


def ask_for_plan(call: Call) -> Any:
    given = call.given
    plans.ask_for_plan(call.uow, given["provider_id"], given["day"], given["station_id"] or None, by=call.by)
    return {"done": True}


def set_automatic(call: Call, provider_id: str) -> Any:
    plans.set_automatic(call.uow, provider_id, call.given["on"], by=call.by)
    return {"done": True}


def where(call: Call) -> Any:
    providers = [call.given["provider_id"]] if call.given["provider_id"] else None
    people = engineers_of(call.uow, call.uow.today, provider_ids=providers, station_id=call.given["station_id"] or None)
    found = whereabouts(call.uow, [engineer.id for engineer in people]).values()
    return [{**vars(one), "title": one.title, "age_seconds": one.age and int(one.age.total_seconds())} for one in found]


def open_doors(door: ApiDoor) -> None:
    see, may_accept = Permission.DISPATCH_SEE, Permission.PLANS_ACCEPT
    door.route(
        "GET", "/dispatch/plans", plans_of_day, permission=see, query=PlansQuery(), gives=PlanListedOut(many=True),
        summary="一天的排程方案，新的在前",
    )  # fmt: skip
    door.route(
        "POST", "/dispatch/plans", ask_for_plan, permission=may_accept, takes=PlanIn(), gives=shapes.Done(), status=202,
        summary="请求重新排程，做好后出现在列表里",
    )  # fmt: skip
    door.route(
        "PUT", "/providers/<provider_id>/automatic-plans", set_automatic, permission=may_accept, takes=AutomaticIn(),
        gives=shapes.Done(), summary="排程方案是否自动采纳",
    )  # fmt: skip
    door.route(
        "GET", "/whereabouts", where, permission=see, query=WhereQuery(), gives=WhereOut(many=True),
        summary="工程师此刻在做什么、最后位置和多久以前",
    )  # fmt: skip
