"""Fixtures: a served study, and leaders with phones."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import empty_database
from tests.journeys.server import Forker
from tests.web.browsing import PHONE
from tests.web.sync.house import House, open_house
from tests.web.sync.phone import Phone


@pytest.fixture(scope="session")
def forker() -> Iterator[Forker]:
    """A process that starts servers quickly."""
    made = Forker()
    yield made
    made.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, forker: Forker
) -> Iterator[House]:
    """A served study on each database; each test has leaders of its own."""
    with (
        empty_database(request, tmp_path_factory.mktemp("house") / "data") as settings,
        open_house(settings, forker, 60) as made,
    ):
        yield made


@pytest.fixture
def leo(house: House, browser: Browser) -> Iterator[Phone]:
    """Leo has joined on his phone, and its engine runs."""
    context = browser.new_context(**PHONE)
    yield Phone(context.new_page(), house.gateway, "leo").join(house.codes.pop()).start()
    house.gateway.heal()
    context.close()


@pytest.fixture
def tab() -> Callable[[Phone], Phone]:
    """Open a second tab of a phone."""

    def opened(phone: Phone) -> Phone:
        other = Phone(phone.page.context.new_page(), phone.gateway, phone.name)
        other.participant = phone.participant
        return other.start()

    return opened
