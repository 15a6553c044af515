"""What a form needs over JSON: who I am, the brands, the categories, a model by its code, an address as understood."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console.api_door import ApiDoor, Call
from console.opening import models_meant, read_address
from console.shelves import brand_meant, brands
from domain.access.roles import Permission, may
from domain.catalog import queries


class MeOut(Schema):
    id = fields.String()
    username = fields.String()
    display_name = fields.String()
    role = fields.String()
    permissions = fields.List(fields.String())


class BrandOut(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()


class CategoryOut(Schema):
    code = fields.String()
    title = fields.String()


class ModelOut(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    category_code = fields.String()


class ModelsMeantOut(Schema):
    exact = fields.Nested(ModelOut, allow_none=True)
    near = fields.List(fields.Nested(ModelOut), metadata={"description": "相近的型号，须由人确认"})


class ModelQuery(Schema):
    code = fields.String(required=True, validate=validate.Length(1, 60))
    brand_id = fields.String(load_default="")


class AddressIn(Schema):
    address = fields.String(required=True, validate=validate.Length(1, 200))
    brand_id = fields.String(load_default="")


class AddressReadOut(Schema):
    line = fields.String(metadata={"description": "读给客户核对的整行地址"})
    code = fields.String(metadata={"description": "行政区划代码"})
    parts = fields.List(fields.String())
    candidates = fields.List(fields.String())
    problem = fields.String(metadata={"description": "为空表示可用"})


def me(call: Call) -> Any:
    staff = call.who.staff
    return {
        "id": staff.id,
        "username": staff.username,
        "display_name": staff.display_name,
        "role": staff.role,
        "permissions": [one.value for one in Permission if may(staff.role, one)],
    }


def brand_list(call: Call) -> Any:
    return brands(call.uow)


def category_list(call: Call) -> Any:
    return queries.categories(call.uow)


def models(call: Call) -> Any:
    brand = brand_meant(call.uow, call.given["brand_id"])
    return models_meant(call.uow, call.shelves, brand.id, call.given["code"])


def address(call: Call) -> Any:
    brand = brand_meant(call.uow, call.given["brand_id"])
    return read_address(call.uow, brand.id, call.given["address"])


def open_doors(door: ApiDoor) -> None:
    see = Permission.ORDERS_SEE
    door.route("GET", "/me", me, permission=Permission.OWN_ACCOUNT, gives=MeOut(), summary="我是谁，能做什么")
    door.route("GET", "/brands", brand_list, permission=see, gives=BrandOut(many=True), summary="品牌")
    door.route("GET", "/categories", category_list, permission=see, gives=CategoryOut(many=True), summary="品类")
    door.route(
        "GET", "/models", models, permission=see, query=ModelQuery(), gives=ModelsMeantOut(), summary="按型号查产品目录"
    )
    door.route(
        "POST", "/addresses", address, permission=Permission.ORDERS_OPEN, takes=AddressIn(), gives=AddressReadOut(),
        summary="解析地址",
    )  # fmt: skip
