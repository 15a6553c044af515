"""The JSON of products: what is registered, what its warranty says, what was done to it."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import File
from apiflask.validators import Length, Regexp
from marshmallow import fields

from consumer_app.shapes import told

ID = Length(min=1, max=40)
PICTURE_ID = Regexp(r"[0-9A-Za-z_-]{1,40}")


def picture(words: str) -> Any:
    return File(required=True, **told(words))  # type: ignore[no-untyped-call]


class ModelOut(Schema):
    """One model of the catalogue, to be picked when a typed code was unclear."""

    id = fields.String()
    code = fields.String(**told("型号"))
    name = fields.String()
    category = fields.String(**told("品类代码"))
    category_title = fields.String(**told("空调、冰箱……"))


class ModelsIn(Schema):
    text = fields.String(required=True, validate=Length(min=1, max=200), **told("扫到的或输入的内容，写错的也行"))


class ModelsOut(Schema):
    exact = fields.Nested(ModelOut, allow_none=True, **told("完全一致的型号；没有时是 null，请客户在 choices 里选"))
    choices = fields.List(fields.Nested(ModelOut), **told("相近的型号，最像的在前"))
    serial = fields.String(**told("内容里的机身编号，没有时是空"))
    message = fields.String(**told("给人看的说明：请选一个、没有这个型号……"))


class RegisterIn(Schema):
    model_id = fields.String(required=True, validate=ID)
    serial = fields.String(validate=Length(max=40), **told("机身编号，6 到 24 位字母和数字；不知道时不填"))
    purchased_on = fields.Date(**told("购买日期"))
    ask_transfer = fields.Boolean(load_default=False, **told("编号登记在别人名下时，申请过户"))


class OwnProductOut(Schema):
    id = fields.String()
    name = fields.String()
    code = fields.String(**told("型号"))
    category = fields.String()
    category_title = fields.String()
    serial = fields.String(allow_none=True, **told("机身编号"))
    purchased_on = fields.Date(allow_none=True)
    registered_at = fields.AwareDateTime()
    invoice = fields.String(**told("购买凭证：unknown 没有、told 口述、waiting 待审核、seen 已审核、none 没有发票"))
    invoice_title = fields.String()


class RegisteredOut(Schema):
    product = fields.Nested(OwnProductOut, allow_none=True, **told("编号被别人登记时是 null"))
    already = fields.Boolean(**told("之前已经登记在自己名下"))
    taken = fields.Boolean(**told("编号登记在别人名下；可以带 ask_transfer 再发一次"))
    transfer_asked = fields.Boolean(**told("已提交过户申请，客服核实后通知"))
    message = fields.String()


class OwnProductsOut(Schema):
    products = fields.List(fields.Nested(OwnProductOut), **told("最新登记的在前"))


class WarrantyLineOut(Schema):
    component = fields.String(**told("whole 整机、main_parts 主要部件、labour 人工，或部件名"))
    title = fields.String()
    result = fields.String(**told("covered 保内、over 已过保、excluded 不保、unknown 待核"))
    result_title = fields.String()
    since = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)
    words = fields.String(**told("给客户看的一句话"))
    source = fields.String(**told("依据"))


class HistoryOut(Schema):
    """One order of the product, also of an owner before: nothing of the person in it."""

    at = fields.AwareDateTime()
    service = fields.String()
    status = fields.String()
    number = fields.String(allow_none=True, **told("自己的工单才有"))
    done = fields.List(fields.String(), **told("做了什么、换了什么"))
    engineer = fields.String(**told("李师傅（工号 1024）"))


class ProductPageOut(Schema):
    product = fields.Nested(OwnProductOut)
    warranty_start = fields.String(**told("从哪天算、依据什么，一句话"))
    warranty = fields.List(fields.Nested(WarrantyLineOut))
    doubts = fields.List(fields.String(), **told("登记资料里有疑问的地方"))
    history = fields.List(fields.Nested(HistoryOut), **told("最近的在前"))


class ProofIn(Schema):
    """An invoice's photo; looked at by staff."""

    picture = picture("发票照片，不超过 10 MB")
    purchased_on = fields.Date(**told("发票上的日期"))


class PictureIn(Schema):
    picture = picture("照片，不超过 10 MB")


class PictureOut(Schema):
    id = fields.String(**told("报修时放进 picture_ids"))
