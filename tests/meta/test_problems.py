"""Every failure has one shape, and repeats nothing of what was sent."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.core import crypto, problems
from api.core.ids import new_id
from api.main import create_app
from tests.core.asgi import call
from tests.databases import make_settings
from tests.meta.bodies import TINY
from tests.meta.shape import nothing_stored, refused
from tests.personas import World, entry_body

NOWHERE = {
    "postgresql": "postgresql://nobody@127.0.0.1:1/nothing",
    "sqlite": "",  # the file's place is taken by a folder, see below
}


def test_each_way_to_fail_has_the_one_shape(world: World) -> None:
    leo, client, entry = world.join(), world.client, new_id()
    leo.keeps(entry)
    leo.delete(f"/v1/entries/{entry}")
    diary = "/instruments/place_leadership_diary/1"
    definition = world.olivia.get(world.path + diary).json()
    with nothing_stored(world.engine, but=["audit_event"]):
        refused(client.get("/v1/nothing"), 404, "not-found")
        refused(client.get("/v1/me/"), 404, "not-found")
        refused(client.get("/v1/me"), 401, "unauthenticated")
        refused(world.ana.patch(world.path, {"title": "Mine"}), 403, "forbidden")
        refused(world.olivia.post(f"{world.path}/instruments", definition), 409, "instrument-published")
        refused(leo.keeps(entry), 410, "entry-gone")
        refused(leo.keeps(answers={}), 422, "invalid")
        refused(leo.put("/v1/me/contact", {"name": "x" * 2_000_000}), 413, "body-too-large")


@pytest.mark.parametrize(("path", "offered"), [("/v1/me", "GET"), ("/v1/entries/any", "DELETE, GET, PUT")])
def test_a_405_names_every_method_that_is_offered(client: TestClient, path: str, offered: str) -> None:
    answer = client.patch(path)
    refused(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == offered


def test_a_body_that_never_comes_is_a_408(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, body_deadline=0.05))
    answer = call(app, "POST", "/v1/join", [b'{"code":'], ends=False)
    assert (answer.status_code, answer.headers["content-type"]) == (408, "application/problem+json")
    assert json.loads(answer.body)["type"] == "urn:daybook:problem:body-too-slow"
    app.state.engine.dispose()


def test_a_fault_of_ours_is_a_500_that_tells_nothing(world: World) -> None:
    leo = world.join()
    with world.engine.begin() as connection:
        for table in ("prompt_sending", "prompt", "entry_revision"):
            connection.execute(text(f"DROP TABLE {table}"))
    for answer in (leo.get("/v1/me/prompts"), leo.keeps()):
        body = refused(answer, 500, "unexpected")
        assert body.keys() == {"type", "title", "status", "request_id"}
        assert "prompt" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("kind", NOWHERE)
def test_a_database_that_is_away_is_a_503_with_a_time_to_come_back(kind: str, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, NOWHERE[kind])
    (tmp_path / "daybook.sqlite3").mkdir()
    token = crypto.sign("s" * 40, "access", new_id(), 15, study=str(new_id()), device=str(new_id()))
    leader = {"Authorization": f"Bearer {token}"}
    with TestClient(create_app(settings)) as client:
        for answer in (
            client.get("/v1/me", headers=leader),
            client.get("/v1/studies", headers={"Authorization": "Bearer dbp_anything"}),
            client.put(f"/v1/entries/{new_id()}", json=entry_body(), headers=leader),
            client.delete(f"/v1/entries/{new_id()}", headers=leader),
            client.post("/v1/sync", json={}, headers=leader),
            client.get("/health/ready"),
        ):
            refused(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == "5"
        assert client.get("/health/live").json() == {"status": "ok", "migration": None}


def test_slugs_are_unique_and_titles_are_sentences() -> None:
    kinds = list(problems.all_problems())
    slugs = [kind.slug for kind in kinds]
    assert len(slugs) > 25
    assert len(set(slugs)) == len(slugs)
    for kind in kinds:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug), kind
        assert kind.title[0].isupper(), kind
        assert kind.title.endswith("."), kind
        assert 400 <= kind.status < 600


def test_an_unknown_question_type_is_refused_without_repeating_it(world: World) -> None:
    wrong: dict[str, Any] = TINY | {"questions": [{"type": "CANARY", "key": "mood", "label": {"en": "?"}}]}
    body = refused(world.olivia.post(f"{world.path}/instruments", wrong), 422, "invalid")
    assert body["errors"] == [
        {
            "pointer": "/questions/0",
            "code": "union_tag_invalid",
            "message": "This is none of the known types.",
        }
    ]


@pytest.mark.parametrize(
    "cutoff", ["9999-12-31T23:59:59-14:00", "1700000000", 1_700_000_000, "2026-11-03", "now"]
)
def test_a_release_up_to_no_sound_time_is_refused(world: World, cutoff: Any) -> None:
    wanted = {"recipient": "Dr Researcher", "purpose": "Analysis", "cutoff": cutoff}
    with nothing_stored(world.engine):
        body = refused(world.olivia.post(f"{world.path}/releases", wanted), 422, "invalid")
    assert [error["pointer"] for error in body["errors"]] == ["/cutoff"]
