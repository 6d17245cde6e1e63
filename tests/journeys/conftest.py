"""Fixtures of the journeys: real processes over TCP."""

from collections.abc import Iterator

import pytest

from api.core.config import Settings
from tests.journeys.server import Forker, Server


@pytest.fixture(scope="session")
def forker() -> Iterator[Forker]:
    """A process that starts servers quickly."""
    made = Forker()
    yield made
    made.close()


@pytest.fixture
def server(settings: Settings, forker: Forker) -> Iterator[Server]:
    """The real server, on each database, ready to serve."""
    with Server(settings, forker.launch) as running:
        yield running
