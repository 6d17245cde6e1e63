"""Strangers who guess at codes and tokens are slowed down; a leader is never locked out by them."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.core.config import Settings
from api.core.ids import new_id
from api.main import create_app
from tests.meta.bodies import CONSENT
from tests.meta.shape import refused
from tests.personas import World

WINDOW = 300


def at(world: World, address: str) -> TestClient:
    """Return a client that calls the same service from another place."""
    return TestClient(world.client.app, base_url="https://testserver", client=(address, 40_000))


def joins(client: TestClient, code: str, **kwargs: Any) -> Any:
    return client.post(
        "/v1/join", json={"code": code, "attempt": str(new_id()), "consent": CONSENT}, **kwargs
    )


def refreshes(client: TestClient, token: str, **kwargs: Any) -> Any:
    return client.post("/v1/session/refresh", json={"refresh_token": token}, **kwargs)


def test_a_stranger_guesses_a_hundred_codes_and_no_more_by_either_door(world: World) -> None:
    code, stranger, leader = world.invite(), at(world, "203.0.113.9"), at(world, "198.51.100.1")
    for number in range(50):
        refused(joins(stranger, f"AAAA-BBBB-{number:04}"), 422, "code-not-valid")
        preview = stranger.post("/v1/join/preview", json={"code": f"AAAA-CCCC-{number:04}"})
        refused(preview, 422, "code-not-valid")
    for answer in (joins(stranger, code), stranger.post("/v1/join/preview", json={"code": code})):
        refused(answer, 429, "too-many-attempts")
        assert 0 < int(answer.headers["retry-after"]) <= WINDOW
    assert joins(leader, code).status_code == 201


def test_a_valid_code_may_be_opened_as_often_as_one_likes(world: World) -> None:
    code = world.invite()
    for _ in range(101):
        assert world.client.post("/v1/join/preview", json={"code": code}).status_code == 200
    incomplete = {"code": code, "attempt": str(new_id()), "consent": CONSENT | {"statements": {}}}
    for _ in range(101):
        refused(world.client.post("/v1/join", json=incomplete), 422, "consent-incomplete")
    assert joins(world.client, code).status_code == 201


def test_a_stranger_guesses_at_tokens_and_the_leader_elsewhere_notices_nothing(world: World) -> None:
    leo, stranger = world.join(), at(world, "2001:db8:1:2::9")
    for number in range(300):
        refused(refreshes(stranger, f"dbr_{number}"), 401, "session-ended")
    neighbour = at(world, "2001:db8:1:2:aaaa::1")  # the same household or phone, by another of its addresses
    for client in (stranger, neighbour):
        refused(refreshes(client, leo.refresh_token), 429, "too-many-attempts")
    assert refreshes(at(world, "2001:db8:1:3::9"), leo.refresh_token).status_code == 200


@pytest.fixture
def behind(world: World, settings: Settings) -> Iterator[TestClient]:
    """A client that comes to the same database through a proxy of ours."""
    proxied = settings.model_copy(update={"trusted_proxies": (ip_network("10.0.0.0/8"),)})
    app = create_app(proxied)
    yield TestClient(app, base_url="https://testserver", client=("10.0.0.1", 40_000))
    app.state.engine.dispose()


def test_a_made_up_header_makes_nobody_a_newcomer(world: World, behind: TestClient) -> None:
    code, direct = world.invite(), at(world, "203.0.113.9")
    for number in range(100):
        made_up = f"192.0.2.{number}"
        refused(joins(direct, "AAAA-BBBB-CCCC", headers={"X-Forwarded-For": made_up}), 422, "code-not-valid")
        through = joins(behind, "AAAA-BBBB-CCCC", headers={"X-Forwarded-For": f"{made_up}, 203.0.113.10"})
        refused(through, 422, "code-not-valid")
    fresh = "192.0.2.200"
    refused(joins(direct, code, headers={"X-Forwarded-For": fresh}), 429, "too-many-attempts")
    spoofed = joins(behind, code, headers={"X-Forwarded-For": f"{fresh}, 203.0.113.10"})
    refused(spoofed, 429, "too-many-attempts")
    assert joins(behind, code, headers={"X-Forwarded-For": fresh}).status_code == 201
