"""Fixtures: everything runs on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.core import db
from api.core.config import Settings
from api.main import create_app
from tests import canaries, collecting, hashing, memory, one_build, one_step
from tests.databases import Postgres, copy_sqlite, make_settings, own_postgres, sqlite_template
from tests.personas import World


def pytest_configure(config: pytest.Config) -> None:
    """Watch the whole suite for what must not be told; hash its passwords cheaply, and keep its files in memory."""
    canaries.install(config)
    hashing.cheapen()
    memory.use()
    one_step.hurry()
    one_build.share()


def pytest_collection_finish() -> None:
    """Everything is imported now, and stays."""
    collecting.seldom()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with own_postgres() as made:
        yield made


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("sqlite"))


@contextmanager
def empty_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[Settings]:
    """Give settings of a migrated, empty database of the kind that a fixture asks for."""
    if request.param == "sqlite":
        copy_sqlite(request.getfixturevalue("migrated_sqlite"), folder)
        yield make_settings(folder)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        with server.copy() as url:
            yield make_settings(folder, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a migrated, empty database of each kind."""
    with empty_database(request, tmp_path / "data") as made:
        yield made


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = db.make_engine(settings)
    yield made
    made.dispose()


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """The whole application, without a worker."""
    with TestClient(create_app(settings), base_url="https://testserver") as made:
        yield made


@pytest.fixture
def world(client: TestClient, engine: Engine, settings: Settings) -> World:
    """A study with its people."""
    return World(client, engine, settings)
