"""The JSON of extended warranties, cards, plans and gifts. Amounts are whole fen."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from domain.cover import plans
from domain.cover.lifecycle import COVERS
from domain.cover.model import PlanKind, Starts
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


class CoverFigureOut(Schema):
    name = fields.String()
    count = fields.Integer()
    price = FenField()
    back = FenField()
    cancelled = fields.Integer()


class CoversOut(Schema):
    rows = fields.List(fields.Nested(CoverOut))
    after = fields.String(metadata={"description": "下一页从这里开始，原样带回"})
    months = fields.List(fields.Nested(CoverFigureOut))
    sellers = fields.List(fields.Nested(CoverFigureOut))
    plans = fields.List(fields.Nested(CoverFigureOut))


class CoversQuery(Schema):
    status = fields.String(load_default="", validate=validate.OneOf(["", *map(str, COVERS.titles)]))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *map(str, plans.KINDS)]))
    customer = fields.String(load_default="", validate=validate.Length(max=40))
    number = fields.String(load_default="", validate=validate.Length(max=20))
    since = fields.String(load_default="", validate=DAY)
    until = fields.String(load_default="", validate=DAY)


class CoverRefundOut(Schema):
    back = FenField()
    kept = FenField()
    words = fields.String()


class CoverStepOut(Schema):
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
    refund = fields.Nested(CoverRefundOut, allow_none=True, metadata={"description": "今天退能退多少；不能退时没有"})
    steps = fields.List(fields.Nested(CoverStepOut))
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


class CoverPlanOut(Schema):
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


class CoverPlanIn(Schema):
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


class BatchOut(Schema):
    id = fields.String(attribute="batch.id")
    title = fields.String(attribute="batch.title")
    plan = fields.String(attribute="plan.title")
    count = fields.Integer(attribute="batch.count")
    redeemed = fields.Integer()
    left = fields.Integer()
    valid_until = fields.Date(attribute="batch.valid_until")


class ReturnedOut(Schema):
    cover_id = fields.String(metadata={"description": "没有用卡时是空的"})
