"""A signed post becomes an entry in the diary: the whole way, on both databases."""

from tests.personas import World
from tests.webhooks.desk import Desk, answered


def test_what_leo_answers_at_the_tool_stands_in_his_diary(world: World) -> None:
    desk, leo = Desk(world), world.join()
    assert (
        desk.post(answered(desk.code(leo), "I am tired", why="A long day in the council")).status_code == 200
    )
    assert leo.get("/v1/entries").json()["entries"] == []
    assert desk.work() == 1
    assert desk.ends() == [("processed", None)]
    (found,) = leo.get("/v1/entries").json()["entries"]
    assert found["entry"]["answers"] == {"mood": "tired", "why": "A long day in the council"}
    assert (found["entry"]["entered_by"], found["entry"]["client"]["name"]) == ("survey_tool", "typeform")
    assert found["receipt"]["id"] == str(desk.deliveries()[0].entry_id)
    assert desk.work() == 0


def test_a_forged_post_is_refused_and_leaves_nothing_but_a_count(world: World) -> None:
    desk, leo = Desk(world), world.join()
    body = answered(desk.code(leo))
    forged = desk.post(body, secret="another secret")
    assert (forged.status_code, forged.json()["type"]) == (401, "urn:daybook:problem:not-proven")
    assert desk.deliveries() == []
    shown = world.olivia.get(desk.path).json()
    assert shown["refused_count"] == 1
    assert shown["refused_reason"]


def test_a_stranger_hears_the_same_whatever_is_wrong(world: World) -> None:
    desk, leo = Desk(world), world.join()
    body = answered(desk.code(leo))
    token = desk.source.path.rsplit("/", 1)[1]
    other = desk.make()
    wrong = [
        desk.post(body, secret="another secret"),
        desk.post(body, path=f"/v1/hooks/{desk.source.id}/dbh_wrong"),
        desk.post(body, path=f"/v1/hooks/{desk.source.id}/"),
        desk.post(body, path=f"/v1/hooks/{desk.source.id}"),
        desk.post(body, path=f"/v1/hooks/{other.id}/{token}"),
        desk.post(body, path=f"/v1/hooks/{world.study_id}/{token}"),
        desk.post(body, path="/v1/hooks/no-uuid/x"),
        desk.post(body, path="/v1/hooks/"),
    ]
    said = {(one.status_code, *(one.json()[name] for name in ("type", "title", "status"))) for one in wrong}
    assert said == {(401, "urn:daybook:problem:not-proven", "This address does not take what was sent.", 401)}
    assert desk.deliveries() == []
