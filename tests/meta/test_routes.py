"""Every route names its principal or is public, and keeps its word."""

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from api.core.config import Settings
from api.core.ids import new_id
from api.main import create_app
from api.participants.routes import list_participants
from tests.meta.bodies import BODIES
from tests.meta.routing import address, lines, routes, table
from tests.meta.shape import nothing_stored, refused
from tests.personas import Caller, World

LISTED = table()
OF_STUDIES = sorted(route for route in LISTED if "{study_id}" in route)


def call(client: TestClient, route: str, study: Any, token: str | None = None) -> Any:
    method, path = route.split()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.request(method, address(path, study), json=BODIES.get(route), headers=headers)


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


def test_every_route_is_in_the_table_with_its_principal(app: FastAPI) -> None:
    assert lines(routes(app)) == lines(LISTED)


def test_the_walk_finds_every_route_that_the_api_describes(app: FastAPI) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    }
    assert len(described) > 30
    assert routes(app).keys() - described == {"GET /openapi.json"}
    assert described <= routes(app).keys()


def test_a_route_that_loses_its_dependency_is_found() -> None:
    def unprotected(study_id: str) -> None: ...

    path = "GET /v1/studies/{study_id}/participants"
    kept, lost = APIRouter(prefix="/v1"), APIRouter(prefix="/v1")
    kept.get("/studies/{study_id}/participants")(list_participants)
    lost.get("/studies/{study_id}/participants")(unprotected)
    lost.get("/studies/{study_id}/secrets")(unprotected)
    outer = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    outer.include_router(lost)
    assert routes(kept) == {path: LISTED[path]} == {path: "staff participant.read"}
    found = routes(outer)
    assert found == {path: "public", "GET /v1/studies/{study_id}/secrets": "public"}
    assert {route for route, who in found.items() if LISTED.get(route) != who} == found.keys()


def test_every_closed_route_with_a_body_has_a_sound_one_to_send() -> None:
    wanting = {route for route in LISTED if route.startswith(("POST", "PUT", "PATCH"))}
    bodiless = {route for route in wanting if route.endswith(("/publish", "/retire"))}
    assert wanting - bodiless == BODIES.keys()


def test_to_an_outsider_a_study_does_not_exist(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    outsider: Caller = other.olivia
    assert len(OF_STUDIES) > 12
    with nothing_stored(world.engine):
        for route in OF_STUDIES:
            theirs = refused(
                call(world.client, route, world.study_id, outsider.token), 404, "not-found", route
            )
            nowhere = refused(call(world.client, route, new_id(), outsider.token), 404, "not-found", route)
            assert theirs | {"request_id": ""} == nowhere | {"request_id": ""}
    assert outsider.get(other.path).status_code == 200
