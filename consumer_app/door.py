"""The consumer's pages under /c, given what they run on. A new page is a view here and a template beside the others."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from consumer_app import privacy
from domain.kit.unit_of_work import Runtime

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def blueprint(runtime: Runtime) -> Blueprint:
    """The pages. They need no sign-in: what is on them is for everybody."""
    door = Blueprint(
        "consumer_app", __name__, url_prefix="/c", template_folder="templates", static_folder="static",
        static_url_path="/static",
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

    @door.errorhandler(NotFound)
    def nothing_here(error: NotFound) -> Response:
        return page("gone.html", 404, words="没有找到这个页面，请回到公众号里重新打开。")

    @door.errorhandler(SQLAlchemyError)
    def not_now(error: SQLAlchemyError) -> Response:
        return page("gone.html", 503, words="页面暂时打不开，请过几分钟再试。")

    @door.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    return door


def page(template: str, status: int = 200, **words: object) -> Response:
    return make_response(render_template(f"consumer_app/{template}", **words), status)


def made(response: object) -> Response:
    """Flask's redirect as the response it becomes."""
    return make_response(response)
