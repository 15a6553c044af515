"""What protects the pages in the browser: cookies, the token against forged requests, headers, small signed notes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from flask import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

SESSION_COOKIE, VISIT_COOKIE, NOTICE_COOKIE = "weixiu_session", "weixiu_visit", "weixiu_notice"
PATH = "/console"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'{streams}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def headers(streams: str) -> dict[str, str]:
    """Those of every page; ``streams`` is where live streams come from when that is another port than ours."""
    return {**HEADERS, "Content-Security-Policy": POLICY.format(streams=f" {streams}" if streams else "")}


@dataclass(frozen=True)
class Guard:
    """The keys and cookie settings of the pages. ``secure`` when the site is reached by https."""

    secret_key: str
    secure: bool

    def token_for(self, request: Request, visit: str = "") -> str:
        """The token a form must bring back: bound to the session, or before sign-in to the visit."""
        holder = request.cookies.get(SESSION_COOKIE) or request.cookies.get(VISIT_COOKIE) or visit
        return hmac.new(self.secret_key.encode(), f"csrf\0{holder}".encode(), hashlib.sha256).hexdigest()

    def is_forged(self, request: Request) -> bool:
        """Whether an unsafe request lacks the token that our own page carries."""
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return False
        if not (request.cookies.get(SESSION_COOKIE) or request.cookies.get(VISIT_COOKIE)):
            return True
        given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
        return not hmac.compare_digest(given.encode(), self.token_for(request).encode())

    def keep(self, response: Response, name: str, value: str, seconds: int | None = None) -> None:
        """Set a cookie no script can read and no other site can send along with a form."""
        response.set_cookie(name, value, max_age=seconds, path=PATH, secure=self.secure, httponly=True, samesite="Lax")

    def drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path=PATH, secure=self.secure, httponly=True, samesite="Lax")

    def new_visit(self) -> str:
        return secrets.token_urlsafe(16)

    def write_notice(self, response: Response, words: str, tone: str) -> None:
        """Words to be shown once on the next page. Signed, so that nobody else can put words there."""
        self.keep(response, NOTICE_COOKIE, self.notes.dumps([tone, words[:300]]), 60)

    def read_notice(self, request: Request) -> tuple[str, str] | None:
        """(tone, words) left by the last request, or None."""
        try:
            tone, words = self.notes.loads(request.cookies.get(NOTICE_COOKIE, ""), max_age=60)
        except BadSignature:
            return None
        return str(tone), str(words)

    @property
    def notes(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_key, salt="console notice")


def own_path(path: str) -> str:
    """Where to go after signing in: only ever a page of ours."""
    return path if path.startswith(f"{PATH}/") and "\\" not in path and "//" not in path else f"{PATH}/"
