"""Signing in: inside WeChat without asking anything, elsewhere by a code sent to the phone. Signing a page for the JS-SDK."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import select

from consumer_app.counter import TooMany, Unauthorized
from consumer_app.person import end_session
from consumer_app.subjects import my_data
from consumer_app.web_parts import PATH, Web, go, own_path
from domain.access.wechat_pages import MINUTES, BadPage, SnapshotUser
from domain.customers import operations as customers
from domain.customers import proving, sessions
from domain.kit.errors import NotFound, Refused
from domain.kit.personal import mask_phone
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import OFFICIAL_ACCOUNT, Brand
from domain.organizations.queries import Voice, voice, voice_of_brand

VISIT = "weixiu_c_visit"
SIGNATURES_OF_PERSON = (120, 600)
VISITS_OF_ADDRESS = (300, 60)
CONFLICT, OK = 409, 200


def register(door: Blueprint, web: Web) -> None:
    wechat(door, web)
    by_phone(door, web)
    js_sdk(door, web)

    @door.post("/sign-out")
    def sign_out() -> Response:
        web.must_be_our_form()
        with web.at.runtime.transaction() as uow:
            end_session(uow, web.secret)
        return web.drop(go(f"{PATH}/sign-in"))


def account_of(uow: UnitOfWork, brand: str) -> Voice:
    """The official account of the brand with this code; of the first one, where none is named.

    :raises NotFound: see there
    """
    if not brand:
        return voice(uow, kind=OFFICIAL_ACCOUNT)
    codes = {one.code.casefold(): one.id for one in uow.session.scalars(select(Brand))}
    if brand.casefold() not in codes:
        raise NotFound("没有这个品牌")
    return voice_of_brand(uow, codes[brand.casefold()])


def brand_in(to: str) -> str:
    """The brand that a page's address names."""
    _, _, query = to.partition("?")
    return next((part[2:] for part in query.split("&") if part.startswith("b=")), "")


def wechat(door: Blueprint, web: Web) -> None:
    @door.get("/wechat")
    def out() -> Response:
        """The state is bound to this browser by a cookie, holds for ten minutes, and once."""
        if not web.at.limits.may("wechat visits of address", request.remote_addr or "", *VISITS_OF_ADDRESS):
            raise TooMany("操作太频繁了，请过一会儿再试")
        to = own_path(request.args.get("to", ""))
        with web.at.runtime.transaction() as uow:
            account_id = account_of(uow, brand_in(to)).account_id
        visit, cookie = web.visits.begin(to, account_id)
        answer = go(web.wechat.address(account_id, f"{web.at.public_url}{PATH}/wechat/back", visit.state))
        answer.set_cookie(
            VISIT, cookie, max_age=MINUTES * 60, path=f"{PATH}/wechat", secure=web.secure, httponly=True,
            samesite="Lax",
        )  # fmt: skip
        return answer

    @door.get("/wechat/back")
    def back() -> Response:
        to = f"{PATH}/"
        try:
            visit = web.visits.read(request.cookies.get(VISIT, ""))
            to = visit.to
            openid = web.visits.openid(visit, request.args.get("state", ""), request.args.get("code", ""), web.wechat)
            with web.at.runtime.transaction() as uow:
                contact = customers.contact_heard(uow, visit.account_id, openid)
                secret = sessions.open_session(uow, contact)
            answer = web.keep(go(to), secret)
        except SnapshotUser:
            answer = web.page("snapshot.html", 403, to=to)
        except Refused as no:
            answer = web.page("sign_in_failed.html", 403, words=str(no), to=to)
        answer.delete_cookie(VISIT, path=f"{PATH}/wechat", secure=web.secure, httponly=True, samesite="Lax")
        return answer


def by_phone(door: Blueprint, web: Web) -> None:
    def form(to: str, status: int = OK, **words: Any) -> Response:
        with web.at.runtime.transaction() as uow:
            account = account_of(uow, brand_in(to))
        return web.page("sign_in.html", status, to=to, voice=account, there=quote(to, safe="/"), **words)

    @door.get("/sign-in")
    def sign_in_form() -> Response:
        return form(own_path(request.args.get("to", "")))

    @door.post("/sign-in/code")
    def ask_code() -> Response:
        web.must_be_our_form()
        to, typed = own_path(request.form.get("to", "")), request.form.get("number", "")
        try:
            with web.at.runtime.transaction() as uow:
                account = account_of(uow, brand_in(to))
                brand = account.brand_id, account.brand
                my_data.ask_code(web.at, uow, brand, typed, proving.SIGN_IN, request.remote_addr or "")
        except Refused as no:
            return form(to, CONFLICT, refused=str(no), number=typed)
        return form(to, number=my_data.number_in(typed), shown=mask_phone(my_data.number_in(typed)))

    @door.post("/sign-in")
    def sign_in() -> Response:
        web.must_be_our_form()
        to, typed = own_path(request.form.get("to", "")), request.form.get("number", "")
        with web.at.runtime.transaction() as uow:
            brand_id = account_of(uow, brand_in(to)).brand_id
        try:
            secret = my_data.sign_in(web.at, brand_id, dict(request.form), request.remote_addr or "")
        except Refused as no:
            return form(to, CONFLICT, refused=str(no), number=typed, shown=mask_phone(typed))
        return web.keep(go(to), secret)


def js_sdk(door: Blueprint, web: Web) -> None:
    @door.get("/js-sdk")
    def signature() -> Response:
        """What `wx.config` wants for one of our pages."""
        try:
            with web.at.runtime.transaction() as uow:
                person = web.person(uow)
                web.at.count("js-sdk of person", person.key, SIGNATURES_OF_PERSON)
                account_id, now = person.voice.account_id, int(uow.now.timestamp())
            url = request.args.get("url", "")
            web.signer.must_be_ours(url)
            return jsonify(web.signer.signed(account_id, url, now))
        except Unauthorized as no:
            return said(no, 401)
        except TooMany as no:
            return said(no, 429)
        except BadPage as no:
            return said(no, 422)
        except Refused as no:
            return said(no, 503)


def said(no: Refused, status: int) -> Response:
    answer = jsonify(error=no.code, message=str(no))
    answer.status_code = status
    return answer
