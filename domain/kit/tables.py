"""The SQLAlchemy base and the column types every subject shares: instants, money, sealed personal data.

A table that only grows and is thrown away by age says ``**partitioned_by("at")`` in its ``__table_args__``;
`domain.kit.partitions` makes and drops its months.
"""

from __future__ import annotations

import enum
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, MetaData, Text, TypeDecorator
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from domain.kit.money import Money
from domain.kit.personal import Keyring


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive datetimes on the way in, gives aware UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime reached the database")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)


class Fen(TypeDecorator[Money]):
    """`Money` as a whole number of fen."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.fen

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        return None if value is None else Money(value)


def keyring(dialect: Dialect) -> Keyring:
    """The keyring travels with the engine (`adapters.database` puts it on the dialect): no global state."""
    ring: Keyring = dialect.keyring  # type: ignore[attr-defined]
    return ring


class Sealed(TypeDecorator[str]):
    """Text that is personal: AES-GCM in the database, plain in Python. ``place`` is ``table.column``."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring(dialect).seal(value.encode(), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring(dialect).open(value, self.place).decode()


class SealedJson(TypeDecorator[dict[str, Any]]):
    """A JSON object that holds personal data, sealed as a whole."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return keyring(dialect).seal(json.dumps(value, ensure_ascii=False).encode(), self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        opened: dict[str, Any] = json.loads(keyring(dialect).open(value, self.place))
        return opened


def values(kinds: type[enum.Enum]) -> list[str]:
    return [str(kind.value) for kind in kinds]


class Table(DeclarativeBase):
    """Base of every table. Names of constraints are predictable, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: Instant,
        dict[str, Any]: JSONB,
        list[str]: JSONB,
        list[Any]: JSONB,
        Money: Fen,
        str: Text,
        # Statuses are text: adding one is then no change of the database's types.
        enum.Enum: EnumColumn(enum.Enum, native_enum=False, create_constraint=False, length=40, values_callable=values),
    }


def partitioned_by(column: str, *, aged_by: str | None = None) -> dict[str, Any]:
    """Table arguments for a table partitioned by month over an instant or a date.

    ``aged_by`` tells how old a row is where ``column`` may be odd: for rows in the default partition.
    """
    return {
        "postgresql_partition_by": f"RANGE ({column})",
        "info": {"partitioned_by": column, "aged_by": aged_by or column},
    }
