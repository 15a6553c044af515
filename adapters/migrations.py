"""Alembic from inside: bringing a database up to date, asking whether it is, drafting the next step.

A new step: change the tables, ``weixiu draft-migration "what it does"``, read and correct what it wrote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from adapters import tables
from adapters.settings import Settings
from domain.kit import partitions

SCRIPTS = Path(__file__).parent.parent / "migrations"
LOCK = 0x57_45_49_58_49_55
"""Number of the advisory lock (``WEIXIU``): two starters must not migrate at once."""

PARTITION = re.compile(r"_(default|\d{4}_\d{2})$")


def wanted(name: str | None, kind: str, parents: Mapping[str, str | None]) -> bool:
    """Partitions belong to the program that makes and drops months, not to the steps."""
    return not (kind == "table" and name is not None and PARTITION.search(name))


def upgrade(settings: Settings) -> None:
    """Bring the configured database up to date, with the partitions of the coming months."""
    upgrade_database(settings.database_url)


def upgrade_database(url: str, *, today: date | None = None) -> None:
    """The same for any database. Harmless to repeat, and to run in two processes at once."""
    tables.import_all()
    with _engine(url).connect() as guard, guard.execution_options(isolation_level="AUTOCOMMIT"):
        guard.execute(text("SELECT pg_advisory_lock(:number)"), {"number": LOCK})
        with _engine(url).begin() as connection:
            step_to(connection, "head")
            partitions.make_months(connection, today or datetime.now(UTC).date())


def step_to(connection: Connection, step: str) -> None:
    """Run the steps up to and with one of them, and nothing else: the months are not made."""
    command.upgrade(_config(connection), step)


def pending(connection: Connection) -> bool:
    """Whether the database lacks steps that this program needs (``/readyz`` says so)."""
    present = MigrationContext.configure(connection).get_current_heads()
    return set(present) != set(ScriptDirectory(str(SCRIPTS)).get_heads())


def draft(settings: Settings, message: str) -> None:
    """Write the step from the database as it is to the tables as they are declared."""
    tables.import_all()
    with _engine(settings.database_url).begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def _engine(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(rev)s_%%(slug)s")
    return config
