"""The real database: engines with the keyring on them, and timeouts that fit who uses them."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine

from domain.kit.personal import Keyring


def engine(url: str, keyring: Keyring, *, size: int, wait: float = 2.0, statement_ms: int = 30_000) -> Engine:
    """An engine of at most ``size`` connections; ``wait`` seconds for a free one; no statement longer than ``statement_ms``.

    Sizes add up over processes: `adapters.settings` keeps their sum under PostgreSQL's ``max_connections``.
    """
    made = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=wait,
        pool_use_lifo=True,
        hide_parameters=True,  # an error's words would show what a customer said
        connect_args={
            "connect_timeout": 2,
            "prepare_threshold": 3,
            "options": f"-c statement_timeout={statement_ms} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
        },
    )
    made.dialect.keyring = keyring  # type: ignore[attr-defined]
    return made
