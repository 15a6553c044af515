"""What every door with pages inside WeChat needs: being told who is there, and having a page signed for the JS-SDK.

`adapters.wechat` has the real `WebAuthorization` and `PageTickets`. A door says where its own pages are.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Protocol

from itsdangerous import BadSignature, URLSafeTimedSerializer

from domain.kit.errors import Refused

MINUTES = 10
ONCE = (1, 24 * 3600)
EXPIRED = "微信授权已过期，请重新打开页面"


class CodeRefused(Refused):
    """The platform's code is unknown, used or too old."""

    code = "bad_code"


class SnapshotUser(Refused):
    """WeChat showed the page to a virtual account: whoever it is cannot be known."""

    code = "snapshot_user"


class PlatformAway(Refused):
    """WeChat did not answer, or said that it cannot now."""

    code = "platform_away"


class BadVisit(Refused):
    """Not the browser that went out, or a visit that is over or used."""

    code = "bad_visit"


class BadPage(Refused):
    """No page of the door's."""

    code = "bad_url"


class WebAuthorization(Protocol):
    """Signing in on pages inside WeChat (wechat-protocol §6.3)."""

    def address(self, account_id: str, back: str, state: str) -> str:
        """Where a browser is sent to be told who it is; it comes ``back`` with a code and the state."""

    def openid(self, account_id: str, code: str) -> str:
        """Whose code this is.

        :raises CodeRefused, SnapshotUser, PlatformAway:
        """


class PageTickets(Protocol):
    """What signs pages for WeChat's JS-SDK (wechat-protocol §6.2)."""

    def ticket(self, account_id: str) -> tuple[str, str]:
        """The account's app id, and its jsapi_ticket: a secret that never reaches a browser.

        :raises PlatformAway:
        """


class NoPageTickets:
    """Where there is no WeChat."""

    def ticket(self, account_id: str) -> tuple[str, str]:
        raise PlatformAway("没有连接微信，请用相机扫码，或手工输入")


class Limits(Protocol):
    """Counters of how often somebody does something."""

    def may(self, what: str, who: str, most: int, seconds: int) -> bool:
        """Count one more; False when it is more than ``most`` in ``seconds``."""


@dataclass(frozen=True)
class Visit:
    """Where a browser goes when it comes back, and on whose account it went out."""

    state: str
    to: str
    account_id: str


@dataclass(frozen=True)
class Visits:
    """Out to WeChat and back. The state is bound to the browser by a signed cookie, holds for ten minutes, and once.

    ``name`` tells the doors apart: a visit of one is none of another's.
    """

    secret_key: str
    name: str
    limits: Limits

    @property
    def signed(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_key, salt=f"{self.name} wechat visit")

    def begin(self, to: str, account_id: str) -> tuple[Visit, str]:
        """The visit, and its cookie."""
        visit = Visit(secrets.token_hex(16), to, account_id)
        return visit, str(self.signed.dumps([visit.state, to, account_id]))

    def read(self, cookie: str) -> Visit:
        """:raises BadVisit: there is none, or it is over"""
        try:
            state, to, account_id = self.signed.loads(cookie, max_age=MINUTES * 60)
        except (BadSignature, ValueError, TypeError):
            raise BadVisit(EXPIRED) from None
        return Visit(state, to, account_id)

    def openid(self, visit: Visit, state: str, code: str, wechat: WebAuthorization) -> str:
        """Who came back. Calls the platform: not inside a transaction.

        :raises BadVisit: another browser's state, or a used one; :raises CodeRefused, SnapshotUser, PlatformAway: see there
        """
        same = state.isascii() and secrets.compare_digest(visit.state, state)
        if not same or not self.limits.may(f"{self.name} wechat state", visit.state, *ONCE):
            raise BadVisit(EXPIRED)
        if not code or len(code) > 512:
            raise BadVisit(EXPIRED)
        return wechat.openid(visit.account_id, code)


def tame_path(wanted: str, home: str, *, but: str) -> str:
    """A path under ``home``, and nothing that a browser could take for another place; ``home`` for anything else."""
    tame = wanted.startswith(home) and wanted.isprintable() and len(wanted) <= 300
    if not tame or any(sign in wanted for sign in ("//", "\\", "#", "..", "%2e", "%2E")) or wanted.startswith(but):
        return home
    return wanted


@dataclass(frozen=True)
class PageSigner:
    """Whoever has a signature for an address may use the account's JS-SDK there: only a door's own pages are signed.

    ``public_url`` is where people reach this server, without a slash at its end; ``pages`` where the door's pages begin.
    """

    tickets: PageTickets
    public_url: str
    pages: str

    def signed(self, account_id: str, url: str, timestamp: int) -> dict[str, Any]:
        """What `wx.config` wants. Calls the platform where no ticket is known: not inside a transaction.

        :raises PlatformAway: see there
        """
        app_id, ticket = self.tickets.ticket(account_id)
        nonce = secrets.token_hex(8)
        return {
            "app_id": app_id, "timestamp": timestamp, "nonce": nonce,
            "signature": signature(ticket, nonce, timestamp, url),
        }  # fmt: skip

    def must_be_ours(self, url: str) -> None:
        """:raises BadPage: it is not an address of the door as a browser has it, or has a fragment"""
        tame = url.isascii() and url.isprintable() and not any(sign in url for sign in '#\\ "<>')
        if not tame or not self.public_url or not f"{url}/".startswith(self.public_url + self.pages):
            raise BadPage("只能用在本应用的页面上")


def signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """Sorted by name, the values as they are: nothing is encoded."""
    told = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()
