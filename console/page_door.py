"""The one policy for every page: who asks, may they, is it our own form, one transaction, words for a refusal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, g, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from console import links, showing
from console.asked import BadFilter
from console.narrowing import lacks_scope, narrow, only_own
from console.network_files import NetworkFiles, NoNetworkFiles
from console.opening import Malformed
from console.prices import NoPriceFiles, PriceFiles
from console.security import NOTICE_COOKIE, PATH, SESSION_COOKIE, VISIT_COOKIE, Guard, headers, own_path
from console.shelves import Shelves
from domain.access import sessions
from domain.access.roles import Permission, may
from domain.access.sessions import SignedIn
from domain.desk import duty
from domain.desk.board import Waiting, count_waiting
from domain.feedback.queries import count_to_answer
from domain.files.store import FileStore, NoStore
from domain.incidents.queries import count_open
from domain.kit.actors import Actor
from domain.kit.errors import Conflict, Forbidden, NotFound, Refused
from domain.kit.strangers import is_plain
from domain.kit.unit_of_work import Runtime, UnitOfWork

log = logging.getLogger("console")

UNATTENDED = "X-Unattended"
"""Header of what a page asks for by itself: it does not keep the session alive."""
LARGEST, LARGEST_WITH_FILE = 256 << 10, 32 << 20
"""Bytes of a form; a page that takes a file says itself how large one may be."""


@dataclass(frozen=True)
class Ask:
    """One request as a view sees it."""

    uow: UnitOfWork
    who: SignedIn | None
    query: MultiDict[str, str]
    form: MultiDict[str, str]
    htmx: bool
    address: str
    """The network address it came from."""
    shelves: Shelves
    error: Refused | None = None
    """Set when a form is shown again because what it asked was refused."""

    @property
    def me(self) -> SignedIn:
        assert self.who is not None, "only a page for anyone is asked by nobody"
        return self.who

    @property
    def by(self) -> Actor:
        return self.me.actor

    def may(self, permission: Permission) -> bool:
        return self.who is not None and may(self.who.staff.role, permission)

    def said(self, name: str) -> str:
        """A field of the form without the blanks around it."""
        return self.form.get(name, "").strip()


@dataclass(frozen=True)
class Page:
    """A whole page."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Part:
    """A piece of a page, for htmx."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Go:
    """On to another page, with words to show there. ``session`` begins one, or with "" ends it."""

    url: str
    notice: str = ""
    tone: str = "good"
    session: str | None = None


@dataclass(frozen=True)
class Fetched:
    """The content of a file, read from the store after the transaction is over: a store may be slow."""

    answer: Callable[[FileStore], Response]


Answer = Page | Part | Go | Response | Fetched
View = Callable[..., Answer]


class PageDoor:
    """Routes that call plain functions ``view(ask, **path fields)`` inside one transaction."""

    def __init__(
        self, runtime: Runtime, guard: Guard, shelves: Shelves, streams: str = "", files: FileStore | None = None
    ) -> None:
        self.runtime, self.guard, self.shelves, self.streams = runtime, guard, shelves, streams
        self.files = files or NoStore()
        self.network_files: NetworkFiles = NoNetworkFiles()
        self.price_files: PriceFiles = NoPriceFiles()
        self.public_url = ""
        """Where people outside reach us: what the codes on paper say."""
        self.blueprint = Blueprint(
            "console", __name__, url_prefix=PATH, template_folder="templates", static_folder="static/built",
            static_url_path="/static",
        )  # fmt: skip
        self.blueprint.register_error_handler(RequestEntityTooLarge, self.too_large)
        self.blueprint.after_request(self.protect)
        for name, show in showing.FILTERS.items():
            self.blueprint.add_app_template_filter(show, name)
        for name, says in links.GLOBALS.items():
            self.blueprint.add_app_template_global(says, name)

    def route(self, method: str, path: str, view: View, *, permission: Permission, again: View | None = None) -> None:
        """``again`` shows the form once more, with ``ask.error``, when the view's transaction was refused."""

        @wraps(view)
        def call(**path_fields: Any) -> Response:
            small_only()
            if not is_plain([path_fields, request.args.to_dict(flat=False), request.form.to_dict(flat=False)]):
                return self.render(None, refusal(422, "内容里有看不见的字符，请重新输入"))
            if self.guard.is_forged(request):
                return self.render(None, refusal(403, "页面已过期，请刷新后再试"))
            try:
                who, answer = self.attempt(view, permission, path_fields, None)
            except Refused as error:
                log.info("refused", extra={"endpoint": request.endpoint, "code": error.code})
                who, answer = self.after_refusal(error, again, permission, path_fields)
            return self.render(who, answer)

        call.permission = permission  # type: ignore[attr-defined]
        name = f"{view.__module__.rsplit('.', 1)[-1]}_{view.__name__}_{method.lower()}"
        self.blueprint.add_url_rule(path, name, call, methods=[method])

    def attempt(
        self, view: View, permission: Permission, path_fields: dict[str, Any], error: Refused | None
    ) -> tuple[Shown | None, Answer]:
        """Run a view in one transaction, if whoever asks may."""
        with self.runtime.transaction() as uow:
            secret = request.cookies.get(SESSION_COOKIE, "")
            attended = UNATTENDED not in request.headers
            who = sessions.who_is(uow, secret, "browser", attended=attended) if secret else None
            if permission is Permission.ANYONE:  # about nobody's rows: whoever signs in anew is looked for among all
                shown = None
            elif who is None:
                return None, sign_in_first()
            elif lacks_scope(who):
                return None, refusal(403, "您的账号还没有指定服务商，请联系管理员")
            else:
                narrow(uow, who)
                shown = Shown.of(uow, who)
            if who and not may(who.staff.role, permission):
                return shown, refusal(403, "您没有权限打开这个页面")
            if who and permission is not Permission.ANYONE and error is None:
                only_own(uow, who, path_fields, request.args.to_dict(flat=False), request.form.to_dict(flat=False))
            ask = Ask(
                uow, who, request.args, request.form, bool(request.headers.get("HX-Request")),
                request.remote_addr or "", self.shelves, error,
            )  # fmt: skip
            return shown, view(ask, **path_fields)

    def after_refusal(
        self, error: Refused, again: View | None, permission: Permission, path_fields: dict[str, Any]
    ) -> tuple[Shown | None, Answer]:
        """A page was refused: its words. A form: the form again, or back to where it was sent from with the words."""
        status = status_of(error)
        if again is not None and not isinstance(error, NotFound):
            try:
                return self.attempt(again, permission, path_fields, error)
            except Refused as second:  # what the form is about is not there, or not this person's to see
                status, error = status_of(second), second
        if request.method == "GET" or request.headers.get("HX-Request"):
            return self.attempt(lambda ask, **_: refusal(status, str(error)), permission, path_fields, error)
        return None, Go(came_from(), str(error), "bad")

    def render(self, who: Shown | None, answer: Answer) -> Response:
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, Go):
            return self.go(answer)
        if isinstance(answer, Fetched):
            return self.fetch(who, answer)
        visit = "" if who or request.cookies.get(VISIT_COOKIE) else self.guard.new_visit()
        values = {
            "shown": who, "streams": self.streams, "csrf_token": self.guard.token_for(request, visit), "path": request.path,
            "notice": self.guard.read_notice(request), "whole": isinstance(answer, Page), **answer.values,
        }  # fmt: skip
        g.shown = who
        status = answer.status if isinstance(answer, Page) else 200
        response = Response(render_template(f"console/{answer.template}", **values), status)
        if visit:
            self.guard.keep(response, VISIT_COOKIE, visit)
        if isinstance(answer, Page) and NOTICE_COOKIE in request.cookies:
            self.guard.drop(response, NOTICE_COOKIE)
        return response

    def fetch(self, who: Shown | None, answer: Fetched) -> Response:
        try:
            return answer.answer(self.files)
        except Exception as error:  # whatever kind of store it is
            log.error("file not read", extra={"error": type(error).__name__})
            return self.render(who, refusal(502, "文件暂时打不开，请稍后再试"))

    def go(self, answer: Go) -> Response:
        """A redirect; htmx is told by header, because it would follow a redirect itself."""
        on = (
            (204, {"HX-Redirect": answer.url}) if request.headers.get("HX-Request") else (303, {"Location": answer.url})
        )
        response = Response("", *on)
        if answer.session:
            self.guard.keep(response, SESSION_COOKIE, answer.session, int(sessions.LONGEST.total_seconds()))
        elif answer.session == "":
            self.guard.drop(response, SESSION_COOKIE)
        if answer.notice:
            self.guard.write_notice(response, answer.notice, answer.tone)
        return response

    def too_large(self, error: RequestEntityTooLarge) -> tuple[Response, int]:
        return self.render(None, refusal(413, "内容太多了，请分几次填")), 413

    def protect(self, response: Response) -> Response:
        """Headers of every page. What shows people's data is never kept by a browser or a proxy."""
        response.headers.extend(headers(self.streams))
        if request.endpoint != "console.static":
            response.headers["Cache-Control"] = "no-store"
        return response


@dataclass(frozen=True)
class Shown:
    """What every page shows of whoever looks at it."""

    name: str
    role: str
    permissions: frozenset[str]
    waiting: Waiting
    """What nobody has claimed."""
    incidents: int
    """Safety incidents nobody has taken."""
    complaints: int
    """Complaints that wait for an answer."""
    on_duty: bool

    @classmethod
    def of(cls, uow: UnitOfWork, who: SignedIn) -> Shown:
        staff = who.staff
        allowed = frozenset(p.value for p in Permission if may(staff.role, p))
        on = duty.is_on(uow, staff.id)
        complaints = count_to_answer(uow) if Permission.COMPLAINTS_WORK in allowed else 0
        return cls(staff.display_name, staff.role, allowed, count_waiting(uow), count_open(uow), complaints, on)


def small_only() -> None:
    request.max_content_length = LARGEST_WITH_FILE if request.mimetype == "multipart/form-data" else LARGEST


def sign_in_first() -> Go:
    """To the sign-in page, and back to the page that was asked for."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" and not request.headers.get("HX-Request") else ""
    return Go(f"{PATH}/sign-in" + (f"?next={quote(wanted)}" if wanted else ""))


def came_from() -> str:
    """The page of ours the form was sent from."""
    return own_path(request.form.get("back") or urlsplit(request.headers.get("Referer", "")).path)


def refusal(status: int, words: str) -> Page:
    if request.headers.get("HX-Request"):
        return Page("refused_part.html", {"words": words}, status)
    return Page("refused.html", {"words": words, "status": status}, status)


def status_of(error: Refused) -> int:
    kinds = ((NotFound, 404), (Forbidden, 403), (Conflict, 409), (BadFilter, 422), (Malformed, 422))
    return next((status for kind, status in kinds if isinstance(error, kind)), 409)
