"""The app's pages under /e: the built shell for every path of the app, its worker and files, and signing in by WeChat.

There is nothing personal in them: the app asks the API for everything. What Vite builds lies in ``static/built``.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, request, send_from_directory
from werkzeug.exceptions import NotFound as NoPage

from domain.access.wechat_pages import MINUTES, Visits, tame_path
from domain.kit.errors import NotFound, Refused
from domain.organizations.model import OFFICIAL_ACCOUNT
from domain.organizations.queries import voice
from engineer_app.platform import WebAuthorization
from engineer_app.signing_in import Desk

BUILT = Path(__file__).parent / "static/built"
PATH = "/e"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""``wasm-unsafe-eval`` is for the reader of bar codes, a WebAssembly module of our own origin."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}
VISIT = "weixiu_engineer_visit"
NOT_BUILT = "应用还没有构建：请运行 make assets。"


def blueprint(
    desk: Desk, wechat: WebAuthorization, *, public_url: str, secure_cookies: bool, built: Path = BUILT
) -> Blueprint:
    """The pages; ``public_url`` is where WeChat sends people back to."""
    door = Blueprint("engineer_app", __name__, url_prefix=PATH)
    files(door, built)
    authorization(door, desk, wechat, public_url, secure_cookies)

    @door.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    return door


def files(door: Blueprint, built: Path) -> None:
    """The shell and what it loads. Names under ``assets/`` carry a hash of what is in them."""

    @door.get("/")
    @door.get("/<path:path>")
    def shell(path: str = "") -> Response:
        if not (built / "index.html").is_file():
            return make_response((NOT_BUILT, 503, {"Content-Type": "text/plain; charset=utf-8"}))
        return asked_again(send_from_directory(built, "index.html"))

    @door.get("/sw.js")
    def worker() -> Response:
        answer = asked_again(found(built, "sw.js"))
        answer.headers["Service-Worker-Allowed"] = f"{PATH}/"
        return answer

    @door.get("/manifest.webmanifest")
    def manifest() -> Response:
        answer = asked_again(found(built, "manifest.webmanifest"))
        answer.mimetype = "application/manifest+json"
        return answer

    @door.get("/static/<path:name>")
    def asset(name: str) -> Response:
        answer = found(built, name)
        if name.startswith("assets/"):
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            return answer
        return asked_again(answer)


def found(built: Path, name: str) -> Response:
    """:raises NotFound (of werkzeug): there is no such file"""
    return send_from_directory(built, name)


def asked_again(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def authorization(door: Blueprint, desk: Desk, wechat: WebAuthorization, public_url: str, secure_cookies: bool) -> None:
    """Out to WeChat and back."""
    visits = Visits(desk.secret_key, "engineer", desk.limits)

    @door.get("/wechat")
    def out() -> Response:
        with desk.runtime.transaction() as uow:
            account_id = voice(uow, kind=OFFICIAL_ACCOUNT).account_id
        visit, cookie = visits.begin(own_path(request.args.get("to", "")), account_id)
        answer = leave(wechat.address(account_id, f"{public_url}{PATH}/wechat/back", visit.state))
        answer.set_cookie(
            VISIT, cookie, max_age=MINUTES * 60, path=f"{PATH}/wechat", secure=secure_cookies, httponly=True,
            samesite="Lax",
        )  # fmt: skip
        return answer

    @door.get("/wechat/back")
    def back() -> Response:
        to = f"{PATH}/"
        try:
            visit = visits.read(request.cookies.get(VISIT, ""))
            to = visit.to
            openid = visits.openid(visit, request.args.get("state", ""), request.args.get("code", ""), wechat)
            answer = leave(f"{to}#wechat={desk.ticket_for(visit.account_id, openid)}")
        except Refused as no:
            answer = leave(f"{to}#wechat_error={quote(str(no))}")
        answer.delete_cookie(VISIT, path=f"{PATH}/wechat", secure=secure_cookies, httponly=True, samesite="Lax")
        return answer

    @door.errorhandler(NotFound)
    def no_account(error: NotFound) -> Response:
        return leave(f"{PATH}/#wechat_error={quote(str(error))}")

    @door.errorhandler(NoPage)
    def no_page(error: NoPage) -> Response:
        return make_response(("没有这个文件", 404, {"Content-Type": "text/plain; charset=utf-8"}))


def own_path(wanted: str) -> str:
    """A path of the app, and nothing that a browser could take for another place."""
    return tame_path(wanted, f"{PATH}/", but=f"{PATH}/wechat")


def leave(url: str) -> Response:
    answer = make_response(redirect(url))
    answer.headers["Cache-Control"] = "no-store"
    return answer
