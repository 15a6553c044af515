"""Products over JSON: an appliance and all that was done to it."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console.api import shapes
from console.api_door import ApiDoor, Call
from console.products import find_products, look_at_product
from domain.access.roles import Permission


class ProductRowOut(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    serial = fields.String(allow_none=True)
    owner = shapes.masked("所有人")
    registered_at = fields.AwareDateTime()


class OwnerOut(Schema):
    customer_id = fields.String()
    name = shapes.masked("姓名")
    since = fields.AwareDateTime()
    until = fields.AwareDateTime(allow_none=True)


class ProductOrderOut(Schema):
    order = fields.Nested(shapes.OrderRowOut)
    visits = fields.List(fields.Nested(shapes.VisitOut))
    history = fields.List(fields.Nested(shapes.HistoryOut))


class ProductHistoryOut(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    category = fields.String()
    serial = fields.String(allow_none=True)
    purchased_on = fields.Date(allow_none=True)
    registered_at = fields.AwareDateTime()
    registered_via = fields.String()
    owners = fields.List(fields.Nested(OwnerOut))
    orders = fields.List(fields.Nested(ProductOrderOut))


class SerialQuery(Schema):
    serial = fields.String(required=True, validate=validate.Length(1, 100))


def search(call: Call) -> Any:
    return find_products(call.uow, call.given["serial"])


def one(call: Call, product_id: str) -> Any:
    return look_at_product(call.uow, product_id, call.who)


def open_doors(door: ApiDoor) -> None:
    see = Permission.PRODUCTS_SEE
    door.route(
        "GET", "/products", search, permission=see, query=SerialQuery(), gives=ProductRowOut(many=True),
        summary="按机身编号查产品",
    )  # fmt: skip
    door.route(
        "GET", "/products/<product_id>", one, permission=see, gives=ProductHistoryOut(), summary="一台产品的全部历史"
    )
