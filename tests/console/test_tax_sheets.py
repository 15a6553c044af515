"""Spreadsheets of money hold what whoever takes them sees, and nothing of another brand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from console import tax_sheets
from console.rows import ROWS
from domain.access.model import StaffSession
from domain.access.operations import add_staff
from domain.access.roles import StaffRole
from domain.access.sessions import SignedIn
from domain.kit.scope import Scope, Seen, see_only
from domain.kit.unit_of_work import Runtime, UnitOfWork
from domain.ledger.model import LedgerEntry
from domain.payments.papers_model import InvoiceRequest
from tests.console.conftest import BY, PASSWORD
from tests.console.sides import put_sides

EVER = (date(1970, 1, 1), date(2199, 12, 31))


def invoices(uow: UnitOfWork, who: SignedIn) -> bytes:
    return tax_sheets.invoices(uow, "", *EVER, who)


def entries(uow: UnitOfWork, who: SignedIn) -> bytes:
    return tax_sheets.entries(uow, "", *EVER, who)


@pytest.mark.parametrize(
    ("sheet", "column", "of"), [(invoices, -1, InvoiceRequest), (entries, 1, LedgerEntry)], ids=["invoices", "ledger"]
)
def test_another_brand_s_money_is_not_in_it(
    runtime: Runtime, sheet: Callable[[UnitOfWork, SignedIn], bytes], column: int, of: type
) -> None:
    with runtime.transaction() as uow:
        mine, neighbour, stranger = put_sides(uow)
        scope = Scope(brand_id=mine.brand)
        staff = add_staff(
            uow, by=BY, username="clerk", role=StaffRole.SETTLEMENT, password=PASSWORD, scope=scope
        )  # fmt: skip
        who = SignedIn(staff, StaffSession())
        rows = [side.rows[of] for side in (mine, neighbour, stranger)]
        names = [getattr(row, "payable_id", None) or row.id for row in rows]
    with runtime.transaction() as uow:
        see_only(uow.session, Seen(scope, ROWS))
        content = sheet(uow, who)
    found = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    told = {row[column] for row in found}
    assert set(names[:2]) <= told
    assert names[2] not in told
