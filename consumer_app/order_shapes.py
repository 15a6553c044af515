"""The JSON of orders: reporting, appointments, what happens, rating."""

from __future__ import annotations

from apiflask import Schema
from apiflask.validators import Length, OneOf, Range
from marshmallow import fields

from consumer_app.product_shapes import ID, PICTURE_ID
from consumer_app.shapes import told

SERVICES = ("repair", "install", "maintenance")
WORDS = Length(max=500)


class ContactOut(Schema):
    """What need not be typed again."""

    name = fields.String(allow_none=True)
    phones = fields.List(fields.Nested(lambda: OwnPhoneOut()))
    addresses = fields.List(fields.Nested(lambda: OwnAddressOut()))


class OwnPhoneOut(Schema):
    id = fields.String(**told("报修时放进 phone_id"))
    number = fields.String(**told("打码的号码"))
    verified = fields.Boolean()


class OwnAddressOut(Schema):
    id = fields.String(**told("报修时放进 address_id"))
    line = fields.String()
    served = fields.Boolean(**told("是否在服务范围内"))


class PlaceIn(Schema):
    text = fields.String(required=True, validate=Length(min=1, max=200), **told("客户写的地址"))
    lat = fields.Float(validate=Range(-90, 90), **told("wx.chooseLocation 的纬度（gcj02）"))
    lng = fields.Float(validate=Range(-180, 180))


class PlaceChoiceOut(Schema):
    division_code = fields.String()
    line = fields.String()


class PlaceOut(Schema):
    complete = fields.Boolean(**told("能找到门，且在服务范围内：请客户确认 line"))
    division_code = fields.String()
    line = fields.String(**told("认出的地址，读给客户确认"))
    choices = fields.List(fields.Nested(PlaceChoiceOut), **told("同名的几个地方，请客户选"))
    message = fields.String(**told("还缺什么"))


class ReportIn(Schema):
    service = fields.String(required=True, validate=OneOf(SERVICES))
    product_id = fields.String(validate=ID, **told("自己的产品；没有登记的填 model_id 或 category"))
    model_id = fields.String(validate=ID)
    category = fields.String(validate=ID)
    words = fields.String(load_default="", validate=WORDS, **told("什么故障、要什么；报修必填"))
    address_id = fields.String(validate=ID, **told("以前的地址"))
    address = fields.String(validate=Length(max=200), **told("新地址，先用 POST /places 核对"))
    lat = fields.Float(validate=Range(-90, 90), **told("客户自己在地图上点的或定的位置"))
    lng = fields.Float(validate=Range(-180, 180))
    datum = fields.String(
        load_default="gcj02", validate=OneOf(("gcj02", "wgs84")), **told("微信给的是 gcj02，浏览器给的是 wgs84")
    )
    radius_m = fields.Integer(validate=Range(0, 1_000_000), **told("真正的位置在这么多米以内；太粗的不用"))
    phone_id = fields.String(validate=Length(max=64), **told("以前的号码"))
    phone = fields.String(validate=Length(max=30), **told("新号码"))
    name = fields.String(validate=Length(max=20), **told("怎么称呼"))
    another = fields.Boolean(load_default=False, **told("是另一台：不并入已有的工单"))
    picture_ids = fields.List(fields.String(validate=PICTURE_ID), load_default=list, validate=Length(max=9))


class WindowOut(Schema):
    since = fields.AwareDateTime()
    until = fields.AwareDateTime()
    words = fields.String(**told("11月23日 周一 14:00–16:00"))


class OrderLineOut(Schema):
    number = fields.String(**told("工单号，只有数字"))
    spoken = fields.String(**told("分组写的工单号"))
    service = fields.String()
    category_title = fields.String()
    product = fields.String(**told("产品名，不知道时是品类名"))
    status = fields.String(**told("代码"))
    status_title = fields.String()
    open = fields.Boolean()
    opened_at = fields.AwareDateTime()
    next = fields.String(**told("接下来：约在什么时候、要付款、可以评价……"))


class OwnOrdersOut(Schema):
    orders = fields.List(fields.Nested(OrderLineOut), **told("最新的在前"))


class OpenedOut(Schema):
    order = fields.Nested(OrderLineOut)
    joined = fields.Boolean(**told("并入了已有的工单"))
    safety = fields.String(**told("有危险时马上要做的事；没有时是空。要先显示"))
    windows = fields.List(fields.Nested(WindowOut), **told("可以选的上门时间；空的时候会有人来电"))
    message = fields.String()


class StepOut(Schema):
    at = fields.AwareDateTime()
    title = fields.String()
    words = fields.String()


class EngineerOut(Schema):
    name = fields.String(**told("李师傅"))
    code = fields.String(**told("工号"))
    grade = fields.String()
    certificates = fields.List(fields.String())
    photo_url = fields.String(
        allow_none=True, **told("照片的路径 /orders/<number>/engineer/<id>，只在他要上门的时候能看")
    )
    phone = fields.String(allow_none=True, **told("出发后到离开前才有"))


class PinOut(Schema):
    """GCJ-02, as WeChat's maps are."""

    lat = fields.Float()
    lng = fields.Float()
    radius_m = fields.Integer(**told("真正的位置在这么多米以内"))


class PositionOut(Schema):
    """Only on the way: from departure to arrival."""

    metres = fields.Integer(allow_none=True, **told("离上门地址的直线距离"))
    bearing = fields.Integer(allow_none=True, **told("从上门地址看的方向，0 是北，顺时针"))
    minutes_old = fields.Integer()
    at = fields.Nested(PinOut, **told("师傅的大概位置"))
    home = fields.Nested(PinOut, allow_none=True, **told("上门地址；不知道门在哪时没有"))


class ChangeOut(Schema):
    """The engineer asks for another time."""

    id = fields.String()
    before = fields.String()
    wanted = fields.String()


class MayOut(Schema):
    """Which buttons there are."""

    move = fields.Boolean(**told("改约"))
    cancel = fields.Boolean()
    urge = fields.Boolean()
    rate = fields.Boolean()
    go_on = fields.Boolean(**told("现场已整改好，可以再上门"))


class OrderPageOut(Schema):
    order = fields.Nested(OrderLineOut)
    words = fields.String(**told("客户的话"))
    address = fields.String()
    phone = fields.String(**told("打码的号码"))
    steps = fields.List(fields.Nested(StepOut), **told("经过，最近的在前"))
    appointment = fields.Nested(WindowOut, allow_none=True)
    engineer = fields.Nested(EngineerOut, allow_none=True)
    position = fields.Nested(PositionOut, allow_none=True)
    change = fields.Nested(ChangeOut, allow_none=True)
    warranty = fields.List(fields.String(), **told("受理时核定的保修，逐句"))
    may = fields.Nested(MayOut)
    quote_id = fields.String(allow_none=True, **told("待确认的报价"))
    payable_id = fields.String(allow_none=True, **told("要付的款"))
    sheet_url = fields.String(allow_none=True, **told("服务单页面的路径"))
    pictures = fields.List(fields.String(), **told("照片的路径 /pictures/<id>"))


class WindowsOut(Schema):
    windows = fields.List(fields.Nested(WindowOut))


class BookIn(Schema):
    since = fields.AwareDateTime(required=True, **told("GET …/windows 给的"))
    until = fields.AwareDateTime(required=True)
    reason = fields.String(load_default="", validate=Length(max=200), **told("改约的原因"))


class CancelIn(Schema):
    why = fields.String(required=True, validate=Length(min=1, max=200))


class UrgeIn(Schema):
    words = fields.String(load_default="", validate=Length(max=200))


class ChangeIn(Schema):
    id = fields.String(required=True, validate=ID)
    yes = fields.Boolean(required=True)


class DoneOut(Schema):
    message = fields.String(**told("给人看的结果"))


class RatingIn(Schema):
    stars = fields.Integer(required=True, validate=Range(1, 5))
    aspects = fields.Dict(keys=fields.String(), values=fields.Integer(validate=Range(1, 5)), load_default=dict)
    tags = fields.List(fields.String(validate=ID), load_default=list, validate=Length(max=12))
    words = fields.String(load_default="", validate=WORDS)
    solved = fields.Boolean(**told("修好了没有"))
    recommend = fields.Integer(validate=Range(0, 10), **told("0 到 10，愿不愿意推荐给朋友"))


class OptionOut(Schema):
    code = fields.String()
    title = fields.String()


class RatingOut(Schema):
    """What can be said, and what was said."""

    open = fields.Boolean(**told("现在可以评，或可以补充"))
    message = fields.String()
    stars = fields.Integer(allow_none=True)
    aspects = fields.List(fields.Nested(OptionOut))
    tags = fields.List(fields.Nested(OptionOut))
    said_aspects = fields.Dict(keys=fields.String(), values=fields.Integer())
    said_tags = fields.List(fields.String())
    words = fields.String()
