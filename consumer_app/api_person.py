"""The API's rows about one's own data, proof of a phone, and messages one may be sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import make_response, request

from consumer_app import person_shapes as shapes
from consumer_app.counter import Counter
from consumer_app.order_shapes import DoneOut
from consumer_app.person import Person
from consumer_app.row import Given, Row
from consumer_app.shapes import MeOut
from consumer_app.subjects import my_data, subscriptions


def rows(at: Counter) -> Iterable[Row]:
    def address() -> str:
        return request.remote_addr or ""

    def ask_code(secret: str, given: Given) -> Any:
        return my_data.ask_own_code(at, secret, given, address())

    def prove(secret: str, given: Given) -> Any:
        return my_data.prove(at, secret, given, address())

    def page(person: Person, given: Given) -> Any:
        return my_data.page(person)

    def take_along(person: Person, given: Given) -> Any:
        at.count("exports of person", person.key, my_data.EXPORTS_OF_PERSON)
        answer = make_response(my_data.take_along(person))
        answer.mimetype = "application/json"
        answer.headers["Content-Disposition"] = "attachment; filename=my-data.json"
        return answer

    return (
        Row(
            "POST", "/phone/code", ask_code, "要一条短信验证码", shapes.PhoneCodeOut(), shapes.PhoneCodeIn(), outside=True
        ),
        Row("POST", "/phone/prove", prove, "用验证码证明号码是自己的", MeOut(), shapes.ProvePhoneIn(), outside=True),
        Row("GET", "/my-data", page, "关于我的资料", shapes.MyDataOut()),
        Row("POST", "/my-data", my_data.correct, "更正", shapes.MyDataOut(), shapes.CorrectIn()),
        Row("GET", "/my-data/export", take_along, "导出全部资料", None),
        Row("POST", "/my-data/marketing", my_data.advertise, "推广消息", shapes.MyDataOut(), shapes.MarketingIn()),
        Row("POST", "/my-data/erase", my_data.forget_me, "注销", DoneOut(), shapes.EraseIn()),
        Row(
            "GET", "/subscriptions", subscriptions.templates, "现在可以请客户允许的订阅消息", shapes.TemplatesOut(),
            shapes.MomentQuery(), location="query",
        ),
        Row("POST", "/subscriptions", subscriptions.report, "订阅弹窗的结果", DoneOut(), shapes.SubscriptionIn()),
    )  # fmt: skip
