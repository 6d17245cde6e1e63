"""The people whose entries the tests of releases release."""

import pytest

from tests.personas import Leader, World

SECTORS = ["local_gov", "central_gov", "university_he", "third_sector"]


@pytest.fixture
def leaders(world: World) -> list[Leader]:
    """Sixteen leaders who share, one decision each."""
    profile = {"country": "england", "role_tier": "senior_official", "leader_status": "current"}
    people = [world.join(profile | {"sector": SECTORS[number % 4]}) for number in range(16)]
    for leader in people:
        assert leader.keeps().status_code == 201
    return people
