"""Who leaves takes along what the survey tools sent; with time it is forgotten of everybody."""

from datetime import timedelta

import pytest
import time_machine

from api.audit.service import OPERATOR
from api.core import clock, db
from api.webhooks import deliveries, rights
from tests.personas import World
from tests.searching import tables_with
from tests.webhooks.desk import Desk, answered

WORDS = "Yaffle had a long day at the town hall"


def test_an_erasure_takes_the_posts_and_what_comes_later_is_thrown_away(world: World) -> None:
    desk, leo, lena = Desk(world), world.join(), world.join()
    code, hers = desk.code(leo), desk.code(lena)
    posts = [answered(code, "I am tired", why=WORDS), answered(code, "I am lost", why=WORDS)]
    for body in (*posts, answered(hers, "I am tired", why="Lena's day")):
        assert desk.post(body).status_code == 200
    desk.work()
    assert desk.statuses() == ["processed", "quarantined", "processed"]
    late = answered(code, "I am tired", why=WORDS)
    assert desk.post(late).status_code == 200  # stored, and not looked at yet
    told = leo.get("/v1/me/export").json()
    assert [len(told[name]) for name in ("survey_posts", "survey_submissions", "survey_codes")] == [2, 1, 1]
    assert told["survey_codes"][0]["code"] == code
    receipt = leo.post("/v1/me/withdrawal", {"scope": "erase"}).json()
    assert receipt["done"]["survey_posts"] == 2
    desk.work()
    for body in (*posts, answered(code, "I am tired", why=WORDS)):
        assert desk.post(body).status_code == 200
    desk.work()
    assert set(desk.ends()[1:]) == {
        ("quarantined", "The participant has withdrawn: what was sent has been erased.")
    }
    assert tables_with(world.engine, WORDS, code) == {WORDS: set(), code: set()}
    ids = [posts[0]["form_response"]["token"], late["form_response"]["token"]]
    assert not any(tables_with(world.engine, *ids).values())
    assert [one.raw is not None for one in desk.deliveries()] == [True, False, False, False, False]
    assert [one["participant_id"] for one in world.olivia.get(f"{desk.path}/codes").json()] == [
        str(lena.participant_id)
    ]


def test_leaving_the_releases_erases_the_posts_and_keeps_the_entries(world: World) -> None:
    desk, leo = Desk(world), world.join()
    code = desk.code(leo)
    desk.post(answered(code, "I am tired", why=WORDS))
    desk.work()
    assert leo.post("/v1/me/withdrawal", {"scope": "out_of_releases"}).status_code == 200
    assert desk.deliveries()[0].raw is None
    assert len(leo.get("/v1/entries").json()["entries"]) == 1
    desk.post(answered(code, "I am tired", why="Another day"))
    desk.work()
    assert desk.statuses() == ["processed", "quarantined"]
    assert desk.deliveries()[1].raw is None


def test_who_deletes_an_entry_in_the_diary_takes_along_the_post_that_made_it(world: World) -> None:
    desk, leo = Desk(world), world.join()
    code = desk.code(leo)
    for why in (WORDS, "Another day"):
        assert desk.post(answered(code, "I am tired", why=why)).status_code == 200
    desk.work()
    entry = str(desk.deliveries()[0].entry_id)
    rights.purge(world.engine, world.settings)
    assert [one.raw is None for one in desk.deliveries()] == [False, False]
    assert leo.delete(f"/v1/entries/{entry}").status_code == 204
    rights.purge(world.engine, world.settings)
    assert [one.raw is None for one in desk.deliveries()] == [True, False]
    assert tables_with(world.engine, WORDS) == {WORDS: set()}
    assert len(leo.get("/v1/entries").json()["entries"]) == 1


@pytest.mark.parametrize("mode", ["test", "partial"])
def test_what_became_no_entry_is_erased_too(world: World, mode: str) -> None:
    desk, leo = Desk(world), world.join()
    body = answered(desk.code(leo), "I am tired", why=WORDS)
    if mode == "test":
        desk.is_now("test")
    else:
        body["event_type"] = "form_response_partial"
    desk.post(body)
    desk.work()
    assert desk.statuses() == ["ignored"]
    assert desk.deliveries()[0].participant_id == leo.participant_id
    leo.post("/v1/me/withdrawal", {"scope": "erase"})
    assert desk.deliveries() == []


def test_what_is_done_is_forgotten_after_its_days_and_what_is_not_waits_for_a_person(world: World) -> None:
    desk, leo = Desk(world), world.join()
    code = desk.code(leo)
    first = answered(code)
    for body in (first, answered(code, "I am lost"), {"event_type": "other"}):
        desk.post(body)
    desk.work()
    assert desk.statuses() == ["processed", "quarantined", "ignored"]
    with time_machine.travel(clock.now() + timedelta(days=29, hours=23)):
        rights.purge(world.engine, world.settings)
        assert all(one.raw for one in desk.deliveries())
    with time_machine.travel(clock.now() + timedelta(days=30, hours=1)):
        rights.purge(world.engine, world.settings)
        assert [one.raw is not None for one in desk.deliveries()] == [False, True, False]
        assert all(len(one.raw_sha256) == 64 for one in desk.deliveries())
        assert desk.post(first).status_code == 200
        assert len(desk.deliveries()) == 3  # its hash is known
        with db.transaction(world.engine) as session:
            waiting = desk.deliveries()[1].id
            aside = deliveries.dismiss(session, world.settings, OPERATOR, world.study_id, waiting)
        assert aside.status == "ignored"
    with time_machine.travel(clock.now() + timedelta(days=61)):
        rights.purge(world.engine, world.settings)
        assert not any(one.raw for one in desk.deliveries())
    again = world.olivia.post(f"{world.path}/deliveries/{waiting}/replay")
    assert (again.status_code, again.json()["type"]) == (409, "urn:daybook:problem:nothing-to-replay")
