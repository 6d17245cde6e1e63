"""Fixtures: two phones that stay as they are for all tests of a file, one whose leader has joined and one new."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.databases import copy_sqlite, make_settings
from tests.web.browsing import PHONE
from tests.web.joining.conftest import served
from tests.web.joining.place import Place
from tests.web.looks.filled import Looked


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Place]:
    """A served study."""
    folder = tmp_path_factory.mktemp("looks") / "data"
    copy_sqlite(migrated_sqlite, folder)
    yield from served(make_settings(folder))


@pytest.fixture(scope="module")
def filled(browser: Browser, place: Place) -> Iterator[Looked]:
    """Leo's phone, with everything on it that there can be."""
    context = browser.new_context(**PHONE)
    phone = Looked(context, place)
    phone.has_joined()
    yield phone.fill()
    context.close()


@pytest.fixture(scope="module")
def new(browser: Browser, place: Place) -> Iterator[Looked]:
    """A phone on which nobody has joined."""
    context = browser.new_context(**PHONE)
    phone = Looked(context, place)
    phone.open()
    yield phone
    context.close()
