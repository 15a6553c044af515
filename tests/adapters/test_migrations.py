"""The steps in migrations/ lead to the tables as they are declared, whoever starts them and how often."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import NullPool, create_engine

from adapters import embedded, migrations, tables
from domain.kit.tables import Table


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    with embedded.postgres(tmp_path_factory.mktemp("migrations"), fsync=False) as address:
        yield address


def test_two_starters_at_once_migrate_once_and_miss_nothing(url):
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        assert migrations.pending(connection)

    script = f"from adapters import migrations; migrations.upgrade_database({url!r})"
    starters = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(2)]
    assert [starter.communicate(timeout=60)[1] for starter in starters] == [b"", b""]

    with engine.connect() as connection:
        assert not migrations.pending(connection)
        context = MigrationContext.configure(
            connection,
            opts={"include_name": migrations.wanted, "compare_type": True, "target_metadata": Table.metadata},
        )
        tables.import_all()
        assert compare_metadata(context, Table.metadata) == []
