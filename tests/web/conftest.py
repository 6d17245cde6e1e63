"""Fixtures of the phone client: a browser per module of tests, so that its event loop disturbs no other test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browsing import CLIENT, PHONE, chromium, served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    """The client's modules alone, without the API."""
    with served(CLIENT) as address:
        yield address


@pytest.fixture
def blank(browser: Browser, files: str) -> Iterator[Page]:
    """An empty page that can import the client's modules."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(files)
    yield page
    context.close()
