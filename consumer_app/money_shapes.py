"""The JSON of money: quotes, paying, invoices, cover and cards, price lists. Amounts are whole fen, beside them words."""

from __future__ import annotations

from apiflask import Schema
from apiflask.validators import Email, Length, OneOf, Regexp
from marshmallow import fields

from consumer_app.product_shapes import ID
from consumer_app.shapes import told

METHODS = ("jsapi", "h5")


class QuoteLineOut(Schema):
    title = fields.String()
    quantity = fields.String(**told("1、1.5 米……"))
    unit_fen = fields.Integer()
    fen = fields.Integer()
    shown = fields.String(**told("¥280.00"))
    payer = fields.String(**told("customer 客户、warranty 保修、cover 延保、card 服务卡、brand 品牌"))
    payer_title = fields.String()
    why = fields.String(**told("为什么由谁付"))


class QuoteOut(Schema):
    id = fields.String()
    order_number = fields.String()
    version = fields.Integer()
    status = fields.String(**told("asked 待确认、confirmed、rejected、superseded、withdrawn、expired"))
    status_title = fields.String()
    lines = fields.List(fields.Nested(QuoteLineOut))
    customer_fen = fields.Integer(**told("客户要付的"))
    customer_shown = fields.String()
    declined_shown = fields.String(**told("不同意也要付的上门检测费等"))
    note = fields.String(**told("师傅的说明"))
    others_shown = fields.String(**told("由别人付的合计"))
    hash = fields.String(**told("确认时原样发回：确认的就是看到的"))
    newer_id = fields.String(allow_none=True, **told("已经有新的报价"))


class AnswerQuoteIn(Schema):
    answer = fields.String(required=True, validate=OneOf(("confirm", "reject")))
    hash = fields.String(required=True, validate=Length(min=1, max=128))
    why = fields.String(load_default="", validate=Length(max=200))


class InvoiceOut(Schema):
    status = fields.String(**told("asked 已申请、issued 已开、refused 没有开"))
    status_title = fields.String()
    number = fields.String(allow_none=True)


class PayableOut(Schema):
    id = fields.String()
    title = fields.String()
    order_number = fields.String(allow_none=True)
    status = fields.String(**told("open 待付、paid 已付、void 作废……"))
    status_title = fields.String()
    due_fen = fields.Integer()
    due_shown = fields.String()
    paid_fen = fields.Integer()
    refunded_fen = fields.Integer()
    refunded_shown = fields.String(**told("没有退款时是空"))
    invoice = fields.Nested(InvoiceOut, allow_none=True)
    may_ask_invoice = fields.Boolean()


class PayablesOut(Schema):
    payables = fields.List(fields.Nested(PayableOut), **told("最新的在前"))


class PayIn(Schema):
    method = fields.String(load_default="jsapi", validate=OneOf(METHODS))


class PayParamsOut(Schema):
    """What wx.requestPayment wants, as it is."""

    appId = fields.String()
    timeStamp = fields.String()
    nonceStr = fields.String()
    package = fields.String()
    signType = fields.String()
    paySign = fields.String()


class CashierOut(Schema):
    payment_id = fields.String(**told("之后用 GET /payments/<id> 查结果"))
    params = fields.Nested(PayParamsOut, allow_none=True)
    h5_url = fields.String(allow_none=True)


class PaymentOut(Schema):
    """What the platform said to us; never what the phone's cashier returned."""

    id = fields.String()
    status = fields.String(**told("created、pending、unknown 等一等再查；paid 已付；closed 没有付"))
    status_title = fields.String()
    done = fields.Boolean(**told("不用再查了"))
    payable_id = fields.String()


class InvoiceIn(Schema):
    title = fields.String(required=True, validate=Length(min=1, max=100), **told("抬头"))
    tax_number = fields.String(
        load_default="",
        validate=Regexp(r"|[0-9A-Za-z]{15,20}", error="税号是 15 到 20 位的数字和字母"),
        **told("个人不填"),
    )
    email = fields.String(required=True, validate=[Email(error="邮箱不对"), Length(max=100)])


class OfferOut(Schema):
    plan_id = fields.String()
    kind = fields.String(**told("warranty 延保、card 服务卡"))
    title = fields.String()
    price_fen = fields.Integer()
    price_shown = fields.String()
    product_id = fields.String(allow_none=True)
    product = fields.String()
    eligible = fields.Boolean()
    why_not = fields.String(**told("为什么不能买"))
    since = fields.Date(allow_none=True, **told("从哪天起"))
    until = fields.Date(allow_none=True)
    uses = fields.Integer(allow_none=True, **told("可用几次"))
    cooling_days = fields.Integer(**told("几天内可以全额退"))
    terms = fields.String(**told("条款"))


class ShopOut(Schema):
    offers = fields.List(fields.Nested(OfferOut))


class ShopQuery(Schema):
    product_id = fields.String(validate=ID, **told("只看这台能买的；不填看名下全部"))


class BuyIn(Schema):
    plan_id = fields.String(required=True, validate=ID)
    product_id = fields.String(validate=ID, **told("服务卡可以不填"))


class OwnCoverOut(Schema):
    id = fields.String()
    number = fields.String(**told("证书号"))
    kind = fields.String()
    title = fields.String()
    status = fields.String()
    status_title = fields.String()
    product = fields.String()
    price_shown = fields.String()
    since = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)
    uses = fields.Integer(allow_none=True)
    used = fields.Integer()
    payable_id = fields.String(allow_none=True)
    may_cancel = fields.Boolean()
    back_fen = fields.Integer(allow_none=True, **told("现在退订退多少；不能退时是 null"))
    back_words = fields.String(**told("怎么算的"))
    terms = fields.String()


class OwnCoversOut(Schema):
    covers = fields.List(fields.Nested(OwnCoverOut))


class BoughtOut(Schema):
    cover = fields.Nested(OwnCoverOut)
    payable_id = fields.String(allow_none=True, **told("接着付款"))


class CancelCoverIn(Schema):
    back_fen = fields.Integer(**told("客户看到的退款金额：变了就不退，先再看一次"))
    why = fields.String(load_default="", validate=Length(max=200))


class GiftIn(Schema):
    code = fields.String(required=True, validate=Length(min=4, max=40))
    product_id = fields.String(validate=ID)


class GiftOut(Schema):
    cover = fields.Nested(OwnCoverOut, allow_none=True, **told("没有兑换成功时是 null，message 说为什么"))
    message = fields.String()


class PriceOut(Schema):
    title = fields.String()
    shown = fields.String(**told("¥30.00、15%……"))
    note = fields.String()


class PriceGroupOut(Schema):
    title = fields.String()
    lines = fields.List(fields.Nested(PriceOut))


class PricesOut(Schema):
    brand = fields.String()
    hotline = fields.String()
    on = fields.Date()
    groups = fields.List(fields.Nested(PriceGroupOut))
