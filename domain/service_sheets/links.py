"""The two ways to a sheet without signing in: the code on the paper, which only says whether it is ours, and the customer's own
signed link, which shows it.

Nothing of a link is kept, nothing of it can be made up: it holds the visit's id and a keyed print of it.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

from sqlalchemy import select

from domain.kit.errors import Refused
from domain.kit.unit_of_work import UnitOfWork
from domain.service_sheets.model import ServiceSheet

VERIFY = "/c/sheet/"
PAGE = "/c/sheets/"
KIND = "see a service sheet"
"""What the print is for: a print made for anything else opens nothing here."""
OPEN_FOR = timedelta(days=365)
"""So long after the last change of the sheet its link opens it; after that the chat is the way."""
CODE = re.compile(r"[0-9A-F]{10}")


class BadLink(Refused):
    """It is no link of ours, or it is over."""

    code = "bad_link"


def path_to_verify(sheet: ServiceSheet) -> str:
    """What the code on the paper leads to."""
    return f"{VERIFY}{sheet.verify_code}"


def sheet_with_code(uow: UnitOfWork, code: str) -> ServiceSheet | None:
    """The sheet with this code, typed or scanned, or None."""
    plain = re.sub(r"[\s-]", "", code).upper()
    if not CODE.fullmatch(plain):
        return None
    return uow.session.scalars(select(ServiceSheet).filter_by(verify_code=plain)).first()


def path_to_sheet(uow: UnitOfWork, sheet: ServiceSheet) -> str:
    """Where the customer looks at it."""
    return f"{PAGE}{sheet.visit_id}.{print_of(uow, sheet.visit_id)}"


def print_of(uow: UnitOfWork, visit_id: str) -> str:
    return uow.keyring.fingerprint(KIND, visit_id)


def sheet_behind(uow: UnitOfWork, token: str) -> ServiceSheet:
    """:raises BadLink: it is no link of ours, or it is over"""
    visit_id, _, given = token.partition(".")
    sheet = uow.session.get(ServiceSheet, visit_id)
    if sheet is None or not hmac.compare_digest(given.encode(), print_of(uow, visit_id).encode()):
        raise BadLink("没有找到这张服务单，请回到公众号里重新打开。")
    if uow.now - sheet.changed_at > OPEN_FOR:
        raise BadLink("这个链接已经过期了。要看服务单，请在公众号里告诉我们。")
    return sheet
