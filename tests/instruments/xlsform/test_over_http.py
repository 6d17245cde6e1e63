"""Olivia uploads a workbook, compares it, publishes it and downloads it again."""

from typing import Any

from api.instruments.xlsform.workbook import LARGEST_FILE
from api.instruments.xlsform.writing import write
from schemas.instrument import InstrumentDefinition
from tests.instruments.xlsform.books import asks, book, reads
from tests.meta.bodies import TINY
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import World

FIRST = asks(["select_one moods", "mood", "How are you?"], ["text", "why", "Why?", "${mood} = 'tired'"])


def upload(world: World, content: bytes, **query: str) -> Any:
    path = f"{world.path}/instruments/xlsform"
    return world.client.post(path, content=content, params=query, headers=world.olivia.headers)


def test_a_workbook_becomes_the_next_version(world: World) -> None:
    leo = world.join()
    made = upload(world, FIRST)
    assert (made.status_code, made.json()["status"], made.json()["version"]) == (201, "draft", 1)
    assert {one["code"] for one in made.json()["warnings"]} == {"unclassed", "limit_set", "unused_list"}
    published = world.olivia.post(f"{world.path}/instruments/evening/1/publish").json()
    assert {one["change"] for one in published["changes"]} == {"added"}
    wrong = leo.keeps(None, {"mood": "well", "why": "x"}, instrument="evening", kind="evening")
    assert pointers(refused(wrong, 422, "invalid")) == {"/answers/why"}
    again = upload(world, FIRST).json()
    assert (again["version"], {one["change"] for one in again["changes"]}) == (2, {"identical"})


def test_publishing_shows_how_each_question_changed(world: World) -> None:
    upload(world, FIRST)
    world.olivia.post(f"{world.path}/instruments/evening/1/publish")
    second = asks(
        ["select_one moods or_other", "mood", "How are you?"],
        ["text", "why", "Why is that?", "${mood} = 'tired'"],
        ["integer", "hours", "How many hours?"],
    )
    wanted = {"mood": "options_added", "why": "wording", "mood_other": "added", "hours": "added"}
    assert _changes(upload(world, second).json()["changes"]) == wanted
    differs = world.olivia.get(f"{world.path}/instruments/evening/2/diff").json()
    assert (differs["against"], _changes(differs["questions"])) == (1, wanted)
    published = world.olivia.post(f"{world.path}/instruments/evening/2/publish").json()
    assert _changes(published["changes"]) == wanted
    back = world.olivia.get(f"{world.path}/instruments/evening/1/diff", params={"against": 2}).json()
    assert _changes(back["questions"])["hours"] == "left"
    refused(world.olivia.get(f"{world.path}/instruments/evening/1/diff?against=9"), 404, "not-found")


def test_a_question_that_no_form_asks_any_more_has_left() -> None:
    from schemas.instrument_diff import diff

    old = InstrumentDefinition.model_validate(TINY)
    form = TINY["forms"][0] | {"items": TINY["forms"][0]["items"][:1]}
    new = InstrumentDefinition.model_validate(TINY | {"version": 2, "forms": [form]})
    assert _changes(diff(old, new).model_dump()["questions"]) == {
        "mood": "identical",
        "why": "left",
        "people": "left",
    }


def test_a_version_is_downloaded_as_it_was_drafted(world: World) -> None:
    world.olivia.post(f"{world.path}/instruments", TINY)
    found = world.olivia.get(f"{world.path}/instruments/tiny/1/xlsform")
    assert found.headers["content-disposition"] == 'attachment; filename="tiny.v1.xlsx"'
    assert reads(found.content).definition == InstrumentDefinition.model_validate(TINY)


def test_a_refused_workbook_stores_nothing_and_names_every_place(world: World) -> None:
    wrong = asks(["geopoint", "place", "Where?"], ["text", "why", "Why?", "${nobody} = 'x'"])
    with nothing_stored(world.engine):
        body = refused(upload(world, wrong), 422, "workbook-refused")
        refused(upload(world, b"PK\x03\x04 no zip"), 422, "workbook-refused")
        refused(upload(world, bytes(LARGEST_FILE + 1)), 422, "workbook-refused")
        refused(upload(world, b""), 422, "invalid")
        refused(upload(world, FIRST, key="Not a key"), 422, "invalid")
    assert pointers(body) == {"/survey/2/type", "/survey/3/relevant"}
    assert all(one["message"].startswith("Sheet survey, row ") for one in body["errors"])


def test_a_workbook_without_a_form_id_is_named_by_who_uploads_it(world: World) -> None:
    nameless = book([["type", "name", "label"], ["text", "a", "A"]], settings=[])
    refused(upload(world, nameless), 422, "workbook-refused")
    assert upload(world, nameless, key="morning").json()["key"] == "morning"


def test_what_xlsform_has_no_words_for_is_not_written(world: World) -> None:
    mood, why, people = TINY["questions"]
    costs = mood | {"label": {"en": "Costs ${price}?"}}
    world.olivia.post(f"{world.path}/instruments", TINY | {"questions": [costs, why, people]})
    body = refused(world.olivia.get(f"{world.path}/instruments/tiny/1/xlsform"), 409, "workbook-unwritable")
    assert pointers(body) == {"/questions/mood"}


def test_another_study_s_instrument_is_nothing_here(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    upload(other, write(InstrumentDefinition.model_validate(TINY)))
    for path in ("tiny/1/xlsform", "tiny/1/diff"):
        refused(world.olivia.get(f"{world.path}/instruments/{path}"), 404, "not-found")
        refused(world.olivia.get(f"{other.path}/instruments/{path}"), 404, "not-found")


def _changes(questions: list[dict[str, str]]) -> dict[str, str]:
    return {one["question"]: one["change"] for one in questions}
