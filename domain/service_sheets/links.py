"""The two ways to a sheet without signing in: the code on the paper, which only says whether it is ours, and the customer's own
signed link, which shows it.
"""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from domain.kit.links import BadLink, SignedLink
from domain.kit.unit_of_work import UnitOfWork
from domain.service_sheets.model import ServiceSheet

VERIFY = "/c/sheet/"
SEE = SignedLink("see a service sheet", "/c/sheets/", ServiceSheet, lambda _, sheet: (sheet.visit_id,), "这张服务单")
OPEN_FOR = timedelta(days=365)
"""So long after the last change of the sheet its link opens it; after that the chat is the way."""
CODE = re.compile(r"[0-9A-F]{10}")


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
    return SEE.path_to(uow, sheet)


def sheet_behind(uow: UnitOfWork, token: str) -> ServiceSheet:
    """:raises BadLink: it is no link of ours, or it is over"""
    sheet = SEE.behind(uow, token)
    if uow.now - sheet.changed_at > OPEN_FOR:
        raise BadLink("这个链接已经过期了。要看服务单，请在公众号里告诉我们。")
    return sheet
