"""What studies said of their releases before there were policies becomes their policy, and back."""

from typing import Any

from sqlalchemy import Engine, text

from api.core.config import Settings
from tests.databases import downgrade, upgrade
from tests.personas import World
from tests.releases.policy.test_policies import put

OWN: dict[str, Any] = {"quasi_identifiers": ["sector"], "k": 7, "suppression_limit": 0.1}


def test_a_study_s_release_defaults_become_its_policy(
    world: World, settings: Settings, engine: Engine
) -> None:
    usual = World(world.client, engine, settings, "As usual")
    assert put(world, **OWN, dates="week", sensitive=[]).status_code == 200
    downgrade(settings, "0007")
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT count(*) FROM study WHERE release_defaults IS NOT NULL"))
        assert stored.scalar_one() == 2
    upgrade(settings)
    found = world.ana.get(f"{world.path}/disclosure/safeguarded").json()
    assert found.items() >= (OWN | {"dates": "week", "k_reason": None}).items()
    assert usual.ana.get(f"{usual.path}/disclosure/safeguarded").json()["k"] == 5
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM disclosure_policy")).scalar_one() == 1
