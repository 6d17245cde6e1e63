"""The signing key is changed while leaders are signed in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import jwt
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.core.config import Settings
from api.main import create_app
from tests.auth.test_sessions import doors
from tests.meta.shape import refused
from tests.personas import Leader, World

OLD, NEW = "s" * 40, "n" * 40
Restart = Callable[[str, str], TestClient]


@pytest.fixture
def restart(settings: Settings) -> Iterator[Restart]:
    """How to start the service again on the same database with other signing keys."""
    with ExitStack() as stack:

        def start(signing: str, old: str) -> TestClient:
            keys = {"signing_key": SecretStr(signing), "old_signing_keys": SecretStr(old)}
            app = create_app(settings.model_copy(update=keys))
            return stack.enter_context(TestClient(app, base_url="https://testserver"))

        yield start


def named(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def refreshed(leo: Leader) -> Leader:
    answer = leo.client.post("/v1/session/refresh", json={"refresh_token": leo.refresh_token})
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    return Leader(
        leo.client, tokens["access_token"], leo.participant_id, tokens["refresh_token"], leo.device_id
    )


def test_a_new_key_signs_and_the_old_one_is_believed_until_it_is_taken_away(
    world: World, restart: Restart
) -> None:
    leo = world.join()
    leo.client = restart(NEW, f"{OLD} {'p' * 40}")
    assert leo.get("/v1/me").status_code == 200
    renewed = refreshed(leo)
    assert named(renewed.token) != named(leo.token)
    assert renewed.get("/v1/me").status_code == 200
    leo.client = renewed.client = restart(NEW, "")
    for answer in doors(leo):
        refused(answer, 401, "session-ended")
    assert renewed.get("/v1/me").status_code == 200


def test_a_phone_that_slept_through_the_rotation_refreshes_and_goes_on(
    world: World, restart: Restart
) -> None:
    leo = world.join()
    leo.client = restart(NEW, "")
    refused(leo.get("/v1/me"), 401, "session-ended")
    assert refreshed(leo).keeps().status_code == 201


def test_a_process_with_the_old_key_alone_does_not_believe_the_new_one(
    world: World, restart: Restart
) -> None:
    leo = world.join()
    leo.client = restart(NEW, OLD)
    renewed = refreshed(leo)
    renewed.client = world.client
    refused(renewed.get("/v1/me"), 401, "session-ended")


def test_the_name_of_a_key_gives_nothing_of_it_away(world: World) -> None:
    kid = named(world.join().token)
    assert len(kid) == 16
    assert kid not in OLD
    assert int(kid, 16)
