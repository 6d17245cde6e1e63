"""Olivia drafts, publishes and retires instruments; what was published never changes."""

import copy
from typing import Any

import pytest

from tests.meta.bodies import TINY
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import World, entry_body


def tiny(version: int = 1, **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(TINY) | {"version": version} | changes


def draft(world: World, definition: dict[str, Any]) -> Any:
    return world.olivia.post(f"{world.path}/instruments", definition)


def publish(world: World, version: int = 1) -> Any:
    return world.olivia.post(f"{world.path}/instruments/tiny/{version}/publish")


def tiny_entry(version: int = 1, answers: dict[str, Any] | None = None) -> dict[str, Any]:
    return entry_body(answers or {"mood": "well"}, instrument="tiny", version=version, kind="check")


def test_a_draft_is_for_staff_and_a_published_version_for_phones(world: World) -> None:
    leo = world.join()
    made = draft(world, tiny())
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    shipped = leo.get("/v1/me/instruments").json()
    assert "tiny" not in [one["key"] for one in shipped]
    for path in ("/v1/me/instruments/tiny/1", "/v1/me/instruments/tiny/1/schema/check"):
        refused(leo.get(path), 404, "not-found")
    published = publish(world)
    assert (published.status_code, published.json()["status"]) == (200, "published")
    assert published.json()["definition_hash"] == made.json()["definition_hash"]
    found = leo.get("/v1/me/instruments/tiny/1")
    assert (
        found.json()["questions"] == world.olivia.get(f"{world.path}/instruments/tiny/1").json()["questions"]
    )
    assert "immutable" in found.headers["cache-control"]
    schema = leo.get("/v1/me/instruments/tiny/1/schema/check").json()
    assert schema["required"] == ["mood"]
    refused(leo.get("/v1/me/instruments/tiny/1/schema/other"), 404, "not-found")
    refused(leo.get("/v1/me/instruments/tiny/2"), 404, "not-found")


def test_a_draft_may_be_replaced_until_it_is_published_and_then_never(world: World) -> None:
    draft(world, tiny())
    replaced = draft(world, tiny(title={"en": "Tinier"}))
    assert (replaced.status_code, replaced.json()["title"]) == (201, {"en": "Tinier"})
    publish(world)
    with nothing_stored(world.engine):
        refused(draft(world, tiny()), 409, "instrument-published")
        refused(draft(world, tiny(title={"en": "Tinier"})), 409, "instrument-published")
        assert publish(world).status_code == 200
    world.olivia.post(f"{world.path}/instruments/tiny/1/retire")
    with nothing_stored(world.engine):
        refused(draft(world, tiny()), 409, "instrument-published")
        assert publish(world).json()["status"] == "retired"


def without_why(made: dict[str, Any]) -> None:
    made["questions"].pop(1)
    made["forms"][0]["items"].pop(1)


def other_type(made: dict[str, Any]) -> None:
    made["questions"][1] = {"type": "long_text", "key": "why", "label": {"en": "Why?"}}


def without_option(made: dict[str, Any]) -> None:
    made["questions"][0]["options"][0]["value"] = "splendid"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(without_why, "question_removed"), (other_type, "type_changed"), (without_option, "option_removed")],
)
def test_the_change_gate_refuses_what_would_break_a_promise(world: World, spoil: Any, code: str) -> None:
    draft(world, tiny())
    publish(world)
    second = tiny(2)
    spoil(second)
    assert draft(world, second).status_code == 201
    with nothing_stored(world.engine):
        body = refused(publish(world, 2), 409, "change-not-allowed")
    assert code in {error["code"] for error in body["errors"]}
    assert world.join().get("/v1/me/instruments/tiny/1").status_code == 200


def test_versions_come_one_after_the_other(world: World) -> None:
    draft(world, tiny())
    publish(world)
    draft(world, tiny(3))
    with nothing_stored(world.engine):
        assert pointers(refused(publish(world, 3), 409, "change-not-allowed")) == {"/version"}
    draft(world, tiny(2))
    assert publish(world, 2).status_code == 200
    assert publish(world, 3).status_code == 200
    versions = [
        one["version"] for one in world.join().get("/v1/me/instruments").json() if one["key"] == "tiny"
    ]
    assert versions == [3]


def test_a_retired_version_is_offered_no_more_but_its_entries_are_taken_for_ever(world: World) -> None:
    leo = world.join()
    draft(world, tiny())
    with nothing_stored(world.engine):
        refused(world.olivia.post(f"{world.path}/instruments/tiny/1/retire"), 409, "change-not-allowed")
    publish(world)
    assert world.olivia.post(f"{world.path}/instruments/tiny/1/retire").json()["status"] == "retired"
    assert "tiny" not in [one["key"] for one in leo.get("/v1/me/instruments").json()]
    assert leo.get("/v1/me/instruments/tiny/1").status_code == 200
    assert leo.put("/v1/entries/018f4c1e-7a3b-7c4d-8e5f-0123456789ab", tiny_entry()).status_code == 201
    with nothing_stored(world.engine):
        assert world.olivia.post(f"{world.path}/instruments/tiny/1/retire").status_code == 200


def test_an_entry_of_an_old_version_is_taken_and_judged_by_it(world: World) -> None:
    leo = world.join()
    draft(world, tiny())
    publish(world)
    second = tiny(2)
    second["questions"][0]["options"].append({"value": "busy", "label": {"en": "Busy"}})
    draft(world, second)
    publish(world, 2)
    path = "/v1/entries/018f4c1e-7a3b-7c4d-8e5f-0123456789ab"
    with nothing_stored(world.engine):
        body = refused(leo.put(path, tiny_entry(1, {"mood": "busy"})), 422, "invalid")
    assert pointers(body) == {"/answers/mood"}
    assert leo.put(path, tiny_entry(1)).status_code == 201
    assert leo.put(path, tiny_entry(2, {"mood": "busy"}) | {"base_version": 1}).json()["version"] == 2


def test_one_studys_instrument_is_nothing_in_another(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    draft(world, tiny())
    publish(world)
    stranger = other.join()
    with nothing_stored(world.engine):
        refused(stranger.get("/v1/me/instruments/tiny/1"), 404, "not-found")
        refused(
            stranger.keeps(None, {"mood": "well"}, instrument="tiny", kind="check"), 422, "instrument-unknown"
        )
        refused(other.olivia.get(f"{other.path}/instruments/tiny/1"), 404, "not-found")
        refused(other.olivia.post(f"{other.path}/instruments/tiny/1/retire"), 404, "not-found")
        refused(other.olivia.post(f"{world.path}/instruments/tiny/1/retire"), 404, "not-found")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"key": "Not a key"}, "/key"),
        ({"version": 0}, "/version"),
        ({"version": 10**20}, "/version"),
        ({"questions": []}, "/questions"),
        ({"questions": TINY["questions"] * 2}, "/"),
        ({"languages": ["en", "nonsense language"]}, "/languages/1"),
        ({"default_language": "cy"}, "/"),
        ({"title": {"en": "nul\x00"}}, "/title/en"),
        ({"title": {}}, "/"),
        ({"forms": []}, "/forms"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_a_wrong_definition_is_refused(world: World, wrong: dict[str, Any], pointer: str) -> None:
    with nothing_stored(world.engine):
        body = refused(draft(world, tiny() | wrong), 422, "invalid")
    assert pointers(body) == {pointer}


@pytest.mark.parametrize(
    "path", ["Tiny/1", "tiny/0", "tiny/100001", "tiny/99999999999999999999", "tiny/x", "ti%00ny/1"]
)
def test_a_wrong_address_is_refused(world: World, path: str) -> None:
    leo = world.join()
    refused(world.olivia.get(f"{world.path}/instruments/{path}"), 422, "invalid")
    refused(leo.get(f"/v1/me/instruments/{path}"), 422, "invalid")
