"""Leo's entries reach the server exactly once."""

from datetime import timedelta

import time_machine

from api.core import clock
from api.core.ids import new_id
from tests.personas import DECISION, World, entry_body


def test_an_entry_is_stored_and_a_repeat_gets_the_same_receipt(world: World) -> None:
    leo, entry, body = world.join(), new_id(), entry_body()
    first = leo.put(f"/v1/entries/{entry}", body)
    again = leo.put(f"/v1/entries/{entry}", body)
    assert (first.status_code, again.status_code) == (201, 200), first.text
    assert first.json() == again.json()
    assert first.json()["version"] == 1
    assert leo.get(f"/v1/entries/{entry}").json()["entry"]["answers"] == DECISION
    assert len(leo.get("/v1/entries").json()["entries"]) == 1


def test_an_edit_makes_a_revision_and_the_first_body_still_has_its_receipt(world: World) -> None:
    leo, entry, body = world.join(), new_id(), entry_body()
    first = leo.put(f"/v1/entries/{entry}", body).json()
    edited = body | {"answers": DECISION | {"confidence": 40}, "base_version": 1}
    second = leo.put(f"/v1/entries/{entry}", edited)
    assert (second.status_code, second.json()["version"]) == (200, 2)
    assert leo.put(f"/v1/entries/{entry}", body).json() == first
    assert leo.get(f"/v1/entries/{entry}").json()["entry"]["answers"]["confidence"] == 40


def test_an_edit_of_an_old_version_gets_the_stored_copy(world: World) -> None:
    leo, entry, body = world.join(), new_id(), entry_body()
    leo.put(f"/v1/entries/{entry}", body)
    leo.put(f"/v1/entries/{entry}", body | {"answers": DECISION | {"confidence": 40}, "base_version": 1})
    late = leo.put(
        f"/v1/entries/{entry}", body | {"answers": DECISION | {"confidence": 10}, "base_version": 1}
    )
    assert late.status_code == 409
    assert late.json()["type"] == "urn:daybook:problem:entry-conflict"
    assert late.json()["stored"]["entry"]["answers"]["confidence"] == 40


def test_the_edit_window_ends(world: World) -> None:
    leo, entry, body = world.join(), new_id(), entry_body()
    leo.put(f"/v1/entries/{entry}", body)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        tokens = leo.client.post("/v1/session/refresh", json={"refresh_token": leo.refresh_token}).json()
        leo.token = tokens["access_token"]
        late = leo.put(f"/v1/entries/{entry}", body | {"base_version": 1})
        assert (late.status_code, late.json()["type"]) == (403, "urn:daybook:problem:edit-window-over")
        assert leo.put(f"/v1/entries/{entry}", body).status_code == 200
        assert leo.delete(f"/v1/entries/{entry}").status_code == 403


def test_a_deleted_entry_is_gone_for_ever(world: World) -> None:
    leo, entry, body = world.join(), new_id(), entry_body()
    leo.put(f"/v1/entries/{entry}", body)
    assert leo.delete(f"/v1/entries/{entry}").status_code == 204
    assert leo.delete(f"/v1/entries/{entry}").status_code == 204
    assert leo.put(f"/v1/entries/{entry}", body).status_code == 410
    assert leo.get(f"/v1/entries/{entry}").status_code == 410


def test_another_leaders_entry_does_not_exist(world: World) -> None:
    leo, lena, entry = world.join(), world.join(), new_id()
    leo.keeps(entry)
    nothing = lena.get(f"/v1/entries/{new_id()}")
    for answer in (lena.keeps(entry), lena.get(f"/v1/entries/{entry}"), lena.delete(f"/v1/entries/{entry}")):
        assert answer.status_code == 404
        assert answer.json() | {"request_id": ""} == nothing.json() | {"request_id": ""}
    assert leo.get(f"/v1/entries/{entry}").status_code == 200


def test_one_bad_entry_never_blocks_the_others(world: World) -> None:
    leo = world.join()
    good, bad, other = new_id(), new_id(), new_id()
    ops = [
        {"op": "put", "id": str(good), "entry": entry_body()},
        {"op": "put", "id": str(bad), "entry": entry_body({"confidence": "very"})},
        {"op": "nonsense"},
        {"op": "put", "id": str(other), "entry": entry_body()},
        {"op": "delete", "id": str(other)},
    ]
    answer = leo.post("/v1/sync", {"ops": ops})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [result["status"] for result in found["results"]] == [201, 422, 422, 201, 204]
    assert "very" not in answer.text
    assert [change["id"] for change in found["changes"]] == [str(other)]
    again = leo.post("/v1/sync", {"ops": ops[:1], "cursor": found["cursor"]}).json()
    assert (again["results"][0]["status"], again["changes"], again["cursor"]) == (200, [], found["cursor"])


def test_a_second_phone_learns_what_the_first_sent(world: World) -> None:
    leo, entry = world.join(), new_id()
    start = leo.post("/v1/sync", {}).json()["cursor"]
    leo.keeps(entry)
    news = leo.post("/v1/sync", {"cursor": start}).json()
    assert [change["id"] for change in news["changes"]] == [str(entry)]
    leo.delete(f"/v1/entries/{entry}")
    later = leo.post("/v1/sync", {"cursor": news["cursor"]}).json()
    assert [(change["id"], change["deleted"]) for change in later["changes"]] == [(str(entry), True)]


def test_a_wrong_clock_is_noted_and_nothing_rewritten(world: World) -> None:
    leo, entry, body = world.join(), new_id(), entry_body()
    sent = (clock.now() + timedelta(hours=2)).isoformat()
    receipt = leo.put(f"/v1/entries/{entry}", body, headers={"Daybook-Sent-At": sent}).json()
    assert receipt["clock_wrong"]
    assert abs(receipt["skew_ms"] - 7_200_000) < 60_000
    stored = leo.get(f"/v1/entries/{entry}").json()["entry"]
    assert stored["made_at"].replace("Z", "+00:00") == body["made_at"]
