"""Two full tenants in one database of each kind, made once for the many requests of a module."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.core import db
from api.main import create_app
from tests.access.tenant import Tenant
from tests.databases import Postgres, copy_sqlite, make_settings

Pair = tuple[Tenant, Tenant]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def tenants(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[Pair]:
    """Two studies with every kind of object each; the second has no caller of its own in the tests."""
    folder = tmp_path_factory.mktemp("tenants")
    with ExitStack() as stack:
        if request.param == "sqlite":
            copy_sqlite(migrated_sqlite, folder)
            settings = make_settings(folder)
        else:
            server: Postgres = request.getfixturevalue("postgres")
            settings = make_settings(folder, stack.enter_context(server.copy()))
        engine = db.make_engine(settings)
        stack.callback(engine.dispose)
        client = stack.enter_context(TestClient(create_app(settings), base_url="https://testserver"))
        yield Tenant(client, engine, settings, "Ours"), Tenant(client, engine, settings, "Theirs")
