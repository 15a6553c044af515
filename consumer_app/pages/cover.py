"""延保商城, 我的卡, certificates, gifts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, request

from consumer_app.money_shapes import BuyIn, CancelCoverIn, GiftIn
from consumer_app.person import Person
from consumer_app.subjects import covers, products
from consumer_app.web_parts import PATH, Web, given_in, go
from domain.cover.links import cover_behind, verify
from domain.cover.paper import Printed, draw, printed_of
from domain.kit.errors import NotFound, Refused
from domain.organizations.model import Brand

NO = 409
LOOKS = (30, 600)
"""Certificates one address may look at, in how many seconds."""


def register(door: Blueprint, web: Web) -> None:
    buying(door, web)
    owning(door, web)


def buying(door: Blueprint, web: Web) -> None:
    @door.get("/shop")
    @web.signed_in
    def shop(person: Person) -> Response:
        return shown(person)

    def shown(person: Person, status: int = 200, **words: Any) -> Response:
        offers = covers.shop(person, request.values.get("product_id") or None)["offers"]
        groups: dict[str, list[dict[str, Any]]] = {}
        for one in offers:
            groups.setdefault(one["product"], []).append(one)
        return web.page("shop.html", status, person=person, tab="me", groups=groups, **words)

    @door.get("/shop/<plan_id>")
    @web.signed_in
    def offer(person: Person, plan_id: str) -> Response:
        found = covers.shop(person, request.args.get("product_id") or None)["offers"]
        one = next((offer for offer in found if offer["plan_id"] == plan_id), None)
        if one is None:
            raise NotFound("没有找到这个方案")
        return web.page("offer.html", person=person, tab="me", offer=one)

    @door.post("/shop")
    @web.writes
    def buy(person: Person) -> Response:
        if request.form.get("agree"):
            person.agree()
        try:
            with person.uow.session.begin_nested():
                made = covers.buy(person, given_in(BuyIn()))
        except Refused as no:
            return shown(person, NO, refused=str(no))
        if made["payable_id"] is None:
            return go(f"{PATH}/cards/{made['cover']['id']}")
        return go(f"{PATH}/pay/{made['payable_id']}?back={PATH}/cards/{made['cover']['id']}")


def paper(web: Web, printed: Printed) -> Response:
    """The certificate to keep; its code leads to the page that says whether it is ours."""
    answer = make_response(draw(printed, web.at.public_url + printed.verify_path))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = "inline; filename=certificate.pdf"
    return answer


def owning(door: Blueprint, web: Web) -> None:
    @door.get("/cards")
    @web.signed_in
    def cards(person: Person) -> Response:
        return web.page("cards.html", person=person, tab="me", **covers.all_of(person))

    @door.get("/cards/<cover_id>")
    @web.signed_in
    def card(person: Person, cover_id: str) -> Response:
        return web.page("card.html", person=person, tab="me", cover=covers.one_of(person, cover_id))

    @door.post("/cards/<cover_id>/cancel")
    @web.writes
    def cancel_cover(person: Person, cover_id: str) -> Response:
        try:
            with person.uow.session.begin_nested():
                covers.give_up(person, cover_id, given_in(CancelCoverIn()))
        except NotFound:
            raise
        except Refused as no:
            found = covers.one_of(person, cover_id)
            return web.page("card.html", NO, person=person, tab="me", cover=found, refused=str(no))
        return go(f"{PATH}/cards/{cover_id}")

    @door.get("/covers/<token>")
    def certificate(token: str) -> Response:
        """By its owner's signed link."""
        web.at.count("certificate of address", request.remote_addr or "", LOOKS)
        with web.at.runtime.transaction() as uow:
            seen = cover_behind(uow, token)
            brand = uow.get(Brand, seen.cover.brand_id, called="品牌")
            return web.page("certificate.html", cover=covers.certificate(seen), brand=brand.name, hotline=brand.hotline)

    @door.get("/cards/<cover_id>/certificate.pdf")
    @web.signed_in
    def own_paper(person: Person, cover_id: str) -> Response:
        return paper(web, printed_of(person.uow, covers.seen_of(person, cover_id)))

    @door.get("/covers/<token>/certificate.pdf")
    def linked_paper(token: str) -> Response:
        """By its owner's signed link."""
        web.at.count("certificate of address", request.remote_addr or "", LOOKS)
        with web.at.runtime.transaction() as uow:
            printed = printed_of(uow, cover_behind(uow, token))
        return paper(web, printed)

    @door.get("/cover/<number>")
    def verify_cover(number: str) -> Response:
        """Whether a certificate is ours, for anybody who has its number."""
        web.at.count("certificate of address", request.remote_addr or "", LOOKS)
        with web.at.runtime.transaction() as uow:
            found = verify(uow, number)
        return web.page("cover_verified.html", 200 if found else 404, found=found)

    @door.get("/gift")
    @web.signed_in
    def gift_form(person: Person) -> Response:
        return form(person)

    def form(person: Person, status: int = 200, **words: Any) -> Response:
        owned = products.all_of(person)["products"]
        return web.page("gift.html", status, person=person, tab="me", owned=owned, said=request.form, **words)

    @door.post("/gift")
    @web.writes
    def gift(person: Person) -> Response:
        if request.form.get("agree"):
            person.agree()
        try:
            made = covers.take_gift(person, given_in(GiftIn()))
        except NotFound:
            raise
        except Refused as no:
            return form(person, NO, refused=str(no))
        if made["cover"] is None:
            return form(person, NO, refused=made["message"])
        return go(f"{PATH}/cards/{made['cover']['id']}")
