"""Every entry that is not sound is refused in a sentence, on its own and in a sync, and nothing is stored."""

import json
from datetime import timedelta
from typing import Any

import pytest

from api.core import clock
from api.core.ids import new_id
from tests.meta.bodies import TINY
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import DECISION, Leader, World, entry_body


def send(leo: Leader, raw: bytes, path: str = "", method: str = "PUT") -> Any:
    """Send bytes as they are."""
    headers = leo.headers | {"Content-Type": "application/json"}
    return leo.client.request(method, path or f"/v1/entries/{new_id()}", content=raw, headers=headers)


def both(leo: Leader, entry: Any) -> list[dict[str, Any]]:
    """Send an entry alone and in a sync; return both problems."""
    raw = json.dumps(entry).encode()
    alone = refused(send(leo, raw), 422, None)
    ops = b'{"ops": [{"op": "put", "id": "%s", "entry": %s}]}' % (str(new_id()).encode(), raw)
    synced = send(leo, ops, "/v1/sync", "POST")
    assert synced.status_code == 200, synced.text
    (result,) = synced.json()["results"]
    assert (result["status"], result["receipt"], synced.json()["changes"]) == (422, None, [])
    assert result["problem"]["type"] == alone["type"]
    return [alone, result["problem"]]


INSTANTS: list[Any] = [
    "yesterday", 1_700_000_000, "1700000000", "1700000000.5", "2026-11-03", "2026-11-03T08:30:00", True, [], {},
    "2026-13-03T08:30:00Z", "2026-11-03T25:30:00Z", "2026-11-03T08:30:00+99:00",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
]  # fmt: skip
WRONG: dict[str, list[Any]] = {
    "happened_at": INSTANTS,
    "made_at": INSTANTS,
    "started_at": INSTANTS,
    "local_date": ["yesterday", 20_000, "1700000000", "2026-02-30", "0001-01-01", "9999-12-31", None],
    "time_zone": ["Mars/Olympus", "", "../../etc/passwd", "Europe/London\x00", 0],
    "version": ["1", 0, -1, 1.5, 2**31, 2**53, True, None],
    "utc_offset": ["0", 841, -841, 2**53, 0.5, None],
    "base_version": ["1", 0, 2**53],
    "kind": [7, "Not a key", "", None, "k" * 64, "no_such_kind"],
    "instrument": [7, "Not a key", "", "key\x00", "key\n"],
    "follows": ["x", 7, "", "018f4c1e"],
    "prompt_id": ["x", 7, []],
    "entered_by": ["nobody", 1, None],
    "input_mode": ["telepathy", 1],
    "answers": [[], "all", 7, None],
    "client": [[], "phone", None],
    "participant_id": [str(new_id())],
    "study_id": [str(new_id())],
    "received_at": ["2026-11-03T08:30:00Z"],
}
CLIENT = {"name": "test", "version": "1"}
FIELDS: list[tuple[dict[str, Any], str]] = [
    *[({field: value}, f"/{field}") for field, values in WRONG.items() for value in values],
    ({"client": CLIENT | {"name": "x" * 201}}, "/client/name"),
    ({"client": CLIENT | {"name": "nul\x00"}}, "/client/name"),
    ({"client": {"name": "test"}}, "/client/version"),
    ({"client": CLIENT | {"imei": "1"}}, "/client/imei"),
]
ANSWERS: list[tuple[dict[str, Any], str]] = [
    ({"confidence": "very"}, "/answers/confidence"),
    ({"confidence": True}, "/answers/confidence"),
    ({"confidence": 101}, "/answers/confidence"),
    ({"confidence": -1}, "/answers/confidence"),
    ({"confidence": 50.5}, "/answers/confidence"),
    ({"confidence": 2**53}, "/answers/confidence"),
    ({"confidence": None}, "/answers/confidence"),
    ({"confidence": [70]}, "/answers/confidence"),
    ({"headline": "nul\x00"}, "/answers/headline"),
    ({"headline": " "}, "/answers/headline"),
    ({"headline": "x" * 141}, "/answers/headline"),
    ({"headline": {"en": "x"}}, "/answers/headline"),
    ({"setting": "on_the_moon"}, "/answers/setting"),
    ({"setting": ["travel"]}, "/answers/setting"),
    ({"lpip_theme": "skills"}, "/answers/lpip_theme"),
    ({"lpip_theme": ["skills", "skills"]}, "/answers/lpip_theme"),
    ({"embargo_until": "2026-02-30"}, "/answers/embargo_until"),
    ({"embargo_until": 7}, "/answers/embargo_until"),
    ({"keep_out": "yes"}, "/answers/keep_out"),
    ({"quotable": "perhaps"}, "/answers/quotable"),
    ({"no_such_question": 1}, "/answers/no_such_question"),
    ({"options_considered": [{"option_label": 7}]}, "/answers/options_considered"),
]


def test_each_wrong_field_is_named(world: World) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        for wrong, pointer in FIELDS:
            for body in both(leo, entry_body() | wrong):
                assert any(place.startswith(pointer) for place in pointers(body)), (wrong, body)


def test_each_missing_field_is_named(world: World) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        for field in entry_body():
            entry = {name: value for name, value in entry_body().items() if name != field}
            assert all(pointers(body) == {f"/{field}"} for body in both(leo, entry))


def test_each_wrong_answer_is_named(world: World) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        for wrong, pointer in ANSWERS:
            for body in both(leo, entry_body(DECISION | wrong)):
                assert all(place.startswith(pointer) for place in pointers(body)), (wrong, body)


def test_what_is_not_an_entry_is_refused(world: World) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        for wrong in ([], "entry", 7, None, True, {}, [entry_body()], {"entry": entry_body()}):
            both(leo, wrong)


def test_an_unknown_version_and_a_draft_are_unknown(world: World) -> None:
    leo = world.join()
    diary = world.olivia.get(f"{world.path}/instruments/place_leadership_diary/1").json()
    assert world.olivia.post(f"{world.path}/instruments", diary | {"version": 2}).status_code == 201
    with nothing_stored(world.engine):
        for wrong in ({"version": 2}, {"version": 3}, {"instrument": "no_such_diary"}):
            for body in both(leo, entry_body(**wrong)):
                assert body["type"] == "urn:daybook:problem:instrument-unknown"
    assert world.olivia.post(f"{world.path}/instruments/place_leadership_diary/2/publish").status_code == 200
    assert leo.keeps(version=2).status_code == 201, "that it was a draft is not remembered"


def test_an_answer_to_an_irrelevant_question_is_refused(world: World) -> None:
    leo = world.join()
    world.olivia.post(f"{world.path}/instruments", TINY)
    world.olivia.post(f"{world.path}/instruments/tiny/1/publish")
    tiny: dict[str, Any] = {"instrument": "tiny", "kind": "check"}
    with nothing_stored(world.engine):
        for body in both(leo, entry_body({"mood": "well", "why": "Long day"}, **tiny)):
            assert pointers(body) == {"/answers/why"}
            assert {error["code"] for error in body["errors"]} == {"irrelevant"}
    assert leo.keeps(answers={"mood": "tired", "why": "Long day"}, **tiny).status_code == 201


def test_times_a_phone_may_have_are_taken_as_they_are(world: World) -> None:
    leo = world.join()
    for at in ("1970-01-01T00:00:00Z", "2026-11-03T08:30:00+13:45", "2026-11-03T08:30:00.123456-10:00"):
        entry = new_id()
        assert leo.keeps(entry, happened_at=at, made_at=at).status_code == 201
        stored = leo.get(f"/v1/entries/{entry}").json()["entry"]
        assert stored["happened_at"] == stored["made_at"] == at
    future = (clock.now() + timedelta(days=400)).isoformat()
    assert leo.keeps(made_at=future).json()["clock_wrong"]


@pytest.mark.parametrize(
    "sent", ["yesterday", "1700000000", "2026-11-03T08:30:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_wrong_clock_header_is_refused(world: World, sent: str) -> None:
    leo = world.join()
    with nothing_stored(world.engine):
        answer = leo.put(f"/v1/entries/{new_id()}", entry_body(), headers={"Daybook-Sent-At": sent})
        refused(answer, 422, "invalid")
