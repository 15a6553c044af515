"""What the API says of ratings, callbacks and complaints, and what it takes."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields, validate

from console.api import shapes
from domain.feedback import policies

DAY = validate.Regexp(r"^(\d{4}-\d{2}-\d{2})?$")


class RatingOut(Schema):
    id = fields.String()
    order_id = fields.String()
    number = fields.String()
    service = fields.String()
    at = fields.AwareDateTime()
    stars = fields.Integer()
    low = fields.Boolean()
    unsolved = fields.Boolean(metadata={"description": "没修好"})
    aspects = fields.Dict(keys=fields.String(), values=fields.Integer())
    tags = fields.List(fields.String())
    words = shapes.masked("评语")
    via = fields.String()
    provider = fields.String()
    engineers = fields.List(fields.String())
    decided = fields.String(metadata={"description": "低分之后做了什么"})
    rectifying_id = fields.String(metadata={"description": "整改单"})
    rectifying_number = fields.String()


class FigureOut(Schema):
    id = fields.String()
    name = fields.String()
    count = fields.Integer()
    mean = fields.Integer(metadata={"description": "百分之一星"})
    low = fields.Integer()
    low_percent = fields.Integer()


class RatingsOut(Schema):
    rows = fields.List(fields.Nested(RatingOut))
    after = fields.String(metadata={"description": "下一页从这里开始，原样带回"})


class FiguresOut(Schema):
    count = fields.Integer()
    mean = fields.Integer()
    low = fields.Integer()
    spread = fields.Dict(keys=fields.Integer(), values=fields.Integer())
    months = fields.List(fields.Nested(FigureOut))
    providers = fields.List(fields.Nested(FigureOut))
    engineers = fields.List(fields.Nested(FigureOut))
    aspects = fields.List(fields.Nested(FigureOut))


class ScoreOut(Schema):
    name = fields.String()
    asked = fields.Integer()
    answered = fields.Integer()
    promoters = fields.Integer()
    detractors = fields.Integer()
    nps = fields.Integer(allow_none=True)


class ScoresOut(Schema):
    all = fields.List(fields.Nested(ScoreOut))
    month = fields.List(fields.Nested(ScoreOut))
    brand = fields.List(fields.Nested(ScoreOut))
    provider = fields.List(fields.Nested(ScoreOut))


class RatingsQuery(Schema):
    stars = fields.String(load_default="", validate=validate.OneOf(["", "low", *"12345"]))
    brand = fields.String(load_default="", validate=validate.Length(max=40))
    provider = fields.String(load_default="", validate=validate.Length(max=40))
    engineer = fields.String(load_default="", validate=validate.Length(max=40))
    since = fields.String(load_default="", validate=DAY)
    until = fields.String(load_default="", validate=DAY)
    words = fields.String(load_default="", validate=validate.OneOf(["", "1"]))
    after = fields.String(load_default="", validate=validate.Length(max=100))


class CallRowOut(Schema):
    id = fields.String()
    order_id = fields.String()
    number = fields.String()
    service = fields.String()
    contact = shapes.masked("联系人")
    reason = fields.String()
    status = fields.String()
    due_at = fields.AwareDateTime()
    next_at = fields.AwareDateTime()
    rounds = fields.Integer()
    claimed_by = fields.String()
    mine = fields.Boolean()
    late = fields.Boolean()
    outcome = fields.String()


class RoundOut(Schema):
    at = fields.AwareDateTime()
    result = fields.String()
    next_at = fields.AwareDateTime(allow_none=True)


class CallSeenOut(Schema):
    row = fields.Nested(CallRowOut)
    phone = shapes.masked("电话")
    words = shapes.masked("报的是什么")
    rating = fields.Nested(RatingOut, allow_none=True)
    rounds = fields.List(fields.Nested(RoundOut))
    answers = fields.Dict(keys=fields.String(), values=fields.String())


class CallsQuery(Schema):
    done = fields.Boolean(load_default=False)


class RoundIn(Schema):
    result = fields.String(required=True, validate=validate.OneOf([*policies.RESULTS]))
    answers = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    words = fields.String(load_default="", validate=validate.Length(max=1000))
    next_at = fields.AwareDateTime(load_default=None, allow_none=True)


class ComplaintRowOut(Schema):
    id = fields.String()
    number = fields.String()
    kind = fields.String()
    status = fields.String()
    words = shapes.masked("投诉内容")
    source = fields.String()
    order_id = fields.String()
    order_number = fields.String()
    owner = fields.String()
    mine = fields.Boolean()
    opened_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    colour = fields.String(metadata={"description": "green 有时间，amber 快到，red 超时，grey 不用等"})
    level = fields.Integer()
    outcome = fields.String()


class StepOut(Schema):
    at = fields.AwareDateTime()
    title = fields.String()
    who = fields.String()
    words = shapes.masked("说明")


class ComplaintSeenOut(Schema):
    row = fields.Nested(ComplaintRowOut)
    words = shapes.masked("投诉内容")
    phone = shapes.masked("电话")
    answer = fields.String()
    steps = fields.List(fields.Nested(StepOut))
    moves = fields.List(fields.String())


class ComplaintsQuery(Schema):
    mine = fields.Boolean(load_default=False)
    closed = fields.Boolean(load_default=False)


class ComplaintIn(Schema):
    number = fields.String(load_default="", validate=validate.Length(max=20), metadata={"description": "工单号"})
    words = fields.String(required=True, validate=validate.Length(1, 2000))
    kind = fields.String(load_default="", validate=validate.OneOf(["", *policies.KINDS]))
    phone = fields.String(load_default="", validate=validate.Length(max=20))


class ComplaintMoveIn(Schema):
    move = fields.String(
        required=True, validate=validate.OneOf(["own", "hand", "answer", "close", "reopen", "note", "kind"])
    )
    words = fields.String(load_default="", validate=validate.Length(max=2000))
    outcome = fields.String(load_default="", validate=validate.OneOf(["", *policies.ENDS]))
    to = fields.String(load_default="", validate=validate.Length(max=40))
    kind = fields.String(load_default="", validate=validate.Length(max=40))


class RectifyIn(Schema):
    why = fields.String(required=True, validate=validate.Length(1, 200))


class RectifiedOut(Schema):
    id = fields.String()
    number = fields.String()
