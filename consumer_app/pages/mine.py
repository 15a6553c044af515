"""隐私: all data kept about oneself, corrections, the file to take along, erasing, advertising. The public price lists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, request
from sqlalchemy import select

from consumer_app.api_money import LOOKS
from consumer_app.person import Person
from consumer_app.person_shapes import CorrectIn, EraseIn, MarketingIn
from consumer_app.subjects import my_data, prices
from consumer_app.web_parts import PATH, Web, given_in, go
from domain.kit.errors import Refused
from domain.organizations.model import Brand

NO = 409


def register(door: Blueprint, web: Web) -> None:
    own(door, web)
    public(door, web)


def own(door: Blueprint, web: Web) -> None:
    @door.get("/me/data")
    @web.signed_in
    def data(person: Person) -> Response:
        return shown(person)

    def shown(person: Person, status: int = 200, **words: Any) -> Response:
        return web.page("my_data.html", status, person=person, tab="me", **my_data.page(person), **words)

    @door.post("/me/data")
    @web.writes
    def correct(person: Person) -> Response:
        if request.form.get("agree"):
            person.agree()
        return tried(person, lambda: my_data.correct(person, given_in(CorrectIn())))

    @door.post("/me/marketing")
    @web.writes
    def marketing(person: Person) -> Response:
        return tried(person, lambda: my_data.advertise(person, given_in(MarketingIn())))

    def tried(person: Person, do: Any) -> Response:
        try:
            with person.uow.session.begin_nested():
                do()
        except Refused as no:
            return shown(person, NO, refused=str(no))
        return go(f"{PATH}/me/data")

    @door.get("/me/export")
    @web.signed_in
    def export(person: Person) -> Response:
        web.at.count("exports of person", person.key, my_data.EXPORTS_OF_PERSON)
        answer = make_response(my_data.take_along(person))
        answer.mimetype = "application/json"
        answer.headers["Content-Disposition"] = "attachment; filename=my-data.json"
        return answer

    @door.get("/me/erase")
    @web.signed_in
    def erase_form(person: Person) -> Response:
        return web.page("erase.html", person=person, tab="me", **my_data.page(person))

    @door.post("/me/erase")
    @web.writes
    def erase(person: Person) -> Response:
        try:
            with person.uow.session.begin_nested():
                words = my_data.forget_me(person, given_in(EraseIn()))["message"]
        except Refused as no:
            return web.page("erase.html", NO, person=person, tab="me", refused=str(no), **my_data.page(person))
        return web.drop(web.page("done.html", title="已注销", words=words, on=""))


def public(door: Blueprint, web: Web) -> None:
    @door.get("/prices")
    def brands() -> Response:
        with web.at.runtime.transaction() as uow:
            found = uow.session.scalars(select(Brand).order_by(Brand.code)).all()
        if len(found) == 1:
            return go(f"{PATH}/prices/{found[0].code}")
        return web.page("price_brands.html", brands=found)

    @door.get("/prices/<code>")
    def price_list(code: str) -> Response:
        web.at.count("price list of address", request.remote_addr or "", LOOKS)
        with web.at.runtime.transaction() as uow:
            found = prices.of_brand(uow, code)
        answer = web.page("prices.html", **found)
        answer.headers["Cache-Control"] = "public, max-age=300"
        return answer
