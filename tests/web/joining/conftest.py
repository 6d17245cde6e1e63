"""Fixtures: a served study, and Leo's and Mia's phones."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import Engine

from api.core import db
from api.core.config import Settings
from api.main import create_app
from tests.databases import copy_sqlite, make_settings
from tests.web.browsing import PHONE
from tests.web.joining.phone import Phone
from tests.web.joining.place import Place

expect.set_options(timeout=20_000)  # a busy machine is not what these tests are about


def served(settings: Settings, chain: Path | None = None) -> Iterator[Place]:
    """Open a study and serve it."""
    engine: Engine = db.make_engine(settings)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        place = Place(settings, engine, client, chain)
        place.start()
        yield place
        place.stop()
    engine.dispose()


@pytest.fixture
def place(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Place]:
    """A served study."""
    copy_sqlite(migrated_sqlite, tmp_path / "data")
    yield from served(make_settings(tmp_path / "data"))


@pytest.fixture
def either_place(settings: Settings) -> Iterator[Place]:
    """A served study on each database."""
    yield from served(settings)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., Phone]]:
    """A new phone, as often as it is asked for."""
    contexts: list[BrowserContext] = []

    def new(place: Place, **changes: object) -> Phone:
        contexts.append(browser.new_context(**(PHONE | changes)))
        contexts[-1].set_default_timeout(30_000)
        return Phone(contexts[-1], place)

    yield new
    for one in contexts:
        one.close()
