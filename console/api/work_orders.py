"""Work orders over JSON."""

from __future__ import annotations

from typing import Any

from console.api import shapes
from console.api_door import ApiDoor, Call
from console.asked import place_asked
from console.opening import Malformed, OrderAsked, open_order, read_address, read_phone
from console.reveal import reveal, reveal_chat
from console.shelves import brand_meant, only_brand
from console.work_orders import look_at_order, move
from domain.access.roles import Permission
from domain.customers.address import AddressLine
from domain.kit.errors import NotFound
from domain.work_orders import operations, queries
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OrderStatus
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import read_number
from domain.work_orders.search import OrderPage, Search, find_orders


def search(call: Call) -> OrderPage:
    given = call.given
    status = given.get("status", "")
    wanted = Search(
        text=given.get("text", ""),
        brand_id=given.get("brand_id", "") or only_brand(call.uow),
        status=OrderStatus(status) if status not in ("", "open") else None,
        only_open=status == "open",
        service_type=ServiceType(given["service_type"]) if "service_type" in given else None,
        category_code=given.get("category", ""),
        since=given.get("since"),
        until=given.get("until"),
        only_re_repairs=given.get("re_repair", False),
    )
    return find_orders(call.uow, wanted, after=place_asked(given.get("after", "")), limit=given["limit"])


def orders(call: Call) -> OrderPage:
    return search(call)


def one(call: Call, order_id: str) -> Any:
    return look_at_order(call.uow, order_id, call.who)


def by_number(call: Call, number: str) -> Any:
    plain = read_number(number)
    found = queries.by_number(call.uow, plain) if plain else None
    if found is None:
        raise NotFound("没有这个工单号")
    return look_at_order(call.uow, found.id, call.who)


def open_one(call: Call) -> Any:
    given = call.given
    brand = brand_meant(call.uow, given.pop("brand_id"))
    opened = open_order(call.uow, call.shelves, OrderAsked(brand_id=brand.id, via="api", **given), call.who)
    return {"id": opened.order.id, "number": opened.order.number, "joined": opened.joined}


def make_move(call: Call, order_id: str) -> Any:
    move(call.uow, order_id, call.given["move"], call.given["why"], call.who)
    return look_at_order(call.uow, order_id, call.who)


def change(call: Call, order_id: str) -> Any:
    given = dict(call.given)
    if "phone" in given:
        given["phone"] = read_phone(given["phone"])
    if "address" in given:
        order = call.uow.get(WorkOrder, order_id, called="这张工单")
        found = read_address(call.uow, order.brand_id, given["address"])
        if not found.usable:
            raise Malformed({"address": found.problem})
        given["address"] = AddressLine(found.code, found.line)
    operations.change_order(call.uow, order_id, by=call.by, **given)
    return look_at_order(call.uow, order_id, call.who)


def reveal_one(call: Call, order_id: str) -> Any:
    return {"value": reveal(call.uow, "work_order", order_id, call.given["field"], call.given["key"], call.who)}


def plain_chat(call: Call, order_id: str) -> Any:
    return {"lines": reveal_chat(call.uow, "work_order", order_id, call.who)}


def open_doors(door: ApiDoor) -> None:
    see, reveals = Permission.ORDERS_SEE, Permission.PERSONAL_REVEAL
    page, order = shapes.OrderPageOut(), shapes.OrderOut()
    door.route("GET", "/work-orders", orders, permission=see, query=shapes.ListQuery(), gives=page, summary="工单列表")
    door.route(
        "POST", "/work-orders/search", search, permission=see, takes=shapes.SearchIn(), gives=page,
        summary="按工单号、电话、机身编号或姓名查工单",
    )  # fmt: skip
    door.route("GET", "/work-orders/<order_id>", one, permission=see, gives=order, summary="一张工单（查看会记录）")
    door.route(
        "GET", "/work-orders/by-number/<number>", by_number, permission=see, gives=order, summary="按工单号取工单"
    )
    door.route(
        "POST", "/work-orders", open_one, permission=Permission.ORDERS_OPEN, takes=shapes.OpenIn(),
        gives=shapes.OpenedOut(), status=201, summary="开单",
    )  # fmt: skip
    door.route(
        "POST", "/work-orders/<order_id>/moves", make_move, permission=Permission.ORDERS_MOVE, takes=shapes.MoveIn(),
        gives=order, summary="流转工单（预约、完工、取消等）",
    )  # fmt: skip
    door.route(
        "PATCH", "/work-orders/<order_id>", change, permission=Permission.ORDERS_CHANGE, takes=shapes.ChangeIn(),
        gives=order, summary="修改工单资料",
    )  # fmt: skip
    door.route(
        "POST", "/work-orders/<order_id>/reveal", reveal_one, permission=reveals, takes=shapes.RevealIn(),
        gives=shapes.RevealedOut(), summary="查看一项隐私信息（会记录）",
    )  # fmt: skip
    door.route(
        "POST", "/work-orders/<order_id>/chat", plain_chat, permission=reveals, gives=shapes.ChatOut(),
        summary="查看会话原文（会记录）",
    )  # fmt: skip
