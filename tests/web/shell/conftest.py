"""A service with the client's files in a folder of its own, and Leo's phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.databases import copy_sqlite, make_settings
from tests.web.browsing import PHONE
from tests.web.shell.site import Site


@pytest.fixture
def site(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Site]:
    """A service that a test starts; it is stopped after."""
    copy_sqlite(migrated_sqlite, tmp_path / "data")
    made = Site(make_settings(tmp_path / "data"), tmp_path / "client")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """Leo's phone."""
    context = browser.new_context(**PHONE)
    yield context
    context.close()
