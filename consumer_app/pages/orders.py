"""报修 and 我的工单: one form for repair, installation and cleaning; an order with all that may be done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from consumer_app import way_map
from consumer_app.counter import Malformed
from consumer_app.order_shapes import BookIn, CancelIn, ReportIn, UrgeIn
from consumer_app.person import Person
from consumer_app.subjects import orders, pictures, places, products, reports
from consumer_app.web_parts import PATH, Web, given_in, go, read
from domain.appointments.reasons import CUSTOMER, NOT_SAID, OTHER
from domain.catalog.categories import TITLES
from domain.kit.errors import Refused

NO = 409
TITLE = {"repair": "报修", "install": "预约安装", "maintenance": "预约清洗"}
REASONS = [title for code, title in CUSTOMER.items() if code not in (OTHER, NOT_SAID)]
CANCELS = ["已经好了", "改约其他时间", "等太久了", "不想修了"]
MOST_PICTURES = 6


def register(door: Blueprint, web: Web) -> None:
    reporting(door, web)
    looking(door, web)
    acting(door, web)


def reporting(door: Blueprint, web: Web) -> None:
    @door.get("/report")
    @web.signed_in
    def report_form(person: Person) -> Response:
        return form(person)

    def form(person: Person, status: int = 200, **words: object) -> Response:
        service = request.values.get("service", "repair")
        return web.page(
            "report.html", status, person=person, tab="home", service=service if service in TITLE else "repair",
            titles=TITLE, owned=products.all_of(person)["products"], categories=TITLES.items(),
            about=places.contact(person), said=request.values, **words,
        )  # fmt: skip

    @door.post("/report")
    def report() -> Response:
        """Photos are kept first, each in a transaction of its own; then the order."""
        web.must_be_our_form()
        with web.at.runtime.transaction() as uow:
            person = web.person(uow)
            if request.form.get("agree"):
                person.agree()
            checked = to_be_confirmed(person)
            if checked:
                return form(person, place=checked)
        try:
            sent = [one for one in request.files.getlist("picture") if one.filename][:MOST_PICTURES]
            ids = [pictures.send(web.at, web.secret, one.stream).id for one in sent]
            with web.at.runtime.transaction() as uow:
                person = web.person(uow)
                given = given_in(ReportIn()) | {"picture_ids": [*request.form.getlist("picture_ids"), *ids]}
                made = reports.report(person, given)
        except Refused as no:
            with web.at.runtime.transaction() as uow:
                return form(web.person(uow), NO, refused=str(no))
        if made["safety"]:
            return web.page("safety.html", words=made["safety"], on=f"{PATH}/orders/{made['order']['number']}")
        number = made["order"]["number"]
        return go(f"{PATH}/orders/{number}/time?new=1" if made["windows"] else f"{PATH}/orders/{number}?new=1")

    def to_be_confirmed(person: Person) -> dict[str, Any] | None:
        """A new address is read back once: a wrong house number is caught here and not at the door."""
        typed = request.form.get("address", "").strip()
        if request.form.get("address_id") or not typed or typed == request.form.get("address_read"):
            return None
        return places.check(person, typed[:200])


def looking(door: Blueprint, web: Web) -> None:
    @door.get("/orders")
    @web.signed_in
    def all_orders(person: Person) -> Response:
        return web.page("orders.html", person=person, tab="orders", **orders.all_of(person))

    @door.get("/orders/<number>")
    @web.signed_in
    def order(person: Person, number: str) -> Response:
        return web.page("order.html", person=person, tab="orders", new=request.args.get("new"), **shown(person, number))

    @door.get("/orders/<number>/engineer/<photo_id>")
    def engineer(number: str, photo_id: str) -> Response:
        """Who comes: nobody else's browser gets it, and this one keeps it for as long as a visit."""
        answer = Response(pictures.read_engineer(web.at, web.secret, number, photo_id), mimetype="image/jpeg")
        answer.headers["Cache-Control"] = "private, max-age=600"
        return answer


def shown(person: Person, number: str) -> dict[str, Any]:
    page = orders.page(person, number)
    return {**page, "map": way_map.draw(page["position"])}


def acting(door: Blueprint, web: Web) -> None:
    def again(person: Person, number: str, no: Refused) -> Response:
        return web.page("order.html", NO, person=person, tab="orders", refused=str(no), **shown(person, number))

    @door.get("/orders/<number>/time")
    @web.signed_in
    def windows(person: Person, number: str) -> Response:
        return times(person, number)

    def times(person: Person, number: str, status: int = 200, **words: object) -> Response:
        order = orders.page(person, number)
        found = orders.windows(person, number)["windows"]
        days: dict[str, list[dict[str, Any]]] = {}
        for one in found:
            day, _, hours = str(one["words"]).rpartition(" ")
            days.setdefault(day, []).append({**one, "hours": hours})
        return web.page(
            "order_time.html", status, person=person, tab="orders", days=days, reasons=REASONS,
            new=request.args.get("new"), **order, **words,
        )  # fmt: skip

    @door.post("/orders/<number>/time")
    @web.writes
    def book(person: Person, number: str) -> Response:
        try:
            since, _, until = request.form.get("window", "").partition("/")
            given = {"since": moment(since), "until": moment(until), "reason": request.form.get("reason", "")[:200]}
            with person.uow.session.begin_nested():
                orders.book(person, number, read(BookIn(), given))
        except Refused as no:
            return times(person, number, NO, refused=str(no))
        return go(f"{PATH}/orders/{number}")

    @door.get("/orders/<number>/cancel")
    @web.signed_in
    def cancel_form(person: Person, number: str) -> Response:
        page = orders.page(person, number)
        return web.page("order_cancel.html", person=person, tab="orders", reasons=CANCELS, **page)

    @door.post("/orders/<number>/cancel")
    @web.writes
    def cancel(person: Person, number: str) -> Response:
        try:
            with person.uow.session.begin_nested():
                orders.cancel(person, number, given_in(CancelIn()))
        except Refused as no:
            return again(person, number, no)
        return go(f"{PATH}/orders/{number}")

    @door.post("/orders/<number>/urge")
    @web.writes
    def urge(person: Person, number: str) -> Response:
        return told(person, number, lambda: orders.urge(person, number, given_in(UrgeIn())))

    @door.post("/orders/<number>/change")
    @web.writes
    def change(person: Person, number: str) -> Response:
        given = {"id": request.form.get("id", ""), "yes": request.form.get("answer") == "yes"}
        return told(person, number, lambda: orders.answer(person, number, given))

    @door.post("/orders/<number>/go-on")
    @web.writes
    def go_on(person: Person, number: str) -> Response:
        return told(person, number, lambda: orders.go_on(person, number))

    def told(person: Person, number: str, do: Any) -> Response:
        try:
            with person.uow.session.begin_nested():
                words = do()["message"]
        except Refused as no:
            return again(person, number, no)
        return web.page("order.html", person=person, tab="orders", done=words, **shown(person, number))


def moment(text: str) -> str:
    """:raises Malformed: it is none, or nobody knows where"""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed("请选一个上门时间") from None
    if at.tzinfo is None:
        raise Malformed("请选一个上门时间")
    return at.isoformat()
