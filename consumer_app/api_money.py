"""The API's rows about money: quotes, paying, invoices, cover and cards, price lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request

from consumer_app import money_shapes as shapes
from consumer_app.counter import Counter
from consumer_app.person import Person
from consumer_app.row import Given, Row
from consumer_app.subjects import covers, money, paying, prices

LOOKS = (120, 60)
"""Price lists one address may look at, in how many seconds."""


def rows(at: Counter) -> Iterable[Row]:
    return (*paying_rows(at), *cover_rows(at))


def paying_rows(at: Counter) -> Iterable[Row]:
    def quote(person: Person, given: Given, quote_id: str) -> Any:
        return money.quote(person, quote_id)

    def answer(person: Person, given: Given, quote_id: str) -> Any:
        return money.answer(person, quote_id, given)

    def invoice(person: Person, given: Given, payable_id: str) -> Any:
        return money.ask_invoice(person, payable_id, given)

    def payables(person: Person, given: Given) -> Any:
        return money.payables(person)

    def payable(person: Person, given: Given, payable_id: str) -> Any:
        return money.payable(person, payable_id)

    def pay(secret: str, given: Given, payable_id: str) -> Any:
        return paying.start(at, secret, payable_id, given["method"], request.remote_addr or "")

    def payment(secret: str, given: Given, payment_id: str) -> Any:
        return paying.state(at, secret, payment_id)

    return (
        Row("GET", "/quotes/<quote_id>", quote, "一份报价", shapes.QuoteOut()),
        Row("POST", "/quotes/<quote_id>", answer, "同意或不同意报价", shapes.QuoteOut(), shapes.AnswerQuoteIn()),
        Row("GET", "/payables", payables, "我的账单", shapes.PayablesOut()),
        Row("GET", "/payables/<payable_id>", payable, "一张账单", shapes.PayableOut()),
        Row(
            "POST", "/payables/<payable_id>/pay", pay, "付款", shapes.CashierOut(), shapes.PayIn(), outside=True
        ),
        Row("POST", "/payables/<payable_id>/invoice", invoice, "申请发票", shapes.PayableOut(), shapes.InvoiceIn()),
        Row("GET", "/payments/<payment_id>", payment, "付款的结果", shapes.PaymentOut(), outside=True),
    )  # fmt: skip


def cover_rows(at: Counter) -> Iterable[Row]:
    def shop(person: Person, given: Given) -> Any:
        return covers.shop(person, given.get("product_id"))

    def all_of(person: Person, given: Given) -> Any:
        return covers.all_of(person)

    def give_up(person: Person, given: Given, cover_id: str) -> Any:
        return covers.give_up(person, cover_id, given)

    def price_list(secret: str, given: Given, code: str) -> Any:
        at.count("price list of address", request.remote_addr or "", LOOKS)
        with at.runtime.transaction() as uow:
            return prices.of_brand(uow, code)

    return (
        Row("GET", "/shop", shop, "可以买的延保和服务卡", shapes.ShopOut(), shapes.ShopQuery(), location="query"),
        Row("GET", "/covers", all_of, "我的延保和服务卡", shapes.OwnCoversOut()),
        Row("POST", "/covers", covers.buy, "买延保或服务卡", shapes.BoughtOut(), shapes.BuyIn()),
        Row("POST", "/covers/<cover_id>/cancel", give_up, "退订", shapes.OwnCoverOut(), shapes.CancelCoverIn()),
        Row("POST", "/gifts", covers.take_gift, "兑换赠品码", shapes.GiftOut(), shapes.GiftIn()),
        Row("GET", "/prices/<code>", price_list, "价目表", shapes.PricesOut(), outside=True, public=True),
    )  # fmt: skip
