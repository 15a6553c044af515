"""评价 and the survey, by whoever is signed in or has the signed link of that order or survey."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from consumer_app.counter import Unauthorized
from consumer_app.order_shapes import RatingIn
from consumer_app.subjects import ratings
from consumer_app.web_parts import Web, given_in, to_sign_in
from domain.feedback import surveys
from domain.feedback.links import may_rate, survey_behind
from domain.kit.actors import Actor, Role
from domain.kit.errors import NotFound, Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import Brand
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken

NO = 409
LOOKS = (60, 600)


def register(door: Blueprint, web: Web) -> None:
    rating(door, web)
    survey(door, web)


def rating(door: Blueprint, web: Web) -> None:
    def opened(uow: UnitOfWork, ref: str) -> tuple[WorkOrder, Actor]:
        """By the link's print, or by the number as the signed-in person.

        :raises NotFound, Unauthorized: see there
        """
        if "t" in request.args:
            web.at.count("rating link of address", request.remote_addr or "", LOOKS)
            order = may_rate(uow, ref, request.args["t"])
            return order, Actor(Role.CUSTOMER, order.customer_id)
        person = web.person(uow)
        return person.order(ref), person.by

    def shown(uow: UnitOfWork, order: WorkOrder, status: int = 200, **words: Any) -> Response:
        brand = uow.get(Brand, order.brand_id, called="品牌")
        return web.page(
            "rate.html", status, form=ratings.form_json(uow, order), number=spoken(order.number), brand=brand.name,
            hotline=brand.hotline, said=request.form, action=request.full_path.rstrip("?"), **words,
        )  # fmt: skip

    @door.get("/orders/<ref>/rate")
    def rate_form(ref: str) -> Response:
        try:
            with web.at.runtime.transaction() as uow:
                return shown(uow, opened(uow, ref)[0])
        except Unauthorized:
            return to_sign_in()

    @door.post("/orders/<ref>/rate")
    def rate(ref: str) -> Response:
        web.must_be_our_form()
        try:
            with web.at.runtime.transaction() as uow:
                order, by = opened(uow, ref)
                try:
                    with uow.session.begin_nested():
                        ratings.give_as(uow, order, given_in(RatingIn()), by)
                except NotFound:
                    raise
                except Refused as no:
                    return shown(uow, order, NO, refused=str(no))
                return shown(uow, order, thanks=True)
        except Unauthorized:
            return to_sign_in()


def survey(door: Blueprint, web: Web) -> None:
    @door.get("/survey/<token>")
    def survey_form(token: str) -> Response:
        web.at.count("survey link of address", request.remote_addr or "", LOOKS)
        with web.at.runtime.transaction() as uow:
            return shown(uow, token)

    def shown(uow: UnitOfWork, token: str, status: int = 200, **words: Any) -> Response:
        asked = survey_behind(uow, token)
        brand = uow.get(Brand, asked.brand_id, called="品牌")
        return web.page("survey.html", status, brand=brand.name, answered=asked.score is not None, **words)

    @door.post("/survey/<token>")
    def answer_survey(token: str) -> Response:
        web.must_be_our_form()
        with web.at.runtime.transaction() as uow:
            asked = survey_behind(uow, token)
            by = Actor(Role.CUSTOMER, asked.customer_id)
            said = request.form.get("score", "")
            try:
                with uow.session.begin_nested():
                    score = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else -1
                    surveys.answer(uow, asked.id, score, by=by, via="page", words=request.form.get("words", ""))
            except Refused as no:
                return shown(uow, token, NO, refused=str(no))
            return shown(uow, token)
