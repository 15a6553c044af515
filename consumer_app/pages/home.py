"""The first page: what waits for the person, what can be asked for, the appliances; and 我的."""

from __future__ import annotations

from flask import Blueprint, Response

from consumer_app.person import Person
from consumer_app.subjects import covers, money, orders, places, products
from consumer_app.web_parts import Web


def register(door: Blueprint, web: Web) -> None:
    @door.get("/")
    @web.signed_in
    def home(person: Person) -> Response:
        found = orders.all_of(person)["orders"]
        return web.page(
            "home.html", person=person, tab="home", orders=[one for one in found if one["open"] or one["next"]][:3],
            products=products.all_of(person)["products"][:3],
        )  # fmt: skip

    @door.get("/me")
    @web.signed_in
    def me(person: Person) -> Response:
        owed = [one for one in money.payables(person)["payables"] if one["status"] == "open"]
        cards = [one for one in covers.all_of(person)["covers"] if one["status"] == "active"]
        return web.page(
            "me.html", person=person, tab="me", about=places.contact(person), owed=len(owed), cards=len(cards)
        )  # fmt: skip
