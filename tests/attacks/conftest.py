"""Studies that are attacked again and again: made once for each database, and released afresh by each attack."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.core import db
from api.main import create_app
from tests.attacks.aviary import Aviary, build_aviary
from tests.attacks.diaries import Diaries, build_diaries
from tests.conftest import empty_database
from tests.personas import World


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def lasting_world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A study that outlives a test: whoever attacks it only asks for releases."""
    with empty_database(request, tmp_path_factory.mktemp("attacked") / "data") as settings:
        engine = db.make_engine(settings)
        with TestClient(create_app(settings), base_url="https://testserver") as client:
            yield World(client, engine, settings)
        engine.dispose()


@pytest.fixture(scope="session")
def aviary(lasting_world: World) -> Aviary:
    """Olivia's study with its canaries."""
    return build_aviary(lasting_world)


@pytest.fixture(scope="session")
def diaries(lasting_world: World) -> Diaries:
    """A study of thirty leaders beside Olivia's."""
    return build_diaries(World(lasting_world.client, lasting_world.engine, lasting_world.settings))
