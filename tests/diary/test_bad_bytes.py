"""Bytes that are not an entry at all: refused alike, on both databases, and nothing is stored."""

import json
from typing import Any

import pytest

from api.core.ids import new_id
from tests.diary.test_bad_input import send
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import DECISION, Leader, World, entry_body

PLACE = b"@@"
SPOILED = json.dumps(entry_body(DECISION | {"headline": "@@"})).encode()
UNSOUND = {
    "empty": b"",
    "not JSON": b"headline=hello",
    "half": SPOILED[:100],
    "escaped lone surrogate": SPOILED.replace(PLACE, b"\\ud800"),
    "raw lone surrogate": SPOILED.replace(PLACE, b"\xed\xa0\x80"),
    "not UTF-8": SPOILED.replace(PLACE, b"\xff\xfe"),
    "UTF-16": SPOILED.decode().encode("utf-16"),
    "raw NUL": SPOILED.replace(PLACE, b"\x00"),
    "NaN": SPOILED.replace(b'"confidence": 70', b'"confidence": NaN'),
    "huge number": SPOILED.replace(b'"confidence": 70', b'"confidence": 1e400'),
    "long number": SPOILED.replace(b'"confidence": 70', b'"confidence": ' + b"7" * 5_000),
    "deep": SPOILED.replace(b'"@@"', b"[" * 100_000 + b"]" * 100_000),
    "deep and open": b'{"answers":' * 20_000,
    "surrogate as a key": SPOILED.replace(b'"confidence"', b'"\\ud800"'),
}


@pytest.mark.parametrize("kind", UNSOUND)
def test_an_unsound_body_is_refused(world: World, kind: str) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        assert pointers(refused(send(leo, UNSOUND[kind]), 422, "invalid")) == {"/"}
        if kind != "empty":
            ops = b'{"ops": [{"op": "put", "id": "%s", "entry": %s}]}' % (
                str(new_id()).encode(),
                UNSOUND[kind],
            )
            synced = send(leo, ops, "/v1/sync", "POST")
            if synced.status_code == 200:  # sound JSON but for a number: that operation alone is refused
                assert kind == "huge number"
                assert [one["status"] for one in synced.json()["results"]] == [422]
            else:
                refused(synced, 422, "invalid")


def test_an_escaped_nul_is_sound_json_and_is_refused_by_its_question(world: World) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        body = refused(send(leo, SPOILED.replace(PLACE, b"\\u0000")), 422, "invalid")
    assert pointers(body) == {"/answers/headline"}


def test_a_body_over_the_limit_is_a_413(world: World) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        refused(send(leo, b" " * 1_048_577), 413, "body-too-large")
        refused(send(leo, b"[" + b" " * 1_048_576 + b"]", "/v1/sync", "POST"), 413, "body-too-large")


def test_a_sync_over_its_own_limits_is_refused_whole(world: World) -> None:
    leo = world.join()
    ops: list[dict[str, Any]] = [{"op": "put", "id": str(new_id()), "entry": entry_body()} for _ in range(51)]
    with nothing_stored(world.engine):
        assert pointers(refused(leo.post("/v1/sync", {"ops": ops}), 422, "invalid")) == {"/ops"}
        large = json.dumps({"ops": ops[:1]}).encode() + b" " * 262_144
        refused(send(leo, large, "/v1/sync", "POST"), 413, "sync-too-large")
    found = leo.post("/v1/sync", {"ops": ops[:50]}).json()
    assert [one["status"] for one in found["results"]] == [201] * 50


@pytest.mark.parametrize(
    "cursor", ["-1", "x", "", "9" * 19, "9" * 20, 10**18, "1.0", "\u0661", "1\n", [], {}]
)
def test_a_wrong_cursor_is_refused(world: World, cursor: Any) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        assert pointers(refused(leo.post("/v1/sync", {"cursor": cursor}), 422, "invalid")) == {"/cursor"}
    assert leo.post("/v1/sync", {"cursor": "9" * 18}).json()["changes"] == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", f"limit={10**20}", "limit=x", "after=x", "after=1%00"]
)
def test_a_wrong_query_is_refused(world: World, query: str) -> None:
    refused(world.join().get(f"/v1/entries?{query}"), 422, "invalid")


@pytest.mark.parametrize(
    "entry", ["x", "1", "018f4c1e", "%00", "018f4c1e-7a3b-7c4d-8e5f-0123456789ag", "9" * 400]
)
def test_an_id_of_the_wrong_form_is_refused(world: World, entry: str) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        for answer in (leo.keeps(entry), leo.get(f"/v1/entries/{entry}"), leo.delete(f"/v1/entries/{entry}")):  # type: ignore[arg-type]
            assert pointers(refused(answer, 422, "invalid")) == {"/path/entry_id"}


@pytest.mark.parametrize(
    "op",
    [
        None,
        7,
        "put",
        [],
        {},
        {"op": "put"},
        {"op": "put", "id": "x", "entry": {}},
        {"op": "put", "id": 7, "entry": {}},
        {"op": "delete"},
        {"op": "delete", "id": "018f4c1e-7a3b-7c4d-8e5f-0123456789ab", "entry": {}},
        {"op": "erase", "id": "018f4c1e-7a3b-7c4d-8e5f-0123456789ab"},
        {"op": ["put"], "id": "018f4c1e-7a3b-7c4d-8e5f-0123456789ab", "entry": {}},
        {"op": "put", "id": "018f4c1e-7a3b-7c4d-8e5f-0123456789ab", "entry": {}, "force": True},
    ],
)
def test_a_wrong_operation_blocks_no_other(world: World, op: Any) -> None:
    leo: Leader = world.join()
    good = {"op": "put", "id": str(new_id()), "entry": entry_body()}
    results = leo.post("/v1/sync", {"ops": [op, good, op]}).json()["results"]
    assert [one["status"] for one in results] == [422, 201, 422]
    assert results[0]["problem"]["type"] == "urn:daybook:problem:invalid"
