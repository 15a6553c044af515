"""The network over JSON: providers, stations, authorizations and the grid."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console import network
from console.api import shapes
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission
from domain.catalog.categories import TITLES as CATEGORIES
from domain.organizations import operations as organizations
from domain.organizations.model import ProviderKind
from domain.work_orders.kinds import ServiceType


class ProviderRowOut(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    kind = fields.String(metadata={"description": "签约、自营"})
    brands = fields.String()
    engineers = fields.Integer()
    cells = fields.Integer(metadata={"description": "网格条数"})
    since = fields.Date()
    until = fields.Date(allow_none=True)


class GrantOut(Schema):
    brand_id = fields.String()
    brand = fields.String()
    since = fields.Date()
    until = fields.Date(allow_none=True)


class StationOut(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    division_code = fields.String()
    place = fields.String()
    address = fields.String()
    phone = fields.String()
    lat = fields.Float(allow_none=True)
    lng = fields.Float(allow_none=True)
    engineers = fields.Integer()
    since = fields.Date()
    until = fields.Date(allow_none=True)


class ProviderOut(Schema):
    row = fields.Nested(ProviderRowOut)
    contact = fields.String()
    grants = fields.List(fields.Nested(GrantOut))
    stations = fields.List(fields.Nested(StationOut))


class ProviderIn(Schema):
    code = fields.String(required=True, validate=validate.Length(1, 20))
    name = fields.String(required=True, validate=validate.Length(1, 60))
    kind = fields.String(load_default="contracted", validate=validate.OneOf([*ProviderKind]))
    contact = fields.String(load_default="", validate=validate.Length(max=100))
    since = fields.Date(required=True)
    until = fields.Date(load_default=None, allow_none=True)


class StationIn(Schema):
    code = fields.String(required=True, validate=validate.Length(1, 20))
    name = fields.String(required=True, validate=validate.Length(1, 60))
    division_code = fields.String(required=True, validate=validate.Length(2, 12))
    address = fields.String(required=True, validate=validate.Length(1, 200))
    phone = fields.String(load_default="", validate=validate.Length(max=30))
    lat = fields.Float(load_default=None, allow_none=True, validate=validate.Range(3, 54))
    lng = fields.Float(load_default=None, allow_none=True, validate=validate.Range(73, 136))
    since = fields.Date(required=True)
    until = fields.Date(load_default=None, allow_none=True)


class GrantIn(Schema):
    brand_id = fields.String(required=True)
    since = fields.Date(required=True)
    until = fields.Date(load_default=None, allow_none=True)


class CellOut(Schema):
    id = fields.String()
    brand = fields.String()
    division_code = fields.String()
    place = fields.String()
    category = fields.String()
    service = fields.String()
    rank = fields.Integer()
    provider_id = fields.String()
    provider = fields.String()
    station = fields.String()
    since = fields.Date()
    until = fields.Date(allow_none=True)


class GridOut(Schema):
    rows = fields.List(fields.Nested(CellOut))
    total = fields.Integer(metadata={"description": f"最多给出 {network.MOST_CELLS} 条"})


class GridQuery(Schema):
    brand = fields.String(load_default="")
    place = fields.String(load_default="", metadata={"description": "区划代码或名称"})
    category = fields.String(load_default="")
    provider = fields.String(load_default="")


class CellIn(Schema):
    brand_id = fields.String(required=True)
    division_code = fields.String(required=True, validate=validate.Length(2, 12))
    category_code = fields.String(load_default="", validate=validate.OneOf(["", *CATEGORIES]))
    service_type = fields.String(load_default="", validate=validate.OneOf(["", *ServiceType]))
    provider_id = fields.String(required=True)
    station_id = fields.String(load_default=None, allow_none=True)
    rank = fields.Integer(required=True, validate=validate.Range(1, 99))
    since = fields.Date(required=True)
    until = fields.Date(load_default=None, allow_none=True)


def providers(call: Call) -> Any:
    return network.provider_rows(call.uow)


def provider(call: Call, provider_id: str) -> Any:
    return network.look_at_provider(call.uow, provider_id, call.who)


def put_provider(call: Call) -> Any:
    network.check_may_make(call.uow, call.given["code"])
    made = organizations.put_provider(call.uow, by=call.by, **{**call.given, "kind": ProviderKind(call.given["kind"])})
    return network.look_at_provider(call.uow, made.id, call.who)


def put_station(call: Call, provider_id: str) -> Any:
    organizations.put_station(call.uow, by=call.by, provider_id=provider_id, **call.given)
    return network.look_at_provider(call.uow, provider_id, call.who)


def authorize_provider(call: Call, provider_id: str) -> Any:
    given = call.given
    organizations.authorize_provider(
        call.uow, provider_id, given["brand_id"], given["since"], by=call.by, until=given["until"]
    )
    return network.look_at_provider(call.uow, provider_id, call.who)


def coverage(call: Call) -> Any:
    return network.grid(call.uow, call.given)


def cover(call: Call) -> Any:
    row = organizations.cover(call.uow, by=call.by, **call.given)
    return network.grid(call.uow, {"brand": row.brand_id, "place": row.division_code})


def end_coverage(call: Call, coverage_id: str) -> Any:
    row = organizations.end_coverage(call.uow, coverage_id, call.given["until"], by=call.by)
    return network.grid(call.uow, {"brand": row.brand_id, "place": row.division_code})


def open_doors(door: ApiDoor) -> None:
    see, keep = Permission.NETWORK_SEE, Permission.NETWORK_KEEP
    door.route("GET", "/providers", providers, permission=see, gives=ProviderRowOut(many=True), summary="服务商列表")
    door.route(
        "POST", "/providers", put_provider, permission=keep, takes=ProviderIn(), gives=ProviderOut(),
        summary="添加或修改服务商（按代码）",
    )  # fmt: skip
    door.route(
        "GET", "/providers/<provider_id>", provider, permission=see, gives=ProviderOut(),
        summary="一家服务商（查看会记录）",
    )  # fmt: skip
    door.route(
        "POST", "/providers/<provider_id>/stations", put_station, permission=keep, takes=StationIn(), gives=ProviderOut(),
        summary="添加或修改网点（按代码）",
    )  # fmt: skip
    door.route(
        "POST", "/providers/<provider_id>/authorizations", authorize_provider, permission=keep, takes=GrantIn(), gives=ProviderOut(),
        summary="品牌授权，或给它写上结束日期",
    )  # fmt: skip
    door.route("GET", "/coverage", coverage, permission=see, query=GridQuery(), gives=GridOut(), summary="服务网格")
    door.route(
        "POST", "/coverage", cover, permission=keep, takes=CellIn(), gives=GridOut(), summary="添加或修改一条网格"
    )
    door.route(
        "POST", "/coverage/<coverage_id>/end", end_coverage, permission=keep, takes=shapes.EndIn(), gives=GridOut(),
        summary="停用一条网格",
    )  # fmt: skip
