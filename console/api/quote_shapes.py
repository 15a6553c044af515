"""What quotes look like over JSON: amounts are whole fen, quantities thousandths, moments have their zone."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields, validate

from domain.pricing.lifecycle import QuoteStatus


class StaffQuoteLineOut(Schema):
    key = fields.String(metadata={"description": "每一版都相同的行名"})
    kind = fields.String()
    code = fields.String()
    title = fields.String()
    quantity_milli = fields.Integer(metadata={"description": "数量，千分之一"})
    unit = fields.String()
    unit_fen = fields.Integer()
    fen = fields.Integer()
    payer = fields.String(metadata={"description": "谁付：customer、warranty、cover、card、brand"})
    owner = fields.String(metadata={"description": "归谁：brand、provider"})
    rule = fields.String()
    why = fields.String(metadata={"description": "为什么由他付，给客户看的话"})


class StaffQuoteOut(Schema):
    """One version as a list shows it."""

    id = fields.String()
    work_order_id = fields.String()
    number = fields.String(metadata={"description": "工单号"})
    version = fields.Integer()
    status = fields.String()
    customer_fen = fields.Integer(metadata={"description": "客户付"})
    declined_fen = fields.Integer(metadata={"description": "客户不同意时收的上门检测费"})
    by = fields.String()
    asked_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    seen_at = fields.AwareDateTime(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)
    answered_via = fields.String()
    answered_by = fields.String()


class StaffQuoteSeenOut(StaffQuoteOut):
    """One version whole."""

    lines = fields.List(fields.Nested(StaffQuoteLineOut))
    sums = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"description": "谁付多少，分"})
    note = fields.String(metadata={"description": "给客户的附言"})
    why = fields.String(metadata={"description": "答复或撤回的原因"})
    hash = fields.String(metadata={"description": "答复时要写明的版本校验"})


class StaffQuotesQuery(Schema):
    status = fields.String(load_default="", validate=validate.OneOf(["", *QuoteStatus]))
    after = fields.String(load_default="", validate=validate.Length(max=80))


class StaffQuotesOut(Schema):
    rows = fields.List(fields.Nested(StaffQuoteOut))
    after = fields.String(metadata={"description": "下一页从这里开始，原样带回；空为没有了"})
