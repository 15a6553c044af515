"""Customers over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console.api import shapes
from console.api_door import ApiDoor, Call
from console.customers import find_customers, look_at_customer
from console.reveal import reveal
from domain.access.roles import Permission


class CustomerRowOut(Schema):
    id = fields.String()
    name = shapes.masked("姓名")
    phones = fields.List(shapes.masked("电话"))
    created_at = fields.AwareDateTime()


class PhoneOut(Schema):
    key = fields.String()
    number = shapes.masked("电话")


class AddressOut(Schema):
    id = fields.String()
    line = shapes.masked("地址")


class CustomerOut(Schema):
    id = fields.String()
    brand_id = fields.String()
    name = shapes.masked("姓名")
    phones = fields.List(fields.Nested(PhoneOut))
    addresses = fields.List(fields.Nested(AddressOut))
    products = fields.List(fields.Nested(shapes.ProductOut))
    orders = fields.List(fields.Nested(shapes.OrderRowOut))
    chat = fields.List(fields.Nested(shapes.LineOut))
    created_at = fields.AwareDateTime()


class CustomerSearchIn(Schema):
    text = fields.String(
        required=True, validate=validate.Length(1, 100), metadata={"description": "电话、后四位或姓名"}
    )


def search(call: Call) -> Any:
    return find_customers(call.uow, call.given["text"])


def one(call: Call, customer_id: str) -> Any:
    return look_at_customer(call.uow, customer_id, call.who)


def reveal_one(call: Call, customer_id: str) -> Any:
    return {"value": reveal(call.uow, "customer", customer_id, call.given["field"], call.given["key"], call.who)}


def open_doors(door: ApiDoor) -> None:
    see = Permission.CUSTOMERS_SEE
    door.route(
        "POST", "/customers/search", search, permission=see, takes=CustomerSearchIn(), gives=CustomerRowOut(many=True),
        summary="按电话或姓名查客户",
    )  # fmt: skip
    door.route(
        "GET", "/customers/<customer_id>", one, permission=see, gives=CustomerOut(), summary="一位客户（查看会记录）"
    )
    door.route(
        "POST", "/customers/<customer_id>/reveal", reveal_one, permission=Permission.PERSONAL_REVEAL,
        takes=shapes.RevealIn(), gives=shapes.RevealedOut(), summary="查看一项隐私信息（会记录）",
    )  # fmt: skip
