"""Fixtures: a served study, and leaders with their phones."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.web.browsing import PHONE
from tests.web.joining.conftest import either_place, place
from tests.web.joining.place import Place
from tests.web.journey.diary import Leader

__all__ = ["either_place", "place"]


@pytest.fixture
def leader(browser: Browser) -> Iterator[Callable[..., Leader]]:
    """A leader with a new phone, as often as one is asked for."""
    contexts: list[BrowserContext] = []

    def new(place: Place, **changes: object) -> Leader:
        contexts.append(browser.new_context(**(PHONE | changes)))
        contexts[-1].set_default_timeout(20_000)
        return Leader(contexts[-1], place)

    yield new
    for one in contexts:
        one.close()
