"""The study keeps a list of names, organisations and places that it knows."""

import pytest

from api.core.ids import new_id
from api.releases.review import terms
from tests.meta.shape import pointers, refused
from tests.personas import World
from tests.releases.review.desk import Desk


def test_a_term_is_found_from_the_moment_it_is_known(desk: Desk) -> None:
    entry = desk.writes("in the old mill with leo leader, lost@example.org")
    assert [one["kind"] for one in desk.text(entry)["suggested"]] == ["email"]
    added = desk.rita.post(f"{desk.path}/terms", {"kind": "place", "text": "The  Old Mill"})
    assert (added.status_code, added.json()["text"]) == (201, "The Old Mill")
    again = desk.rita.post(f"{desk.path}/terms", {"kind": "place", "text": "The Old Mill"})
    assert again.json() == added.json()
    assert desk.leo.put("/v1/me/contact", {"name": "Leo Leader"}).status_code == 204
    found = [(one["kind"], one["layer"], one["why"]) for one in desk.text(entry)["suggested"]]
    assert found == [
        ("place", "roster", "on the study's list"),
        ("person", "roster", "a participant"),
        ("email", "pattern", "e-mail address"),
    ]
    refused(desk.decide(desk.text(entry), spans=[]), 422, "candidates-left")
    term = added.json()["id"]
    assert desk.rita.delete(f"{desk.path}/terms/{term}").status_code == 204
    refused(desk.rita.delete(f"{desk.path}/terms/{term}"), 404, "not-found")
    assert [one["kind"] for one in desk.text(entry)["suggested"]] == ["person", "email"]


def test_the_list_is_paged_oldest_first(desk: Desk) -> None:
    for number in range(5):
        desk.rita.post(f"{desk.path}/terms", {"kind": "person", "text": f"Ann Archer {number}"})
    first = desk.rita.get(f"{desk.path}/terms", params={"limit": 3}).json()
    rest = desk.rita.get(f"{desk.path}/terms", params={"limit": 3, "after": first["next"]}).json()
    texts = [one["text"] for one in first["terms"] + rest["terms"]]
    assert texts == [f"Ann Archer {number}" for number in range(5)]
    assert rest["next"] is None


def test_what_is_no_name_is_refused_and_a_list_is_full_some_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ({"text": "x"}, {"text": "a\x00b"}, {"kind": "email"}, {"more": 1}, {"text": "y" * 201}):
        body = {"kind": "person", "text": "Ann Archer"} | wrong
        refused(desk.rita.post(f"{desk.path}/terms", body), 422, "invalid")
    dots = desk.rita.post(f"{desk.path}/terms", {"kind": "person", "text": " . . "})
    assert pointers(refused(dots, 422, "invalid")) == {"/text"}
    monkeypatch.setattr(terms, "MOST", 1)
    assert desk.rita.post(f"{desk.path}/terms", {"kind": "person", "text": "Ann"}).status_code == 201
    full = desk.rita.post(f"{desk.path}/terms", {"kind": "person", "text": "Bob"})
    refused(full, 409, "too-many-terms")


def test_the_terms_of_another_study_do_not_exist(desk: Desk) -> None:
    term = desk.rita.post(f"{desk.path}/terms", {"kind": "person", "text": "Ann Archer"}).json()["id"]
    other = Desk(World(desk.world.client, desk.world.engine, desk.world.settings, "Another"))
    refused(other.rita.delete(f"{other.path}/terms/{term}"), 404, "not-found")
    refused(other.rita.delete(f"{other.path}/terms/{new_id()}"), 404, "not-found")
    assert other.rita.get(f"{other.path}/terms").json()["terms"] == []
    refused(desk.world.ana.get(f"{desk.path}/terms"), 403, "forbidden")
