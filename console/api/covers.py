"""Extended warranties, cards, plans and gifts over JSON. Amounts are whole fen."""

from __future__ import annotations

from typing import Any

from console import cover_sheets, covers
from console.api import cover_shapes as shapes
from console.api.shapes import EndIn
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission
from domain.cover import plans
from domain.cover.cards import use_of
from domain.cover.model import PlanKind, Starts
from domain.cover.plans import Terms
from domain.cover.rules import Eligibility
from domain.kit.money import Money


def listed(call: Call) -> Any:
    return covers.room(call.uow, covers.wanted_asked(call.given))


def one(call: Call, cover_id: str) -> Any:
    return covers.detail(call.uow, cover_id)


def sell(call: Call) -> Any:
    given = call.given
    cover = covers.sell(call.uow, given["cover_plan_id"], given["product_id"], given["customer_id"], call.who)
    return covers.detail(call.uow, cover.id)


def give_up(call: Call, cover_id: str) -> Any:
    covers.give_up(call.uow, cover_id, call.given["why"], call.given["back"], call.who)
    return covers.detail(call.uow, cover_id)


def void(call: Call, cover_id: str) -> Any:
    covers.void(call.uow, cover_id, call.given["why"], call.who)
    return covers.detail(call.uow, cover_id)


def hold(call: Call, cover_id: str) -> Any:
    covers.hold(call.uow, cover_id, call.given["number"], call.who)
    return covers.detail(call.uow, cover_id)


def give_back(call: Call, order_id: str) -> Any:
    use = use_of(call.uow, order_id)
    covers.give_back(call.uow, order_id, call.who)
    return {"cover_id": use.cover_id if use else ""}


def all_plans(call: Call) -> Any:
    return plans.all_plans(call.uow)


def put_plan(call: Call) -> Any:
    given = dict(call.given)
    brand_id, code, since = given.pop("brand_id"), given.pop("code"), given.pop("since")
    asked = given.pop("eligibility")
    terms = Terms(
        kind=PlanKind(given.pop("kind")), starts=Starts(given.pop("starts")), price=Money(given.pop("price_fen")),
        components=tuple(given.pop("components")), pays=tuple(given.pop("pays")), eligibility=Eligibility.of(asked), **given,
    )  # fmt: skip
    return plans.put_plan(call.uow, brand_id, code, terms, since, by=call.who.actor)


def end_plan(call: Call, cover_plan_id: str) -> Any:
    return plans.end_plan(call.uow, cover_plan_id, call.given["until"], by=call.who.actor)


def batches(call: Call) -> Any:
    return cover_sheets.batches(call.uow)


def withdraw(call: Call, batch_id: str) -> Any:
    cover_sheets.withdraw_gifts(call.uow, batch_id, call.who)
    return next(one for one in cover_sheets.batches(call.uow) if one.batch.id == batch_id)


def open_doors(door: ApiDoor) -> None:
    see, work, keep = Permission.COVER_SEE, Permission.COVER_WORK, Permission.COVER_KEEP
    route = door.route
    route(
        "GET",
        "/covers",
        listed,
        permission=see,
        query=shapes.CoversQuery(),
        gives=shapes.CoversOut(),
        summary="卖出的延保与卡",
    )
    route(
        "POST",
        "/covers",
        sell,
        permission=work,
        takes=shapes.SellIn(),
        gives=shapes.DetailOut(),
        status=201,
        summary="替客户订购",
    )
    route(
        "GET",
        "/covers/<cover_id>",
        one,
        permission=see,
        gives=shapes.DetailOut(),
        summary="一份合同或卡，含今天能退多少",
    )
    route(
        "POST",
        "/covers/<cover_id>/cancel",
        give_up,
        permission=work,
        takes=shapes.CancelIn(),
        gives=shapes.DetailOut(),
        summary="退订",
    )
    route(
        "POST",
        "/covers/<cover_id>/void",
        void,
        permission=work,
        takes=shapes.VoidIn(),
        gives=shapes.DetailOut(),
        summary="取消订购",
    )
    route(
        "POST",
        "/covers/<cover_id>/hold",
        hold,
        permission=work,
        takes=shapes.HoldIn(),
        gives=shapes.DetailOut(),
        summary="为工单用卡",
    )
    route(
        "POST",
        "/work-orders/<order_id>/card-return",
        give_back,
        permission=work,
        gives=shapes.ReturnedOut(),
        summary="退回用卡",
    )
    route("GET", "/cover-plans", all_plans, permission=see, gives=shapes.CoverPlanOut(many=True), summary="方案")
    route(
        "POST",
        "/cover-plans",
        put_plan,
        permission=keep,
        takes=shapes.CoverPlanIn(),
        gives=shapes.CoverPlanOut(),
        status=201,
        summary="方案新版本",
    )
    route(
        "POST",
        "/cover-plans/<cover_plan_id>/end",
        end_plan,
        permission=keep,
        takes=EndIn(),
        gives=shapes.CoverPlanOut(),
        summary="停售",
    )
    route("GET", "/gifts", batches, permission=see, gives=shapes.BatchOut(many=True), summary="赠品码批次")
    route(
        "POST",
        "/gifts/<batch_id>/withdraw",
        withdraw,
        permission=keep,
        gives=shapes.BatchOut(),
        summary="作废余下的兑换码",
    )
