"""The JSON of money on the engineer's phone: codes to pay by, cash, cover to sell, cards to use."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from engineer_app.told import Strict, count, flag, moment, name, said, things, told, whole


class PayIn(Strict):
    payable_id = name("任务的 owed 里的一张账单", required=True)


class CodeToPayOut(Schema):
    payment_id = said("之后用 GET /payments/<payment_id> 看结果")
    code_url = said("画成二维码，客户用微信扫")
    fen = count()
    title = said()
    expires_at = moment()


class PaidOut(Schema):
    status = said("created、pending、unknown：等一等再看；paid 已付；closed 没有付")
    status_title = said()
    done = flag("不用再看了")


class CashIn(Strict):
    payable_id = name("任务的 owed 里的一张账单", required=True)
    fen = whole(1, words="收到的现金，应等于应收", required=True)


class ReceiptOut(Schema):
    number = said("收据号，写给客户")
    fen = count()


class PlanOut(Schema):
    plan_id = said()
    title = said()
    price_fen = count()
    since = fields.Date(**told("今天付款的话，从哪天起"))
    until = fields.Date()
    terms = said()
    cooling_days = count("几天内可以全额退")
    why_not = said("为什么不能卖；空：可以")


class CardOut(Schema):
    cover_id = said()
    title = said()
    left = count("还能用几次")
    held = flag("这张工单用的就是它")


class ShopOut(Schema):
    offers = things(PlanOut)
    cards = things(CardOut, "客户的服务卡里这张工单能用的")


class SellIn(Strict):
    plan_id = name("shop 里的一个方案", required=True)


class SoldOut(Schema):
    payable_id = said()
    number = said("证书号；付了款才生效", allow_none=True)


class UseCardIn(Strict):
    cover_id = name("shop 里的一张卡", required=True)
