"""The consumer's pages under /c, given what they run on. A new page is a view here and a template beside the others."""

from __future__ import annotations

import structlog
from apiflask import APIBlueprint
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound

from consumer_app import answering, privacy, sheets, showing
from consumer_app.counter import ConsentNeeded, TooMany, Unauthorized, must_be_plain
from consumer_app.pages import cover, home, mine, money, orders, products, rating, sign_in
from consumer_app.platform import Limits
from consumer_app.web_parts import Forged, Web, to_sign_in
from domain.files.store import FileStore, NoStore
from domain.kit.errors import NotFound as Missing
from domain.kit.errors import Refused
from domain.kit.links import BadLink
from domain.kit.unit_of_work import Runtime

log = structlog.get_logger()

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


ANSWERS = (30, 600)
"""Answers one address may give, in how many seconds; whole towns of phones sit behind one address of a carrier's, but a
link is guessed by nobody."""
LOOKS = (30, 600)
"""Codes and sheets one address may look at, in how many seconds: a code has a million million values, so nobody guesses one."""
LARGEST, TOO_LARGE = 4096, 413
"""Bytes of a form, and the status of one that has more."""


def blueprint(
    runtime: Runtime, limits: Limits | None = None, files: FileStore | None = None, public_url: str = "",
    web: Web | None = None,
) -> Blueprint:  # fmt: skip
    """The pages. Those here need no sign-in: what is on them is for everybody, or for whoever has a signed link. With ``web``
    there are those of signed-in people as well (`consumer_app.pages`).

    Without ``limits`` answers are not counted. ``public_url`` is where the codes on paper lead.
    """
    door = APIBlueprint(
        "consumer_app", __name__, url_prefix="/c", template_folder="templates", static_folder="static",
        static_url_path="/static", enable_openapi=False,
    )  # fmt: skip

    @door.get("/privacy")
    def privacy_notices() -> Response:
        """The only brand's notice, or a choice of brands."""
        with runtime.transaction() as uow:
            brands = privacy.brands(uow)
        if not brands:
            raise NotFound
        if len(brands) == 1:
            return made(redirect(url_for(".privacy_notice", code=brands[0].code)))
        return page("brands.html", brands=brands)

    @door.get("/privacy/<code>")
    def privacy_notice(code: str) -> Response:
        with runtime.transaction() as uow:
            notice = privacy.notice_of(uow, code)
        if notice is None:
            raise NotFound
        return page("privacy.html", notice=notice)

    @door.get("/answer/<token>")
    def question(token: str) -> Response:
        with runtime.transaction() as uow:
            asked = answering.look(uow, token)
        return page("answer.html", question=asked, token=token)

    @door.post("/answer/<token>")
    def answer(token: str) -> Response:
        """No cookie is looked at: only the secret in the address lets anybody answer, so no other site can."""
        request.max_content_length = LARGEST
        if from_elsewhere() or (limits and not limits.may("answer", request.remote_addr or "", *ANSWERS)):
            return page("gone.html", 429, words=OFTEN)
        try:
            with runtime.transaction() as uow:
                words = answering.answer(uow, token, request.form.get("answer", ""))
        except BadLink:
            raise
        except Refused as no:
            with runtime.transaction() as uow:
                asked = answering.look(uow, token)
            return page("answer.html", 409, question=asked, token=token, refused="" if asked.over else str(no))
        return page("answered.html", words=words)

    def too_often() -> bool:
        return limits is not None and not limits.may("sheet", request.remote_addr or "", *LOOKS)

    @door.get("/sheet/<code>")
    def verify(code: str) -> Response:
        """Whether the paper in somebody's hand is ours."""
        if too_often():
            return page("gone.html", 429, words=OFTEN)
        with runtime.transaction() as uow:
            found = sheets.verify(uow, code)
        return page("sheet_verified.html", 200 if found else 404, found=found)

    @door.get("/sheets/<token>")
    def sheet(token: str) -> Response:
        if too_often():
            return page("gone.html", 429, words=OFTEN)
        with runtime.transaction() as uow:
            shown = sheets.look(uow, token)
        return page("sheet.html", shown=shown, sheet=shown.printed, token=token)

    @door.get("/sheets/<token>/sheet.pdf")
    def sheet_pdf(token: str) -> Response:
        if too_often():
            return page("gone.html", 429, words=OFTEN)
        with runtime.transaction() as uow:
            drawn = sheets.paper(uow, token, public_url or request.url_root.rstrip("/"))
        answer = make_response(drawn(files or NoStore()))
        answer.mimetype = "application/pdf"
        answer.headers["Content-Disposition"] = "inline; filename=service-sheet.pdf"
        return answer

    @door.get("/<path:nothing>")
    def unknown(nothing: str) -> Response:
        """An old link, or one that was cut off."""
        raise NotFound

    if web:
        signed_in_pages(door, web)

    @door.errorhandler(BadLink)
    def no_link(error: BadLink) -> Response:
        return page("gone.html", 404, words=str(error))

    @door.errorhandler(NotFound)
    def nothing_here(error: NotFound) -> Response:
        return page("gone.html", 404, words="没有找到这个页面，请回到公众号里重新打开。")

    @door.errorhandler(HTTPException)
    def turned_away(error: HTTPException) -> Response:
        """Too large, or sent as no page of ours sends it."""
        words = "内容太多了，请分几次填。" if error.code == TOO_LARGE else "这个页面不能这样打开，请返回重试。"
        return page("gone.html", error.code or 400, words=words)

    @door.errorhandler(SQLAlchemyError)
    def not_now(error: SQLAlchemyError) -> Response:
        return page("gone.html", 503, words="页面暂时打不开，请过几分钟再试。")

    @door.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        name = (request.endpoint or "").rpartition(".")[2]
        if name not in OPEN:
            if web:
                response.headers["Content-Security-Policy"] = web.policy()
                response.headers["Referrer-Policy"] = "same-origin"
            response.headers.setdefault("Cache-Control", "no-store")
        if name in PRIVATE:
            response.headers["Cache-Control"] = "no-store"
        return response

    return door


def signed_in_pages(door: Blueprint, web: Web) -> None:
    """Those of `consumer_app.pages`, and how a refusal looks on them."""
    showing.register(door)
    for part in (sign_in, home, products, orders, money, rating, cover, mine):
        part.register(door, web)

    @door.errorhandler(Unauthorized)
    def sign_in_first(error: Unauthorized) -> Response:
        return to_sign_in()

    @door.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        log.info("page refused", path=request.path, code=error.code)
        return page("gone.html", STATUS.get(type(error), 409), words=str(error))

    @door.errorhandler(OSError)
    def no_store(error: OSError) -> Response:
        log.exception("file store away", path=request.path)
        return page("gone.html", 503, words="照片暂时打不开，请过几分钟再试。")

    @door.before_request
    def small_only() -> None:
        """A form with photos may be large, anything else is small."""
        must_be_plain([*(request.view_args or {}).values(), *request.args.values()])
        form = request.mimetype == "multipart/form-data"
        request.max_content_length = LARGEST_WITH_PICTURES if form else LARGEST_FORM
        must_be_plain([*request.form.keys(), *request.form.to_dict(flat=False).values()])


STATUS: dict[type[Refused], int] = {
    Forged: 403,
    Missing: 404,
    TooMany: 429,
    ConsentNeeded: 403,
}
PRIVATE = frozenset({"question", "answer", "verify", "sheet", "sheet_pdf"})
OPEN = PRIVATE | {"privacy_notices", "privacy_notice", "static"}
"""Pages without a script, whatever is on them; the others load WeChat's."""
LARGEST_FORM, LARGEST_WITH_PICTURES = 32 << 10, 64 << 20
OFTEN = "操作太频繁了，请过一会儿再试，或在公众号里告诉我们。"


def from_elsewhere() -> bool:
    """Whether a browser says that another site's page has sent the form."""
    return request.headers.get("Sec-Fetch-Site", "none") == "cross-site"


def page(template: str, status: int = 200, **words: object) -> Response:
    return make_response(render_template(f"consumer_app/{template}", **words), status)


def made(response: object) -> Response:
    """Flask's redirect as the response it becomes."""
    return make_response(response)
