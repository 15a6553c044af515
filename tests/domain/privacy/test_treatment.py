"""Every table with personal data says what becomes of it when somebody is erased, and nothing is said of tables that are not there."""

from __future__ import annotations

from sqlalchemy import Table as CoreTable

import bot.conversation
from adapters import tables
from domain.kit.tables import Sealed, SealedJson, Table
from domain.privacy.treatment import ERASED, KEPT, OTHERS

PEOPLE = frozenset({"openid", "unionid", "recipient", "sender", "customer_id", "bought_by", "phone_print", "to_openid"})


def is_personal(table: CoreTable) -> bool:
    return any(isinstance(one.type, (Sealed, SealedJson)) or one.name in PEOPLE for one in table.columns)


def test_every_table_with_personal_data_has_one_treatment() -> None:
    tables.import_all()
    assert bot.conversation.Conversation.__tablename__ in ERASED
    personal = {table.name for table in Table.metadata.sorted_tables if is_personal(table)}
    named = [*ERASED, *KEPT, *OTHERS]
    assert sorted(personal - set(named)) == [], "a table needs a line in domain/privacy/treatment.py"
    assert len(named) == len(set(named)), "one treatment each"
    assert set(named) <= {table.name for table in Table.metadata.sorted_tables}
