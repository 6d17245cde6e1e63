"""Fixtures: the client as it is served, on Leah's phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.databases import make_settings
from tests.journeys.server import Forker, Server
from tests.web.about.phone import Phone
from tests.web.browsing import PHONE


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service, for as long as a phone fetches the client; it needs no database for that."""
    forker = Forker()
    server = Server(make_settings(tmp_path_factory.mktemp("about")), forker.launch)
    yield server.start(ready=False).url
    server.stop()
    forker.close()


@pytest.fixture
def phone_of(browser: Browser, address: str) -> Iterator[Callable[..., Phone]]:
    """Give phones with these qualities: Leah has joined on each, and there is no connection."""
    contexts = []

    def made(**qualities: Any) -> Phone:
        contexts.append(browser.new_context(**(PHONE | qualities)))
        return Phone(contexts[-1].new_page(), address).join()

    yield made
    for context in contexts:
        context.close()


@pytest.fixture
def phone(phone_of: Callable[..., Phone]) -> Phone:
    """Leah's phone: 390 pixels wide, in light colours."""
    return phone_of()
