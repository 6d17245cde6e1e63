"""Every route names its principal or is public, and keeps its word."""

import pytest
from fastapi import APIRouter, FastAPI

from api.core.config import Settings
from api.main import create_app
from api.participants.routes import list_participants
from tests.meta.bodies import BODIES
from tests.meta.routing import lines, routes, table

LISTED = table()
# Pages for people, which the API's description for programs leaves out.
PAGES = {
    f"GET /{path}"
    for path in (
        "",
        "app/{build}/{path}",
        "apple-touch-icon.png",
        "favicon.ico",
        "icons/{name}",
        "manifest.webmanifest",
        "robots.txt",
        "sw.js",
    )
}


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
    assert routes(app).keys() - described == {"GET /openapi.json", *PAGES}
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
    bodiless = {
        route
        for route in wanting
        if route.endswith(
            (
                "/publish",
                "/retire",
                "/end",
                "/authenticator",
                "/recovery-codes",
                "/codes",
                "/device-code",
                "/calendar",
                "}/replay",
                "/dismissal",
                "/confirmed",
                "/opened",
            )
        )
    }
    assert wanting - bodiless == BODIES.keys()
