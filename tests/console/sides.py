"""Three who must not see each other's: a provider, its neighbour of the same brand, and a stranger of another brand.

Each has a row of every table of `console.rows.ROWS`, put there as it is, with words in it that nobody else's has. A new table
needs a line where its rows hang on more than the names of their columns say: in ``side_….py`` of its subject, or in `WORDS`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, inspect, select

from console.rows import ROWS
from domain.catalog.operations import put_categories
from domain.kit.tables import Table
from domain.kit.unit_of_work import UnitOfWork
from domain.ledger.model import LedgerEntry
from domain.notices.channels import Purpose
from domain.notices.subscriptions_model import SubscriptionTemplate
from domain.organizations.model import Brand
from tests.console.side import Side
from tests.console.side_desk import desk, feedback
from tests.console.side_money import cover, prices
from tests.console.side_network import people, put_brand, put_network
from tests.console.side_orders import dispatch, order, promises


def put_sides(uow: UnitOfWork) -> tuple[Side, Side, Side]:
    """(mine, my neighbour of the same brand, a stranger)."""
    put_categories(uow)
    mine = Side("mine", "柏", "13800010001", 901, "br_a")
    neighbour = Side("near", "槐", "13800020002", 902, "br_a")
    stranger = Side("far", "檀", "13800030003", 903, "br_b")
    for side in (mine, neighbour, stranger):
        if uow.session.get(Brand, side.brand) is None:
            put_brand(uow, side)
        put_network(uow, side)
        for part in (people, order, dispatch, promises, desk, feedback, cover, prices, the_rest):
            part(uow, side)
            for row in side.rows.values():
                uow.session.add(row)
            uow.session.flush()
    return mine, neighbour, stranger


SPLIT = [{"account": "income_service", "party": "", "fen": 100}]
WORDS: dict[str, dict[str, Any]] = {
    "kept_bills": {"place": "bills/x", "key": "k"},
    "ledger_postings": {"debit": "bank", "credit": "income_service"},
    "payables": {"due_fen": 100, "split": SPLIT},
    "payments": {"method": "jsapi", "via": "official_account", "fen": 100},
    "refunds": {"fen": 100, "split": SPLIT},
    "statement_differences": {"kind": "missing_payment"},
    "subscription_templates": {"fields": {}},
}
"""Columns that do not take whatever one puts there, by table."""
HANGS_ON = {
    "visit_id": "vi", "work_order_id": "wo", "engineer_id": "en", "provider_id": "pr", "station_id": "sn", "customer_id": "cu",
    "product_id": "pd", "staff_id": "st", "openid": "op",
}  # fmt: skip


def the_rest(uow: UnitOfWork, side: Side) -> None:
    """A row of every other table, hung on by the names of its columns."""
    order_made = [table.name for table in Table.metadata.sorted_tables]
    for table in sorted(ROWS.keys() - side.rows.keys(), key=lambda one: order_made.index(one.__tablename__)):
        row = table()
        mine = {one.__tablename__: put for one, put in side.rows.items()}
        for column in inspect(table).columns:
            key = next((key for key in column.foreign_keys if key.column.table.name in mine), None)
            if key is not None:
                setattr(row, column.key, getattr(mine[key.column.table.name], key.column.key))
            elif column.key in HANGS_ON:
                setattr(row, column.key, side.id(HANGS_ON[column.key]))
            elif column.key in ("account_id", "brand_id"):
                setattr(row, column.key, f"ac_{side.brand}" if column.key == "account_id" else side.brand)
            elif column.type.python_type is str and not column.nullable and column.default is None:
                setattr(row, column.key, f"{table.__tablename__}_{side.key}")
        for name, word in WORDS.get(table.__tablename__, {}).items():
            setattr(row, name, word)
        if isinstance(row, LedgerEntry):  # what is owed was written down
            row.key = f"owed:payables_{side.key}"
        if isinstance(row, SubscriptionTemplate):  # an account has one a purpose
            row.purpose = list(Purpose)[
                uow.session.scalars(select(func.count()).select_from(SubscriptionTemplate)).one()
            ]
        side.put(row)
        uow.session.add(row)
        uow.session.flush()
