"""The board as JSON, the same for the page and for the API; the fields are those of `console.board_rows`."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from console.api.shapes import masked


class PinOut(Schema):
    lat = fields.Float(metadata={"description": "GCJ-02"})
    lng = fields.Float()
    radius_m = fields.Integer(metadata={"description": "误差范围，米；很大时只是行政区的中点"})
    source = fields.String()


class SpanOut(Schema):
    since = fields.AwareDateTime()
    until = fields.AwareDateTime()
    title = fields.String()


class ColourOut(Schema):
    name = fields.String(metadata={"description": "red 已跳闸，amber 即将超时，green 计时中，grey 暂停，none 无"})
    due_at = fields.AwareDateTime(allow_none=True)
    clock = fields.String(metadata={"description": "是哪一项时效"})


class SeenOut(Schema):
    pin = fields.Nested(PinOut, allow_none=True)
    at = fields.AwareDateTime()
    how = fields.String()


class StationRowOut(Schema):
    id = fields.String()
    name = fields.String()
    provider_id = fields.String()
    provider = fields.String()
    pin = fields.Nested(PinOut, allow_none=True)


class EngineerRowOut(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    station_id = fields.String()
    grade = fields.String()
    rating = fields.Integer(metadata={"description": "百分之一星，100–500"})
    skills = fields.List(fields.String(), metadata={"description": "品类"})
    shifts = fields.List(fields.Nested(SpanOut))
    leaves = fields.List(fields.Nested(SpanOut))
    taken = fields.Integer()
    most = fields.Integer()
    base = fields.Nested(PinOut, allow_none=True)
    seen = fields.Nested(SeenOut, allow_none=True)


class OrderPart(Schema):
    order_id = fields.String()
    number = fields.String()
    what = fields.String()
    category = fields.String()
    service_type = fields.String()
    customer = masked("客户姓名")
    place = masked("地址")
    urged = fields.Integer(metadata={"description": "催单次数"})
    hard = fields.String(metadata={"description": "疑难的原因，空为不是"})
    pin = fields.Nested(PinOut, allow_none=True)
    colour = fields.Nested(ColourOut)


class VisitBlockOut(OrderPart):
    id = fields.String()
    visit_id = fields.String(allow_none=True)
    engineer_id = fields.String()
    status = fields.String(metadata={"description": "上门的状态；held 只是留着时间"})
    leaves_at = fields.AwareDateTime()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    window_since = fields.AwareDateTime()
    window_until = fields.AwareDateTime()
    promised = fields.Boolean(metadata={"description": "已经告诉客户"})
    answer_by = fields.AwareDateTime(allow_none=True)


class WaitingRowOut(OrderPart):
    version = fields.Integer()
    reason = fields.String()
    words = fields.String(metadata={"description": "为什么派不出去"})
    since = fields.AwareDateTime()
    tried_at = fields.AwareDateTime()
    tries = fields.Integer()
    again_at = fields.AwareDateTime()
    wish = fields.String()
    window_since = fields.AwareDateTime(allow_none=True)
    window_until = fields.AwareDateTime(allow_none=True)


class OfferRowOut(Schema):
    id = fields.String()
    visit_id = fields.String()
    order_id = fields.String()
    number = fields.String()
    engineer_id = fields.String()
    engineer = fields.String()
    offered_at = fields.AwareDateTime()
    answer_by = fields.AwareDateTime()


class PlanRowOut(Schema):
    id = fields.String()
    station = fields.String()
    made_at = fields.AwareDateTime()
    metres_before = fields.Integer()
    metres_after = fields.Integer()
    accepted = fields.Boolean()


class BoardOut(Schema):
    day = fields.Date()
    now = fields.AwareDateTime()
    stations = fields.List(fields.Nested(StationRowOut))
    engineers = fields.List(fields.Nested(EngineerRowOut))
    visits = fields.List(fields.Nested(VisitBlockOut))
    waiting = fields.List(fields.Nested(WaitingRowOut))
    offers = fields.List(fields.Nested(OfferRowOut))
    plans = fields.List(fields.Nested(PlanRowOut))
    cut = fields.Boolean(metadata={"description": "工程师或待派工单太多，没有全部列出"})
