"""Whatever the network, the clocks and the leaders do: phones and server converge, and nothing is lost or doubled."""

from contextlib import suppress

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from api.core.config import Settings
from api.main import create_app
from tests.diary.sync.machine import Lab, Sync
from tests.diary.sync.mutants import MUTANTS
from tests.personas import World

# The same examples every time, so that a red run is red again; more of them find more, for who has the time.
PROFILE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=25,
    stateful_step_count=40,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


FINDING = settings(PROFILE, phases=[Phase.generate])  # found is enough: nobody reads the example


def in_lab(lab: Lab) -> type[Sync]:
    """Return the machine, bound to an application."""
    return type("SyncInLab", (Sync,), {"lab": lab})


def test_phones_and_server_converge(world: World) -> None:
    lab = Lab(world)
    run_state_machine_as_test(in_lab(lab), settings=PROFILE)
    assert lab.broken == []
    assert lab.answers > 500


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_fault_is_found(
    mutant: str, settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTANTS[mutant](monkeypatch)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        lab = Lab(World(client, engine, settings))
        with suppress(Exception):  # how it is told is the library's matter
            run_state_machine_as_test(in_lab(lab), settings=FINDING)
    assert lab.broken
