"""Entries of people and studies that have ended, and links to what is another's."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from api.core import clock, db
from api.core.ids import new_id
from api.diary.models import Entry
from tests.meta.shape import contents, nothing_stored, refused
from tests.personas import DECISION, World, entry_body


def test_a_closed_study_takes_what_was_made_before_and_nothing_made_after(world: World) -> None:
    leo, mine, edited = world.join(), new_id(), new_id()
    body = entry_body()
    leo.put(f"/v1/entries/{edited}", body)
    before = clock.now()
    assert world.olivia.post(f"{world.path}/status", {"status": "closed"}).status_code == 200
    with time_machine.travel(clock.now() + timedelta(seconds=2)):
        after = entry_body(made_at=clock.now().isoformat())
        with nothing_stored(world.engine):
            refused(leo.put(f"/v1/entries/{new_id()}", after), 403, "study-closed")
            refused(leo.put(f"/v1/entries/{edited}", after | {"base_version": 1}), 403, "study-closed")
            ops = [{"op": "put", "id": str(new_id()), "entry": after}]
            (result,) = leo.post("/v1/sync", {"ops": ops}).json()["results"]
            assert (result["status"], result["problem"]["type"]) == (403, "urn:daybook:problem:study-closed")
            assert leo.put(f"/v1/entries/{edited}", body).status_code == 200, "its receipt is still given"
        assert leo.put(f"/v1/entries/{mine}", entry_body(made_at=before.isoformat())).status_code == 201
        assert leo.delete(f"/v1/entries/{mine}").status_code == 204


def test_a_paused_study_still_takes_entries(world: World) -> None:
    leo = world.join()
    world.olivia.post(f"{world.path}/status", {"status": "paused"})
    assert leo.keeps().status_code == 201


def test_a_link_to_anothers_entry_links_nothing_and_does_not_tell_that_it_exists(world: World) -> None:
    leo, lena, decision, deleted, mine = world.join(), world.join(), new_id(), new_id(), new_id()
    for entry in (decision, deleted):
        leo.keeps(entry)
    leo.delete(f"/v1/entries/{deleted}")
    lena.keeps(mine)
    arriving = new_id()
    linked = {decision: None, deleted: None, mine: mine, arriving: arriving}
    for followed, stored in linked.items():
        link = new_id()
        assert lena.keeps(link, follows=str(followed)).status_code == 201
        assert lena.get(f"/v1/entries/{link}").json()["entry"]["follows"] == str(followed), "as it was sent"
        assert link_of(world, link) == stored
    later = entry_body(follows=str(decision), base_version=1)
    assert lena.put(f"/v1/entries/{mine}", later).status_code == 200
    assert link_of(world, mine) is None


def link_of(world: World, entry: UUID) -> UUID | None:
    with db.reading(world.engine) as session:
        return session.get_one(Entry, entry).follows


def test_a_follow_up_may_come_in_the_same_batch_as_its_decision(world: World) -> None:
    leo, decision, follow_up = world.join(), new_id(), new_id()
    ops = [
        {"op": "put", "id": str(decision), "entry": entry_body()},
        {"op": "put", "id": str(follow_up), "entry": entry_body(follows=str(decision))},
    ]
    results = leo.post("/v1/sync", {"ops": ops}).json()["results"]
    assert [one["status"] for one in results] == [201, 201]


def test_one_batch_may_make_edit_repeat_and_delete_the_same_entry(world: World) -> None:
    leo, entry, body = world.join(), str(new_id()), entry_body()
    edited = body | {"answers": DECISION | {"confidence": 40}, "base_version": 1}
    put = {"op": "put", "id": entry, "entry": body}
    edit = {"op": "put", "id": entry, "entry": edited}
    found = leo.post("/v1/sync", {"ops": [put, put, edit, put, edit]}).json()
    assert [one["status"] for one in found["results"]] == [201, 200, 200, 200, 200]
    assert [one["receipt"]["version"] for one in found["results"]] == [1, 1, 2, 1, 2]
    stored = contents(world.engine)
    assert (len(stored["entry"]), len(stored["entry_revision"])) == (1, 2)
    rest = leo.post("/v1/sync", {"ops": [edit, {"op": "delete", "id": entry}, put, edit]}).json()
    assert [one["status"] for one in rest["results"]] == [200, 204, 410, 410]
    stored = contents(world.engine)
    assert (stored["entry"], stored["entry_revision"], len(stored["entry_tombstone"])) == ([], [], 1)


def test_one_batch_may_make_and_delete_and_leaves_a_tombstone(world: World) -> None:
    leo, entry = world.join(), str(new_id())
    ops = [{"op": "put", "id": entry, "entry": entry_body()}, {"op": "delete", "id": entry}]
    found = leo.post("/v1/sync", {"ops": ops}).json()
    assert [one["status"] for one in found["results"]] == [201, 204]
    assert [(one["id"], one["deleted"]) for one in found["changes"]] == [(entry, True)]
    assert len(contents(world.engine)["entry_tombstone"]) == 1


def test_deleting_what_is_not_there_is_a_404(world: World) -> None:
    leo, lena, entry = world.join(), world.join(), new_id()
    lena.keeps(entry)
    with nothing_stored(world.engine):
        refused(leo.delete(f"/v1/entries/{new_id()}"), 404, "not-found")
        refused(leo.delete(f"/v1/entries/{entry}"), 404, "not-found")
        found = leo.post("/v1/sync", {"ops": [{"op": "delete", "id": str(entry)}]}).json()["results"]
        assert [one["status"] for one in found] == [404]


@pytest.mark.parametrize("count", [1, 7])
def test_entries_are_paged_newest_first_and_none_is_left_out(world: World, count: int) -> None:
    leo, lena = world.join(), world.join()
    made = [leo.keeps().json()["id"] for _ in range(count)]
    lena.keeps()
    found, after = [], ""
    while True:
        page = leo.get(f"/v1/entries?limit=3{after}").json()
        found += [one["receipt"]["id"] for one in page["entries"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == sorted(made, reverse=True)


def test_changes_come_in_pieces_and_none_is_left_out(world: World) -> None:
    leo = world.join()
    ids = [str(new_id()) for _ in range(230)]
    for start in range(0, 230, 46):
        ops = [{"op": "put", "id": one, "entry": entry_body()} for one in ids[start : start + 46]]
        assert leo.post("/v1/sync", {"ops": ops}).status_code == 200
    first = leo.post("/v1/sync", {}).json()
    second = leo.post("/v1/sync", {"cursor": first["cursor"]}).json()
    assert (len(first["changes"]), first["more"]) == (200, True)
    assert (len(second["changes"]), second["more"]) == (30, False)
    assert [one["id"] for one in first["changes"] + second["changes"]] == ids
