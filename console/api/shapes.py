"""What the API gives and takes, as marshmallow schemas; the fields are those of the dataclasses the pages use."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import fields, validate

from console.asked import place_written
from domain.access.roles import StaffRole
from domain.work_orders.kinds import ServiceType
from domain.work_orders.lifecycle import OrderStatus

ORDER_STATUS = validate.OneOf([*OrderStatus])
SERVICE_TYPE = validate.OneOf([*ServiceType])


class Place(fields.Field[Any]):
    """Where the next page begins; give it back as ``after``."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return place_written(value) or None


def masked(what: str) -> fields.String:
    return fields.String(metadata={"description": f"{what}（已打码）"})


class Done(Schema):
    done = fields.Boolean()


class MoveOut(Schema):
    name = fields.String()
    title = fields.String()
    reason = fields.Boolean(metadata={"description": "是否必须写明原因"})


class OrderRowOut(Schema):
    id = fields.String()
    number = fields.String()
    status = fields.String(validate=ORDER_STATUS)
    service_type = fields.String(validate=SERVICE_TYPE)
    category = fields.String()
    model_code = fields.String(allow_none=True)
    contact_name = masked("联系人")
    phone = masked("电话")
    address = masked("地址")
    wanted_time = fields.String(allow_none=True)
    opened_at = fields.AwareDateTime()
    opened_via = fields.String()
    re_repair = fields.Boolean()
    product_id = fields.String(allow_none=True)


class OrderPageOut(Schema):
    rows = fields.List(fields.Nested(OrderRowOut))
    after = Place(allow_none=True)


class EndIn(Schema):
    until = fields.Date(required=True, metadata={"description": "从这天起不再有效"})


class HistoryOut(Schema):
    at = fields.AwareDateTime()
    move = fields.String()
    frm = fields.String(data_key="from")
    to = fields.String()
    who = fields.String()
    why = fields.String()
    fields_ = fields.List(fields.String(), attribute="fields", data_key="fields")


class VisitOut(Schema):
    id = fields.String()
    seq = fields.Integer()
    status = fields.String()
    opened_at = fields.AwareDateTime()
    moves = fields.List(fields.Nested(MoveOut))


class ProductOut(Schema):
    id = fields.String()
    code = fields.String()
    name = fields.String()
    serial = fields.String(allow_none=True)
    purchased_on = fields.Date(allow_none=True)
    registered_at = fields.AwareDateTime()
    orders = fields.List(fields.Nested(OrderRowOut))


class LineOut(Schema):
    at = fields.AwareDateTime()
    side = fields.String(metadata={"description": "customer 客户，bot 机器人，staff 员工"})
    who = fields.String()
    label = fields.String()
    words = fields.String()
    state = fields.String()


class ChatOut(Schema):
    lines = fields.List(fields.Nested(LineOut))


class OrderOut(OrderRowOut):
    version = fields.Integer()
    model_name = fields.String(allow_none=True)
    serial = fields.String(allow_none=True)
    purchased_on = fields.Date(allow_none=True)
    words = fields.String()
    symptoms = fields.List(fields.String())
    error_code = fields.String(allow_none=True)
    account = fields.String(allow_none=True)
    opened_by = fields.String()
    repair_of_id = fields.String(allow_none=True)
    repair_of_number = fields.String(allow_none=True)
    customer_id = fields.String()
    customer_name = masked("客户姓名")
    is_open = fields.Boolean()
    moves = fields.List(fields.Nested(MoveOut))
    history = fields.List(fields.Nested(HistoryOut))
    visits = fields.List(fields.Nested(VisitOut))
    products = fields.List(fields.Nested(ProductOut))
    other_orders = fields.List(fields.Nested(OrderRowOut))
    chat = fields.List(fields.Nested(LineOut))


class ListQuery(Schema):
    status = fields.String(validate=validate.OneOf(["open", *OrderStatus]))
    service_type = fields.String(validate=SERVICE_TYPE)
    category = fields.String()
    since = fields.Date(metadata={"description": "受理日期起（北京时间，含）"})
    until = fields.Date(metadata={"description": "受理日期止（含）"})
    re_repair = fields.Boolean(metadata={"description": "只看二次维修"})
    brand_id = fields.String()
    after = fields.String(metadata={"description": "上一页返回的 after"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class SearchIn(ListQuery):
    text = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "工单号、电话（或后四位）、机身编号或姓名"},
    )


class MoveIn(Schema):
    move = fields.String(required=True)
    why = fields.String(load_default="", validate=validate.Length(max=500))


class OpenIn(Schema):
    brand_id = fields.String(load_default="", metadata={"description": "只有一个品牌时可以不填"})
    service_type = fields.String(required=True, validate=SERVICE_TYPE)
    phone = fields.String(required=True, validate=validate.Length(max=40))
    words = fields.String(required=True, validate=validate.Length(2, 2000))
    contact_name = fields.String(load_default="", validate=validate.Length(max=40))
    product_id = fields.String(load_default="")
    model_id = fields.String(load_default="")
    serial = fields.String(load_default="", validate=validate.Length(max=60))
    purchased_on = fields.Date(load_default=None, allow_none=True)
    category_code = fields.String(load_default="")
    error_code = fields.String(load_default="", validate=validate.Length(max=20))
    address = fields.String(load_default="", validate=validate.Length(max=200))
    address_id = fields.String(load_default="")
    address_confirmed = fields.Boolean(required=True, metadata={"description": "地址已与客户核对"})
    wanted_time = fields.String(load_default="", validate=validate.Length(max=60))


class OpenedOut(Schema):
    id = fields.String()
    number = fields.String()
    joined = fields.Boolean(metadata={"description": "并入了同一故障未完成的工单"})


class ChangeIn(Schema):
    version = fields.Integer(required=True, metadata={"description": "看到的版本；别人改过则返回 409"})
    why = fields.String(required=True, validate=validate.Length(1, 500))
    contact_name = fields.String(validate=validate.Length(1, 40))
    phone = fields.String(validate=validate.Length(1, 40))
    address = fields.String(validate=validate.Length(1, 200))
    wanted_time = fields.String(validate=validate.Length(1, 60))
    words = fields.String(validate=validate.Length(2, 2000))


class RevealIn(Schema):
    field = fields.String(required=True)
    key = fields.String(load_default="", metadata={"description": "有多个时，是哪一个"})


class RevealedOut(Schema):
    value = fields.String()


class StaffOut(Schema):
    id = fields.String()
    username = fields.String()
    display_name = fields.String()
    role = fields.String(validate=validate.OneOf([*StaffRole]))
    brand_id = fields.String(allow_none=True)
    provider_id = fields.String(allow_none=True)
    station_id = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    disabled_at = fields.AwareDateTime(allow_none=True)
