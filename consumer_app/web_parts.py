"""What the pages run on besides the `Counter`: the cookie, the token against forged forms, templates, headers."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

from apiflask import Schema
from flask import Response, g, make_response, redirect, render_template, request
from marshmallow import EXCLUDE, ValidationError, fields

from consumer_app.counter import Counter, Malformed, TooMany, Unauthorized, must_be_plain
from consumer_app.person import Person, person_of
from domain.access.wechat_pages import PageSigner, Visits, WebAuthorization, tame_path
from domain.customers.sessions import LASTS
from domain.kit.errors import Forbidden
from domain.kit.unit_of_work import UnitOfWork

PATH, PAGES = "/c", "/c/"
SESSION, VISITOR = "weixiu_c", "weixiu_cv"
TOKEN = "token"
JWEIXIN = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"
REPORTS = "https://open.weixin.qq.com"
"""Where WeChat's own script sends how its calls went, as pictures."""
CALLS, POSTS = (600, 60), (60, 60)
"""Pages of one person and forms of one address, in how many seconds: whole towns of phones sit behind one address of a carrier's, but few write."""
IN_WECHAT = ("MicroMessenger",)


View = Callable[..., Response]


class Forged(Forbidden):
    """The form was not ours."""

    code = "forged"


@dataclass(frozen=True)
class Web:
    """``jweixin`` is where WeChat's script is loaded from; ``secure`` when the site is reached by https."""

    at: Counter
    secret_key: str
    secure: bool
    visits: Visits
    wechat: WebAuthorization
    signer: PageSigner
    jweixin: str = JWEIXIN

    # Who is there

    @property
    def secret(self) -> str:
        return request.cookies.get(SESSION, "")

    def person(self, uow: UnitOfWork) -> Person:
        """:raises Unauthorized: nobody is signed in, or with another brand than the address names"""
        person = person_of(uow, self.secret)
        brand = request.args.get("b", "")
        if brand and brand.casefold() != person.voice.brand_code.casefold():
            raise Unauthorized("请重新登录")
        return person

    def has_openid(self, uow: UnitOfWork) -> bool:
        """Whether somebody is signed in who can pay inside WeChat."""
        try:
            return self.person(uow).openid is not None
        except Unauthorized:
            return False

    def keep(self, answer: Response, secret: str) -> Response:
        answer.set_cookie(
            SESSION, secret, max_age=int(LASTS.total_seconds()), path=PATH, secure=self.secure, httponly=True,
            samesite="Lax",
        )  # fmt: skip
        return answer

    def drop(self, answer: Response) -> Response:
        answer.delete_cookie(SESSION, path=PATH, secure=self.secure, httponly=True, samesite="Lax")
        return answer

    # Forged forms

    def token(self) -> str:
        """What a form of this session must bring back; before signing in, of this visitor."""
        said = f"consumer form\0{self.secret or self.visitor()}".encode()
        return hmac.new(self.secret_key.encode(), said, hashlib.sha256).hexdigest()[:40]

    def visitor(self) -> str:
        """A name for a browser in which nobody has signed in, so that nobody else can sign it in."""
        kept = request.cookies.get(VISITOR, "")
        if kept:
            return kept
        if VISITOR not in g:
            setattr(g, VISITOR, secrets.token_urlsafe(16))
        return str(getattr(g, VISITOR))

    def keep_visitor(self, answer: Response) -> Response:
        if VISITOR in g:
            answer.set_cookie(
                VISITOR, getattr(g, VISITOR), path=PATH, secure=self.secure, httponly=True, samesite="Lax"
            )
        return answer

    def must_be_our_form(self) -> None:
        """:raises Forged, TooMany: see there"""
        if not self.at.limits.may("form of address", request.remote_addr or "", *POSTS):
            raise TooMany("操作太频繁了，请过一会儿再试")
        if request.headers.get("Sec-Fetch-Site", "none") in ("cross-site", "same-site"):
            raise Forged("这个操作不是从本页面发出的，请重新打开页面")
        given = request.headers.get("X-Form-Token") or request.form.get(TOKEN, "")
        if not hmac.compare_digest(given.encode(), self.token().encode()):
            raise Forged("页面已过期，请返回重新打开再试")

    # Answers

    def page(self, template: str, status: int = 200, *, person: Person | None = None, **words: Any) -> Response:
        about = {"voice": person.voice, "agreed": person.agreed} if person else {}
        text = render_template(
            f"consumer_app/{template}", token=self.token, jweixin=self.jweixin, **{**about, **words}
        )  # fmt: skip
        return self.keep_visitor(make_response(text, status))

    def signed_in(self, view: View) -> View:
        """A page of whoever is signed in, inside one transaction; anybody else is asked to sign in and comes back."""

        @wraps(view)
        def call(**path: str) -> Response:
            try:
                with self.at.runtime.transaction() as uow:
                    person = self.person(uow)
                    self.at.count("calls of person", person.key, CALLS)
                    return view(person, **path)
            except Unauthorized:
                return to_sign_in()

        return call

    def writes(self, view: View) -> View:
        """A form of whoever is signed in; the words of a refusal are shown by ``view`` again, as ``refused``."""

        @wraps(view)
        def call(**path: str) -> Response:
            self.must_be_our_form()
            try:
                with self.at.runtime.transaction() as uow:
                    return view(self.person(uow), **path)
            except Unauthorized:
                return to_sign_in()

        return call

    def policy(self) -> str:
        """The script of WeChat, and nothing else from elsewhere."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.jweixin))
        reports = f" {REPORTS}" if self.jweixin == JWEIXIN else ""
        sandbox = "" if self.jweixin == JWEIXIN else f" {origin}"
        return (
            f"default-src 'none'; script-src 'self' {origin}; style-src 'self'{sandbox}; font-src 'self' data:; "
            f"img-src 'self' data: blob:{reports}{sandbox}; connect-src 'self'{sandbox}; frame-src 'self'{sandbox}; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )


def go(path: str) -> Response:
    return make_response(redirect(path, 303))


def own_path(wanted: str) -> str:
    """A page of ours, and nothing that a browser could take for another place."""
    return tame_path(wanted, f"{PATH}/", but=f"{PATH}/wechat")


def here() -> str:
    """The page that was asked for, to come back to."""
    path = request.full_path.rstrip("?")
    return own_path(path) if request.method == "GET" else own_path(urlsplit(request.referrer or "").path)


def in_wechat() -> bool:
    """Whether this browser can sign in by WeChat without asking anything."""
    agent = request.headers.get("User-Agent", "")
    return any(word in agent for word in IN_WECHAT)


def to_sign_in() -> Response:
    place = "wechat" if in_wechat() else "sign-in"
    return go(f"{PATH}/{place}?to={quote(here(), safe='/')}")


def given_in(shape: Schema) -> dict[str, Any]:
    """The form as the API's own shape reads it; empty fields are left out.

    :raises Malformed: with words for the first field that is wrong
    """
    said: dict[str, Any] = {}
    must_be_plain(list(request.form.values()))
    for name, field in shape.fields.items():
        values = [one.strip() for one in request.form.getlist(name) if one.strip()]
        if isinstance(field, fields.List):
            said[name] = values
        elif isinstance(field, fields.Dict):
            said[name] = {
                key.partition(".")[2]: value
                for key, value in request.form.items()
                if key.startswith(f"{name}.") and value
            }
        elif values:
            said[name] = values[0]
    return read(shape, said)


def read(shape: Schema, said: dict[str, Any]) -> dict[str, Any]:
    """What a form said as the shape reads it.

    :raises Malformed: with words for the first field that is wrong
    """
    try:
        given: dict[str, Any] = shape.load(said, unknown=EXCLUDE)
    except ValidationError as wrong:
        raise Malformed(words_for(shape, wrong)) from None
    return given


def words_for(shape: Schema, wrong: ValidationError) -> str:
    name = next(iter(wrong.messages_dict))
    field = shape.fields.get(name)
    told = str(field.metadata.get("description", "")) if field else ""
    return f"请核对：{told.partition('；')[0]}" if told else "请核对填写的内容"
