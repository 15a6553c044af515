"""The service sheet for the customer: the page behind the signed link, its PDF, and what the code on the paper says to anybody.

Looking changes nothing. Whoever types a code learns whether the sheet is ours, not whose it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from domain.files.store import FileStore
from domain.kit.money import Money
from domain.kit.unit_of_work import SHANGHAI, UnitOfWork
from domain.organizations.model import Brand
from domain.pricing.queries import settled_words
from domain.service_sheets.facts import signatures_of
from domain.service_sheets.links import sheet_behind, sheet_with_code
from domain.service_sheets.model import ServiceSheet
from domain.service_sheets.paper import UNSIGNED, VOID, Printed, draw, here, opened, printed_of
from domain.service_sheets.rules import OUTCOMES
from domain.work_orders.kinds import TITLES
from domain.work_orders.model import WorkOrder
from domain.work_orders.numbers import spoken

SHOWN = 8
"""Characters of the hash, to be compared with the paper's."""


@dataclass(frozen=True)
class Verified:
    """What the code says: nothing of the customer."""

    brand: str
    hotline: str
    code: str
    service: str
    date: str
    outcome: str
    hash: str
    standing: str
    holds: bool


def verify(uow: UnitOfWork, code: str) -> Verified | None:
    """None when there is no such sheet of ours."""
    sheet = sheet_with_code(uow, code)
    if sheet is None:
        return None
    order = uow.get(WorkOrder, sheet.work_order_id, called="这张工单")
    brand = uow.get(Brand, order.brand_id, called="品牌")
    standing, holds = how_it_stands(uow, sheet)
    return Verified(
        brand=brand.name, hotline=brand.hotline, code=sheet.verify_code, service=TITLES[order.service_type],
        date=f"{sheet.changed_at.astimezone(SHANGHAI):%Y-%m-%d}",
        outcome=OUTCOMES[sheet.outcome].title if sheet.outcome else "服务中", hash=sheet.hash[:SHOWN], standing=standing,
        holds=holds,
    )  # fmt: skip


def how_it_stands(uow: UnitOfWork, sheet: ServiceSheet) -> tuple[str, bool]:
    """Whether a signature stands under the sheet as it is now, in words."""
    purpose = "receipt" if sheet.outcome == "taken_in" else "sheet"
    signed = [one.hash == sheet.hash for one in signatures_of(uow, sheet.visit_id) if one.purpose == purpose]
    if not signed:
        return UNSIGNED, False
    return ("签名有效，签名之后没有改动", True) if any(signed) else (VOID, False)


@dataclass(frozen=True)
class Shown:
    """The customer's page."""

    printed: Printed
    number: str
    arrived: str
    fees: list[tuple[str, str, str]]
    total: str


def printed_for(uow: UnitOfWork, token: str) -> Printed:
    """As the customer may see it, with whether it is paid.

    :raises BadLink: it is no link of ours, or it is over
    """
    sheet = sheet_behind(uow, token)
    settled = settled_words(uow, sheet.work_order_id, sheet.visit_id)
    return replace(printed_of(uow, sheet, full=False), settled=settled)


def look(uow: UnitOfWork, token: str) -> Shown:
    """:raises BadLink: it is no link of ours, or it is over"""
    printed = printed_for(uow, token)
    fees = [(one.title, str(Money(one.fen)), one.payer) for one in printed.read.fees]
    return Shown(printed, spoken(printed.number), here(printed.arrived_at), fees, str(Money(printed.read.total_fen)))


def paper(uow: UnitOfWork, token: str, public_url: str) -> Callable[[FileStore], bytes]:
    """What draws the PDF when the transaction is over: a store may be slow.

    :raises BadLink: it is no link of ours, or it is over
    """
    printed = printed_for(uow, token)
    return lambda store: draw(printed, opened(store, printed), public_url + printed.verify_path)
