"""Leaders for real servers: enrolled before the server starts, so that a journey begins with people in it."""

from fastapi.testclient import TestClient

from api.core import db
from api.core.config import Settings
from api.main import create_app
from tests.personas import Leader, World


def enrol(settings: Settings, count: int) -> list[Leader]:
    """Open a study in an empty database and let leaders join it, each with a device of their own."""
    engine = db.make_engine(settings)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        world = World(client, engine, settings)
        found = [world.join() for _ in range(count)]
    engine.dispose()
    return found
