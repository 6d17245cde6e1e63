"""The desk at which texts are reviewed."""

import pytest

from tests.personas import World
from tests.releases.review.desk import Desk


@pytest.fixture
def desk(world: World) -> Desk:
    """Rita's desk."""
    return Desk(world)
