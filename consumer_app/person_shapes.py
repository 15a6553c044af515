"""The JSON of one's own data: seeing, correcting, exporting, erasing, advertising; signing pages and messages."""

from __future__ import annotations

from apiflask import Schema
from apiflask.validators import Equal, Length, OneOf
from marshmallow import fields

from consumer_app.order_shapes import OwnAddressOut, OwnPhoneOut
from consumer_app.product_shapes import ID
from consumer_app.shapes import told

ERASE = "注销"


class ConsentOut(Schema):
    at = fields.AwareDateTime()
    version = fields.String()


class KeptOut(Schema):
    """How much is kept of one kind, and for how long."""

    title = fields.String()
    count = fields.Integer()
    why = fields.String(**told("做什么用、保存多久"))


class MyDataOut(Schema):
    name = fields.String(allow_none=True)
    phones = fields.List(fields.Nested(OwnPhoneOut))
    addresses = fields.List(fields.Nested(OwnAddressOut))
    kept = fields.List(fields.Nested(KeptOut))
    consents = fields.List(fields.Nested(ConsentOut), **told("同意过的隐私说明，最近的在前"))
    marketing = fields.Boolean(**told("是否同意接收活动和推广消息；没有说过同意就是 false"))
    may_erase = fields.Boolean()
    why_not = fields.List(fields.String(), **told("现在不能注销的原因"))


class CorrectIn(Schema):
    name = fields.String(validate=Length(min=1, max=20))
    forget_phone_id = fields.String(validate=Length(max=64))
    forget_address_id = fields.String(validate=ID)


class MarketingIn(Schema):
    wanted = fields.Boolean(required=True)


class EraseIn(Schema):
    give_up_cover = fields.Boolean(load_default=False, **told("放弃还在生效的延保和服务卡"))
    confirm = fields.String(required=True, validate=Equal(ERASE, error="请填写“注销”两个字"), **told("填“注销”"))


class PhoneCodeIn(Schema):
    number = fields.String(required=True, validate=Length(min=1, max=30), **told("手机号；会收到一条短信验证码"))


class ProvePhoneIn(Schema):
    number = fields.String(required=True, validate=Length(min=1, max=30))
    code = fields.String(required=True, validate=Length(min=4, max=10), **told("短信里的 6 位数字"))


class PhoneCodeOut(Schema):
    lasts_seconds = fields.Integer()
    again_seconds = fields.Integer(**told("过这么久才能再要一条"))


class SubscriptionIn(Schema):
    """What the person answered in wx.requestSubscribeMessage, by template."""

    key = fields.String(
        load_default="", validate=Length(max=100), **told("这一次弹窗的编号，由手机生成：同一个编号只记一次")
    )
    answers = fields.Dict(
        keys=fields.String(validate=Length(max=64)),
        values=fields.String(validate=OneOf(("accept", "reject", "ban", "filter"))),
        required=True, validate=Length(min=1, max=5),
    )  # fmt: skip


class TemplateOut(Schema):
    id = fields.String(**told("模板 ID"))
    title = fields.String()


class MomentQuery(Schema):
    moment = fields.String(
        load_default="booking",
        validate=OneOf(("booking", "quote", "payment")),
        **told("正在办什么：预约、看报价、付款"),
    )


class TemplatesOut(Schema):
    templates = fields.List(fields.Nested(TemplateOut), **told("现在该请客户允许的，最多 3 个"))
