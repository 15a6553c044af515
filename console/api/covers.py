"""Extended warranties, cards, plans and gifts over JSON. Amounts are whole fen."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console import cover_sheets, covers
from console.api_door import ApiDoor, Call
from domain.access.roles import Permission
from domain.cover import plans
from domain.cover.cards import use_of
from domain.cover.lifecycle import COVERS
from domain.cover.model import PlanKind, Starts
from domain.cover.plans import Terms
from domain.cover.rules import Eligibility
from domain.kit.money import Money

DAY = validate.Regexp(r"^(\d{4}-\d{2}-\d{2})?$")


class FenField(fields.Integer):
    """`Money` as whole fen."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return value.fen if isinstance(value, Money) else value


class CoverOut(Schema):
    id = fields.String()
    number = fields.String(metadata={"description": "证书号"})
    title = fields.String()
    kind = fields.String()
    model = fields.String()
    status = fields.String()
    status_title = fields.String()
    price = FenField()
    back = FenField(metadata={"description": "已退或正在退"})
    ordered_at = fields.AwareDateTime()
    bought_at = fields.AwareDateTime(allow_none=True)
    since = fields.Date()
    until = fields.Date()
    uses = fields.Integer()
    used = fields.Integer()
    via = fields.String()
    seller = fields.String()


class LineOut(Schema):
    name = fields.String()
    count = fields.Integer()
    price = FenField()
    back = FenField()
    cancelled = fields.Integer()


class CoversOut(Schema):
    rows = fields.List(fields.Nested(CoverOut))
    after = fields.String(metadata={"description": "下一页从这里开始，原样带回"})
    months = fields.List(fields.Nested(LineOut))
    sellers = fields.List(fields.Nested(LineOut))
    plans = fields.List(fields.Nested(LineOut))


class CoversQuery(Schema):
    status = fields.String(load_default="", validate=validate.OneOf(["", *map(str, COVERS.titles)]))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *map(str, plans.KINDS)]))
    customer = fields.String(load_default="", validate=validate.Length(max=40))
    number = fields.String(load_default="", validate=validate.Length(max=20))
    since = fields.String(load_default="", validate=DAY)
    until = fields.String(load_default="", validate=DAY)


class RefundOut(Schema):
    back = FenField()
    kept = FenField()
    words = fields.String()


class StepOut(Schema):
    at = fields.AwareDateTime()
    title = fields.String()
    who = fields.String()
    why = fields.String()
    fen = fields.Integer(allow_none=True)


class UseOut(Schema):
    id = fields.String()
    n = fields.Integer()
    status = fields.String()
    order_id = fields.String()
    number = fields.String()
    held_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)


class DetailOut(Schema):
    row = fields.Nested(CoverOut)
    customer_id = fields.String()
    bought_by = fields.String()
    product_id = fields.String()
    words = fields.Dict(keys=fields.String(), values=fields.String())
    earned = FenField()
    deferred = FenField()
    commission = FenField(allow_none=True)
    refund = fields.Nested(RefundOut, allow_none=True, metadata={"description": "今天退能退多少；不能退时没有"})
    steps = fields.List(fields.Nested(StepOut))
    uses = fields.List(fields.Nested(UseOut))


class SellIn(Schema):
    cover_plan_id = fields.String(required=True, validate=validate.Length(1, 40))
    customer_id = fields.String(required=True, validate=validate.Length(1, 40))
    product_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))


class CancelIn(Schema):
    back = fields.Integer(required=True, validate=validate.Range(min=0), metadata={"description": "看到的应退金额，分"})
    why = fields.String(required=True, validate=validate.Length(1, 500))


class VoidIn(Schema):
    why = fields.String(required=True, validate=validate.Length(1, 500))


class HoldIn(Schema):
    number = fields.String(required=True, validate=validate.Length(1, 20), metadata={"description": "工单号"})


class PlanOut(Schema):
    id = fields.String()
    brand_id = fields.String()
    code = fields.String()
    version = fields.Integer()
    kind = fields.String()
    title = fields.String()
    components = fields.List(fields.String())
    service_type = fields.String()
    pays = fields.List(fields.String())
    months = fields.Integer()
    uses = fields.Integer()
    price_fen = FenField()
    eligibility = fields.Dict()
    starts = fields.String()
    cooling_days = fields.Integer()
    commission_permille = fields.Integer()
    terms = fields.String()
    since = fields.Date()
    until = fields.Date(allow_none=True)


class EligibilityIn(Schema):
    categories = fields.List(fields.String(), load_default=list)
    models = fields.List(fields.String(), load_default=list)
    age_months_max = fields.Integer(load_default=0)
    needs_warranty = fields.Boolean(load_default=False)
    needs_check = fields.Boolean(load_default=False)
    divisions = fields.List(fields.String(), load_default=list)


class PlanIn(Schema):
    brand_id = fields.String(required=True)
    code = fields.String(required=True, validate=validate.Length(1, 30))
    kind = fields.String(required=True, validate=validate.OneOf([str(one) for one in PlanKind]))
    title = fields.String(required=True, validate=validate.Length(1, 40))
    components = fields.List(fields.String(), load_default=list)
    service_type = fields.String(load_default="")
    pays = fields.List(fields.String(), load_default=list)
    months = fields.Integer(required=True)
    uses = fields.Integer(load_default=0)
    price_fen = fields.Integer(required=True)
    eligibility = fields.Nested(EligibilityIn, load_default=dict)
    starts = fields.String(
        load_default=str(Starts.AFTER_PRESENT), validate=validate.OneOf([str(one) for one in Starts])
    )
    cooling_days = fields.Integer(load_default=15)
    commission_permille = fields.Integer(load_default=0)
    terms = fields.String(required=True, validate=validate.Length(1, 4000))
    since = fields.Date(required=True)


class EndIn(Schema):
    until = fields.Date(required=True)


class BatchOut(Schema):
    id = fields.String(attribute="batch.id")
    title = fields.String(attribute="batch.title")
    plan = fields.String(attribute="plan.title")
    count = fields.Integer(attribute="batch.count")
    redeemed = fields.Integer()
    left = fields.Integer()
    valid_until = fields.Date(attribute="batch.valid_until")


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


class ReturnedOut(Schema):
    cover_id = fields.String(metadata={"description": "没有用卡时是空的"})


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
    route("GET", "/covers", listed, permission=see, query=CoversQuery(), gives=CoversOut(), summary="卖出的延保与卡")
    route("POST", "/covers", sell, permission=work, takes=SellIn(), gives=DetailOut(), status=201, summary="替客户订购")
    route("GET", "/covers/<cover_id>", one, permission=see, gives=DetailOut(), summary="一份合同或卡，含今天能退多少")
    route(
        "POST",
        "/covers/<cover_id>/cancel",
        give_up,
        permission=work,
        takes=CancelIn(),
        gives=DetailOut(),
        summary="退订",
    )
    route(
        "POST", "/covers/<cover_id>/void", void, permission=work, takes=VoidIn(), gives=DetailOut(), summary="取消订购"
    )
    route(
        "POST",
        "/covers/<cover_id>/hold",
        hold,
        permission=work,
        takes=HoldIn(),
        gives=DetailOut(),
        summary="为工单用卡",
    )
    route(
        "POST",
        "/work-orders/<order_id>/card-return",
        give_back,
        permission=work,
        gives=ReturnedOut(),
        summary="退回用卡",
    )
    route("GET", "/cover-plans", all_plans, permission=see, gives=PlanOut(many=True), summary="方案")
    route(
        "POST",
        "/cover-plans",
        put_plan,
        permission=keep,
        takes=PlanIn(),
        gives=PlanOut(),
        status=201,
        summary="方案新版本",
    )
    route(
        "POST",
        "/cover-plans/<cover_plan_id>/end",
        end_plan,
        permission=keep,
        takes=EndIn(),
        gives=PlanOut(),
        summary="停售",
    )
    route("GET", "/gifts", batches, permission=see, gives=BatchOut(many=True), summary="赠品码批次")
    route("POST", "/gifts/<batch_id>/withdraw", withdraw, permission=keep, gives=BatchOut(), summary="作废余下的兑换码")
