"""The table of answers, case by case: 200, 401, 413 or 503, and nothing else."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from api.core import clock
from api.core.config import Settings
from api.core.ids import new_id
from api.main import create_app
from api.webhooks.door import MOST_BYTES
from tests.core.asgi import call
from tests.personas import World
from tests.webhooks.desk import Desk, answered

UNAVAILABLE = (503, "urn:daybook:problem:unavailable")
NOT_PROVEN = (401, "urn:daybook:problem:not-proven")


def heard(answer: Any) -> tuple[int, str]:
    """Return an answer's status and slug; a 503 says when to come back."""
    assert answer.status_code in {200, 401, 413, 503}
    assert (answer.status_code == 503) == ("retry-after" in answer.headers)
    if answer.status_code == 200:
        assert answer.content == b""
        return 200, ""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() == {"type", "title", "status", "request_id"}
    return answer.status_code, answer.json()["type"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_both_spellings_of_the_address_are_the_door(world: World, slash: str) -> None:
    desk, leo = Desk(world), world.join()
    assert heard(desk.post(answered(desk.code(leo)), path=desk.source.path + slash)) == (200, "")
    for method in ("GET", "HEAD"):
        look = world.client.request(method, desk.source.path + slash, follow_redirects=False)
        assert (look.status_code, look.content) == (200, b"")
    assert len(desk.deliveries()) == 1


def test_the_same_post_again_is_answered_the_same_and_stored_once(world: World) -> None:
    desk, leo = Desk(world), world.join()
    body = answered(desk.code(leo))
    assert [heard(desk.post(body)) for _ in range(3)] == [(200, "")] * 3
    desk.work()
    assert heard(desk.post(body)) == (200, "")
    assert desk.work() == 0
    assert desk.statuses() == ["processed"]
    assert len(leo.get("/v1/entries").json()["entries"]) == 1


def test_a_paused_source_asks_the_tool_to_come_back(world: World) -> None:
    desk, leo = Desk(world), world.join()
    body = answered(desk.code(leo))
    assert heard(desk.post(body)) == (200, "")  # the door knows the source as it was before
    desk.is_now("paused")
    assert heard(desk.post(answered(desk.code(leo)))) == UNAVAILABLE
    assert heard(desk.post(body, secret="a wrong one")) == NOT_PROVEN
    desk.is_now("live")
    assert heard(desk.post(answered(desk.code(leo)))) == (200, "")
    assert len(desk.deliveries()) == 2


def test_in_test_mode_all_is_taken_and_nothing_becomes_an_entry_until_it_is_replayed(world: World) -> None:
    desk, leo = Desk(world), world.join()
    desk.is_now("test")
    assert heard(desk.post(answered(desk.code(leo)))) == (200, "")
    desk.work()
    assert desk.ends() == [("ignored", "The source is in test mode: nothing becomes an entry.")]
    desk.is_now("live")
    assert world.olivia.post(f"{world.path}/delivery-replays", {"status": "ignored"}).json() == {"count": 1}
    desk.work()
    assert desk.statuses() == ["processed"]
    assert len(leo.get("/v1/entries").json()["entries"]) == 1


def test_a_secret_is_rotated_in_peace_and_at_most_three_are_live(world: World) -> None:
    desk, leo = Desk(world), world.join()
    code, first = desk.code(leo), desk.source.secret
    assert heard(desk.post(answered(code))) == (200, "")
    second = desk.rotate(keep_old_hours=2)
    assert second["url"] is None
    for secret in (first, second["secret"]):
        assert heard(desk.post(answered(code), secret=secret)) == (200, "")
    with time_machine.travel(clock.now() + timedelta(hours=2, seconds=1)):
        assert heard(desk.post(answered(code), secret=first)) == NOT_PROVEN
        assert heard(desk.post(answered(code), secret=second["secret"])) == (200, "")
    for _ in range(3):
        last = desk.rotate(keep_old_hours=2)
    assert len(last["source"]["secrets"]) == 3
    assert heard(desk.post(answered(code), secret=second["secret"])) == NOT_PROVEN
    only = desk.rotate(keep_old_hours=0)
    assert len(only["source"]["secrets"]) == 1
    assert heard(desk.post(answered(code), secret=last["secret"])) == NOT_PROVEN
    assert heard(desk.post(answered(code), secret=only["secret"])) == (200, "")


def test_a_new_address_makes_the_old_one_worthless_at_once(world: World) -> None:
    desk, leo = Desk(world), world.join()
    code, old = desk.code(leo), desk.source.path
    assert heard(desk.post(answered(code))) == (200, "")
    made = desk.rotate(new_address=True)
    new = "/v1/hooks/" + made["url"].split("/v1/hooks/")[1]
    assert heard(desk.post(answered(code), path=old)) == NOT_PROVEN
    assert heard(desk.post(answered(code), path=new)) == (200, "")


def test_what_is_too_large_is_refused_and_noted_without_its_body(world: World) -> None:
    desk, leo = Desk(world), world.join()
    code = desk.code(leo)
    fitting = answered(code)
    fitting["padding"] = "x" * (MOST_BYTES - len(json.dumps(fitting | {"padding": ""})))
    assert len(json.dumps(fitting)) == MOST_BYTES
    assert heard(desk.post(fitting)) == (200, "")
    assert heard(desk.post(fitting | {"more": 1})) == (413, "urn:daybook:problem:delivery-too-large")
    pieces = (b"x" * 65_536 for _ in range(100))  # chunked: no length is declared
    assert heard(world.client.post(desk.source.path, content=pieces))[0] == 413
    assert heard(world.client.post(desk.source.path + "wrong", content=b"x" * 2_000_000)) == NOT_PROVEN
    kept = [(one.status.value, one.raw is None, one.size > MOST_BYTES) for one in desk.deliveries()]
    assert kept == [("received", False, False), ("dead", True, True), ("dead", True, True)]
    assert "larger" in str(desk.deliveries()[1].reason)


BAD = {
    "not JSON": b"<xml/>",
    "empty": b"",
    "broken": b'{"event_type": "form_response", "form_response": {"token": "He said "no""}}',
    "truncated": b'{"event_type": "form_response", "form_response": {',
    "NaN": b'{"event_type": "form_response", "form_response": {"token": "t", "answers": [NaN]}}',
    "a long number": b'{"event_type": "form_response", "n": ' + b"9" * 5_000 + b"}",
    "deep": b"[" * 100_000,
    "duplicate keys": b'{"event_type": "x", "event_type": "form_response", "form_response": {}}',
    "NUL": b'{"event_type": "form_response", "form_response": {"token": "t\\u0000", "form_id": "f"}}',
    "a lone surrogate": b'{"event_type": "form_response", "form_response": {"token": "\\ud800", "form_id": "f"}}',
    "not UTF-8": b'{"event_type": "\xff\xfe"}',
    "no submission": b'{"event_type": "form_response", "form_response": {"form_id": "f"}}',
    "a long id": b'{"event_type": "form_response", "form_response": {"form_id": "f", "token": "%s"}}'
    % (b"t" * 900),
}


def test_bad_input_that_is_proven_is_kept_for_a_person_and_never_an_entry(world: World) -> None:
    desk = Desk(world)
    for name, body in BAD.items():
        assert heard(desk.post(body)) == (200, ""), name
        assert heard(desk.post(body, secret="a wrong one")) == NOT_PROVEN, name
    assert desk.work() == len(BAD)
    ends = dict(zip(BAD, desk.ends(), strict=True))
    assert {status for status, _ in ends.values()} <= {"quarantined", "ignored"}, ends
    assert all(reason and reason[0].isupper() for _, reason in ends.values()), ends
    assert [one.raw for one in desk.deliveries()] == [*BAD.values()]


def test_a_compressed_post_is_kept_for_a_person(world: World) -> None:
    desk, leo = Desk(world), world.join()
    raw = gzip.compress(json.dumps(answered(desk.code(leo))).encode())
    sent = desk.sender.made(raw, desk.source.secret)
    headers = {**sent.headers, "content-encoding": "gzip", "content-type": "application/json"}
    assert heard(world.client.post(desk.source.path, content=raw, headers=headers)) == (200, "")
    desk.work()
    assert desk.ends() == [("quarantined", "It was sent compressed. Turn compression off in the tool.")]


def test_a_full_inbox_asks_the_tool_to_come_back(settings: Settings, engine: Engine) -> None:
    with small(settings, inbox_waiting=1) as client:
        world = World(client, engine, settings)
        desk, leo = Desk(world), world.join()
        code = desk.code(leo)
        assert heard(desk.post(answered(code))) == (200, "")
        with time_machine.travel(clock.now() + timedelta(seconds=2)):
            assert heard(desk.post(answered(code))) == UNAVAILABLE
    assert len(desk.deliveries()) == 1


def test_what_nobody_foresaw_is_a_503(world: World) -> None:
    desk, leo = Desk(world), world.join()
    body, app = answered(desk.code(leo)), world.client.app
    assert isinstance(app, FastAPI)
    sound, app.state.inbox = app.state.inbox, None
    assert heard(desk.post(body)) == UNAVAILABLE
    app.state.inbox = sound
    assert heard(desk.post(body)) == (200, "")


def test_a_body_that_never_ends_is_a_503(settings: Settings) -> None:
    with small(settings, body_deadline=0.1) as client:
        app: Any = client.app
        answer = call(app, "POST", f"/v1/hooks/{new_id()}/dbh_x", [b"{"], ends=False)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_an_address_alone_opens_the_door_of_the_tools_that_have_no_other_proof(world: World) -> None:
    desk = Desk(world)
    for tool, wanted in (("redcap", (200, "")), ("odk_odata", NOT_PROVEN)):  # one posts, one is asked
        made = world.olivia.post(f"{world.path}/sources", {"tool": tool, "name": "A"}).json()
        assert made["secret"] is None
        path = "/v1/hooks/" + made["url"].split("/v1/hooks/")[1]
        assert heard(world.client.post(path, content=b'{"value": []}')) == wanted
    assert desk.deliveries() == []


def small(settings: Settings, **changes: Any) -> TestClient:
    """Return an application with other settings."""
    return TestClient(create_app(settings.model_copy(update=changes)), base_url="https://testserver")
