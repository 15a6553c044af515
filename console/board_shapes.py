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


class SaidOut(Schema):
    code = fields.String()
    words = fields.String()
    points = fields.Float(allow_none=True)


class CandidateOut(Schema):
    engineer_id = fields.String()
    name = fields.String()
    code = fields.String()
    score = fields.Float(allow_none=True)
    window = fields.String()
    since = fields.AwareDateTime(allow_none=True)
    objections = fields.List(fields.Nested(SaidOut))
    points = fields.List(fields.Nested(SaidOut))


class CandidatesOut(Schema):
    best = fields.List(fields.Nested(CandidateOut))
    ruled_out = fields.List(fields.Nested(CandidateOut))


class RulesOut(Schema):
    order_id = fields.String()
    version = fields.Integer()
    how = fields.String(metadata={"description": "assign 派单，reassign 改派"})
    visit_id = fields.String()
    engineer_id = fields.String()
    engineer = fields.String()
    promised = fields.Boolean()
    since = fields.AwareDateTime(allow_none=True)
    window = fields.String()
    objections = fields.List(fields.Nested(SaidOut))
    points = fields.List(fields.Nested(SaidOut))
    impossible = fields.String()
    fits = fields.Boolean()


class DecisionOut(Schema):
    at = fields.AwareDateTime()
    by = fields.String()
    why = fields.String()
    outcome = fields.String()
    engineer = fields.String()
    override = fields.String()
    considered = fields.List(fields.Nested(CandidateOut))


class OfferOut(Schema):
    id = fields.String()
    engineer = fields.String()
    status = fields.String()
    title = fields.String()
    offered_at = fields.AwareDateTime()
    answer_by = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    reason = fields.String()


class ShareOut(Schema):
    engineer_id = fields.String()
    name = fields.String()
    share = fields.Integer()
    lead = fields.Boolean()


class ComingOut(Schema):
    id = fields.String()
    seq = fields.Integer()
    status = fields.String()
    is_coming = fields.Boolean()
    engineers = fields.List(fields.Nested(ShareOut))


class AppointmentOut(Schema):
    id = fields.String()
    words = fields.String()
    status = fields.String()
    title = fields.String()
    at = fields.AwareDateTime()
    reason = fields.String()


class ChangeSeenOut(Schema):
    id = fields.String()
    words = fields.String()
    title = fields.String()
    is_open = fields.Boolean()
    reason = fields.String()
    at = fields.AwareDateTime()
    answer_by = fields.AwareDateTime()


class WaitingOut(Schema):
    title = fields.String()
    words = fields.String()
    since = fields.AwareDateTime()
    tried_at = fields.AwareDateTime()
    tries = fields.Integer()
    again_at = fields.AwareDateTime()


class DispatchOut(Schema):
    order_id = fields.String()
    number = fields.String()
    version = fields.Integer(metadata={"description": "派单、改派时带回"})
    status = fields.String()
    service_type = fields.String()
    what = fields.String()
    customer = masked("客户姓名")
    place = masked("地址")
    words = masked("描述")
    wish = fields.String()
    urged = fields.Integer()
    hard = fields.String()
    colour = fields.Nested(ColourOut)
    waiting = fields.Nested(WaitingOut, allow_none=True)
    appointments = fields.List(fields.Nested(AppointmentOut))
    changes = fields.List(fields.Nested(ChangeSeenOut))
    visits = fields.List(fields.Nested(ComingOut))
    offers = fields.List(fields.Nested(OfferOut))
    decisions = fields.List(fields.Nested(DecisionOut))


class WindowOut(Schema):
    since = fields.AwareDateTime()
    until = fields.AwareDateTime()
    engineer_id = fields.String()
    shown = fields.String()


class WindowsOut(Schema):
    windows = fields.List(fields.Nested(WindowOut))


class StopOut(Schema):
    at = fields.AwareDateTime()
    words = fields.String()
    moved = fields.Boolean()


class RouteOut(Schema):
    engineer_id = fields.String()
    engineer = fields.String()
    before = fields.List(fields.Nested(StopOut))
    after = fields.List(fields.Nested(StopOut))
    metres_before = fields.Integer(allow_none=True)
    metres = fields.Integer()
    accepted = fields.Boolean()


class PlanOut(Schema):
    id = fields.String()
    day = fields.Date()
    made_at = fields.AwareDateTime()
    metres_before = fields.Integer()
    metres_after = fields.Integer()
    accepted = fields.Boolean()
    routes = fields.List(fields.Nested(RouteOut))
    left = fields.List(fields.String())
