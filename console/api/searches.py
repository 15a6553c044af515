"""Combined searches over JSON: the fields there are, a search, and the kept ones."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console.api import shapes
from console.api_door import ApiDoor, Call
from console.asked import place_asked
from console.searching import described
from domain.access.roles import Permission
from domain.reports.conditions import MOST, MOST_VALUES, OPERATORS, Query, read_query
from domain.reports.fields import FIELDS
from domain.reports.searching import LONGEST_NAME, drop, find, keep, kept, kept_for


class ConditionIn(Schema):
    field = fields.String(required=True, validate=validate.OneOf([*FIELDS]))
    operator = fields.String(validate=validate.OneOf([*OPERATORS]))
    values = fields.List(fields.String(), load_default=[], validate=validate.Length(max=MOST_VALUES))


class QueryIn(Schema):
    match = fields.String(load_default="all", validate=validate.OneOf(["all", "any"]))
    conditions = fields.List(fields.Nested(ConditionIn), load_default=[], validate=validate.Length(max=MOST))


class FindIn(QueryIn):
    after = fields.String(load_default="", metadata={"description": "上一页返回的 after"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class KeepIn(QueryIn):
    name = fields.String(required=True, validate=validate.Length(1, LONGEST_NAME))
    shared = fields.Boolean(load_default=False, metadata={"description": "同一范围的同事也能用"})


class FieldOut(Schema):
    name = fields.String()
    title = fields.String()
    kind = fields.String()
    operators = fields.List(fields.String())
    choices = fields.Dict(keys=fields.String(), values=fields.String())


class KeptOut(Schema):
    id = fields.String()
    name = fields.String()
    shared = fields.Boolean()
    mine = fields.Boolean()


def fields_there_are(call: Call) -> Any:
    return described(call.uow)


def asked(call: Call) -> Query:
    return read_query({"match": call.given["match"], "conditions": call.given["conditions"]}, FIELDS)


def search(call: Call) -> Any:
    return find(call.uow, asked(call), after=place_asked(call.given["after"]), limit=call.given["limit"])


def kept_ones(call: Call) -> Any:
    return [seen(call, one) for one in kept_for(call.uow, call.who.staff)]


def seen(call: Call, one: Any) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "shared": one.shared, "mine": one.staff_id == call.who.staff.id}


def run(call: Call, search_id: str) -> Any:
    return find(call.uow, kept(call.uow, search_id, call.who.staff)[1])


def keep_one(call: Call) -> Any:
    given = call.given
    return seen(call, keep(call.uow, call.who.staff, given["name"], asked(call), shared=given["shared"], by=call.by))


def drop_one(call: Call, search_id: str) -> Any:
    drop(call.uow, search_id, call.who.staff, by=call.by)
    return {"done": True}


def open_doors(door: ApiDoor) -> None:
    see, page, one = Permission.ORDERS_SEE, shapes.OrderPageOut(), KeptOut()
    door.route(
        "GET", "/searches/fields", fields_there_are, permission=see, gives=FieldOut(many=True), summary="可查的字段"
    )
    door.route("POST", "/searches/run", search, permission=see, takes=FindIn(), gives=page, summary="组合查询")
    door.route("GET", "/searches", kept_ones, permission=see, gives=KeptOut(many=True), summary="保存的查询")
    door.route("POST", "/searches", keep_one, permission=see, takes=KeepIn(), gives=one, status=201, summary="保存查询")
    door.route("GET", "/searches/<search_id>", run, permission=see, gives=page, summary="运行保存的查询")
    door.route("POST", "/searches/<search_id>/drop", drop_one, permission=see, gives=shapes.Done(), summary="删除查询")
