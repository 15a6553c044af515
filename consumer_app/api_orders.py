"""The API's rows about orders: reporting, appointments, rating."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import make_response

from consumer_app import order_shapes as shapes
from consumer_app.counter import Counter
from consumer_app.person import Person
from consumer_app.row import Given, Row
from consumer_app.subjects import orders, pictures, places, ratings, reports


def rows(at: Counter) -> Iterable[Row]:
    def contact(person: Person, given: Given) -> Any:
        return places.contact(person)

    def place(person: Person, given: Given) -> Any:
        return places.check(person, given["text"])

    def all_of(person: Person, given: Given) -> Any:
        return orders.all_of(person)

    def page(person: Person, given: Given, number: str) -> Any:
        return orders.page(person, number)

    def windows(person: Person, given: Given, number: str) -> Any:
        return orders.windows(person, number)

    def book(person: Person, given: Given, number: str) -> Any:
        return orders.book(person, number, given)

    def cancel(person: Person, given: Given, number: str) -> Any:
        return orders.cancel(person, number, given)

    def urge(person: Person, given: Given, number: str) -> Any:
        return orders.urge(person, number, given)

    def answer(person: Person, given: Given, number: str) -> Any:
        return orders.answer(person, number, given)

    def go_on(person: Person, given: Given, number: str) -> Any:
        return orders.go_on(person, number)

    def engineer(secret: str, given: Given, number: str, photo_id: str) -> Any:
        answer = make_response(pictures.read_engineer(at, secret, number, photo_id))
        answer.mimetype = "image/jpeg"
        return answer

    def rating(person: Person, given: Given, number: str) -> Any:
        return ratings.form(person, number)

    def rate(person: Person, given: Given, number: str) -> Any:
        return ratings.rate(person, number, given)

    one = "/orders/<number>"
    return (
        Row("GET", "/contact", contact, "不用再填的：称呼、电话、地址", shapes.ContactOut()),
        Row("POST", "/places", place, "核对地址", shapes.PlaceOut(), shapes.PlaceIn()),
        Row("GET", "/orders", all_of, "我的工单", shapes.OwnOrdersOut()),
        Row("POST", "/orders", reports.report, "报修、安装、清洗", shapes.OpenedOut(), shapes.ReportIn()),
        Row("GET", one, page, "一张工单", shapes.OrderPageOut()),
        Row("GET", f"{one}/engineer/<photo_id>", engineer, "来的师傅的照片", None, outside=True),
        Row("GET", f"{one}/windows", windows, "可以约的时间", shapes.WindowsOut()),
        Row("POST", f"{one}/appointment", book, "预约或改约", shapes.OrderPageOut(), shapes.BookIn()),
        Row("POST", f"{one}/cancel", cancel, "取消工单", shapes.DoneOut(), shapes.CancelIn()),
        Row("POST", f"{one}/urge", urge, "催单", shapes.DoneOut(), shapes.UrgeIn()),
        Row("POST", f"{one}/change", answer, "答复改约", shapes.DoneOut(), shapes.ChangeIn()),
        Row("POST", f"{one}/go-on", go_on, "现场已处理好", shapes.DoneOut()),
        Row("GET", f"{one}/rating", rating, "评价：能说什么、说过什么", shapes.RatingOut()),
        Row("POST", f"{one}/rating", rate, "评价", shapes.RatingOut(), shapes.RatingIn()),
    )
