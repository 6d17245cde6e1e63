"""Fixtures of the importers' tests."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.core import db
from api.core.config import Settings
from tests.databases import Postgres, copy_sqlite, make_settings
from tests.importers.files import real_folder
from tests.importers.house import House


@pytest.fixture
def house(engine: Engine, settings: Settings) -> House:
    """An empty house, on both databases."""
    return House(engine, settings)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[House]:
    """A house with the real study in it, imported once; its tests change nothing."""
    folder = real_folder()
    data = tmp_path_factory.mktemp("real")
    with ExitStack() as stack:
        if request.param == "sqlite":
            copy_sqlite(migrated_sqlite, data)
            settings = make_settings(data)
        else:
            server: Postgres = request.getfixturevalue("postgres")
            settings = make_settings(data, stack.enter_context(server.copy()))
        engine = db.make_engine(settings)
        stack.callback(engine.dispose)
        made = House(engine, settings)
        made.study_id, made.report = made.take(
            (folder / "mpath_basic.csv", folder / "mpath_meta.csv"), sharing=True
        )
        yield made
