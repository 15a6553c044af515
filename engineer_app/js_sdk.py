"""Signing a page of the app so that WeChat's JS-SDK works on it: scanning with WeChat's own scanner.

Only the app's pages are signed: whoever has a signature for an address may use the account's JS-SDK there.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from domain.engineers.devices import SignedInEngineer
from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import OFFICIAL_ACCOUNT
from domain.organizations.queries import voice
from engineer_app.platform import NoPageTickets, PageTickets
from engineer_app.signing_in import Desk

PAGES = "/e/"
OF_DEVICE = (60, 600)
"""At most so many in so many seconds: a page is signed once when its scanner is first opened."""


class BadPage(Refused):
    """No page of the app."""

    code = "bad_url"


@dataclass(frozen=True)
class PageSigner:
    """``public_url`` is where people reach this server, without a slash at its end."""

    tickets: PageTickets
    public_url: str

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
        """:raises BadPage: it is not an address of the app as a browser has it, or has a fragment"""
        tame = url.isascii() and url.isprintable() and not any(sign in url for sign in '#\\ "<>')
        if not tame or not self.public_url or not f"{url}/".startswith(self.public_url + PAGES):
            raise BadPage("只能用在本应用的页面上")


NO_SIGNER = PageSigner(NoPageTickets(), "")


def official_account(uow: UnitOfWork, desk: Desk, who: SignedInEngineer) -> str:
    """Whose name the pages are signed in.

    :raises TooMany, NotFound: see there
    """
    desk.count("engineer js-sdk", who.device.id, OF_DEVICE)
    return voice(uow, kind=OFFICIAL_ACCOUNT).account_id


def signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """Sorted by name, the values as they are: nothing is encoded."""
    told = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()
