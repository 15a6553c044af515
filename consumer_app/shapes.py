"""The JSON of the mini-program's API: what comes in and what goes out. Examples and words are for /docs."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.validators import Length
from marshmallow import ValidationError, fields, validates_schema


def told(words: str, **options: Any) -> dict[str, Any]:
    return {"metadata": {"description": words}, **options}


CODE = Length(min=1, max=200)


class LoginIn(Schema):
    code = fields.String(required=True, validate=CODE, **told("wx.login 得到的 code，用一次，5 分钟内有效"))
    account = fields.String(validate=Length(max=40), **told("小程序的 AppID；只有一个小程序时不用填"))


class ConsentIn(Schema):
    version = fields.String(required=True, validate=Length(min=1, max=40), **told("客户看到并同意的隐私说明的版本"))


class PhoneIn(Schema):
    code = fields.String(validate=CODE, **told("手机号按钮（getPhoneNumber）得到的 code"))
    number = fields.String(validate=Length(min=1, max=30), **told("客户自己填的号码，记为未验证"))

    @validates_schema
    def one_of_both(self, given: dict[str, Any], **rest: Any) -> None:
        if ("code" in given) == ("number" in given):
            raise ValidationError("code 和 number 填一个", "code")


class PrivacyOut(Schema):
    version = fields.String(**told("现行隐私说明的版本"))
    url = fields.String(**told("隐私说明的网址"))
    agreed = fields.Boolean(**told("客户是否同意了现行版本；没有同意不能提交手机号"))


class PhoneOut(Schema):
    number = fields.String(**told("打码的号码：138******78"))
    verified = fields.Boolean(**told("微信验证过的；自己填的是 false"))


class ProductOut(Schema):
    id = fields.String()
    name = fields.String()
    code = fields.String(**told("型号"))


class OrderOut(Schema):
    number = fields.String(**told("工单号"))
    service = fields.String(**told("报修、安装……"))
    status = fields.String(**told("到哪一步了"))
    opened_at = fields.AwareDateTime()


class MeOut(Schema):
    brand = fields.String()
    hotline = fields.String()
    name = fields.String(allow_none=True, **told("怎么称呼；还不知道时是 null"))
    phones = fields.List(fields.Nested(PhoneOut))
    products = fields.List(fields.Nested(ProductOut), **told("名下的产品，最新的在前"))
    open_orders = fields.List(fields.Nested(OrderOut), **told("没有办完的工单，最新的在前"))
    privacy = fields.Nested(PrivacyOut)


class LoginOut(Schema):
    token = fields.String(**told("放在请求头 Authorization: Bearer 后面；只给这一次"))
    ends_at = fields.AwareDateTime(**told("到这个时候失效，重新登录即可"))
    me = fields.Nested(MeOut)


class Nothing(Schema):
    """An empty object."""


class ErrorOut(Schema):
    """What every refusal looks like."""

    error = fields.String(**told("代码，供程序判断"))
    message = fields.String(**told("给人看的说明"))
    fields_ = fields.Dict(keys=fields.String(), values=fields.Raw(), data_key="fields", **told("哪个字段有什么问题"))
