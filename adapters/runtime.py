"""Building the runtime: the only place that knows which database, clock, ids and keys are real."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import sessionmaker
from ulid import ULID

from adapters import database
from adapters.settings import Settings
from domain.kit.personal import Keyring
from domain.kit.unit_of_work import Runtime


def now() -> datetime:
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """``wo_01jd…``: readable in logs, ordered by time for the index, unguessable (80 random bits)."""
    return f"{prefix}_{str(ULID()).lower()}"


def build(settings: Settings, *, connections: int = 5, statement_ms: int = 30_000) -> Runtime:
    """A runtime on the configured database, of at most ``connections`` connections in this process."""
    keyring = Keyring.parse(settings.data_key, settings.index_key)
    engine = database.engine(settings.database_url, keyring, size=connections, statement_ms=statement_ms)
    return Runtime(sessionmaker(engine, expire_on_commit=False), now, new_id, keyring)
