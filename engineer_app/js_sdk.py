"""Which of the app's pages may be signed for WeChat's JS-SDK, in whose name, and how often: scanning with WeChat's own scanner."""

from __future__ import annotations

from domain.access.wechat_pages import BadPage, NoPageTickets, PageSigner, signature
from domain.engineers.devices import SignedInEngineer
from domain.kit.unit_of_work import UnitOfWork
from domain.organizations.model import OFFICIAL_ACCOUNT
from domain.organizations.queries import voice
from engineer_app.signing_in import Desk

PAGES = "/e/"
OF_DEVICE = (60, 600)
"""At most so many in so many seconds: a page is signed once when its scanner is first opened."""
NO_SIGNER = PageSigner(NoPageTickets(), "", PAGES)


def official_account(uow: UnitOfWork, desk: Desk, who: SignedInEngineer) -> str:
    """Whose name the pages are signed in.

    :raises TooMany, NotFound: see there
    """
    desk.count("engineer js-sdk", who.device.id, OF_DEVICE)
    return voice(uow, kind=OFFICIAL_ACCOUNT).account_id


__all__ = ["NO_SIGNER", "OF_DEVICE", "PAGES", "BadPage", "PageSigner", "official_account", "signature"]
