"""Olivia looks at what a release would cost before she asks for it."""

from typing import Any

import pytest
from sqlalchemy import update

from api.core import db
from api.releases.disclosure import previewing
from api.releases.gate.service import judged
from api.studies import service as studies
from tests.commands import daybook
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import DECISION, World
from tests.releases.policy.test_policies import put
from tests.releases.policy.test_requests import NAMED, ask, make

BASE = {"country": "england", "role_tier": "senior_official", "leader_status": "current"}
SECTORS = ("local_gov", "central_gov")


def preview(world: World, **body: Any) -> Any:
    """Ask what a release would cost, as Olivia."""
    return world.olivia.post(f"{world.path}/release-previews", body)


@pytest.fixture
def leaders(world: World) -> World:
    """Olivia's study with twelve leaders of two sectors, six each, one decision each."""
    for number in range(12):
        phase = "crisis" if number < 6 else "recovery"
        leader = world.join(BASE | {"sector": SECTORS[number % 2]})
        assert leader.keeps(answers=DECISION | {"phase": phase}).status_code == 201
    return world


def test_a_preview_tells_what_the_release_then_shows(leaders: World) -> None:
    with nothing_stored(leaders.engine):
        found = preview(leaders).json()
    cost = found["cost"]
    assert (found["tier"], found["k"], found["participants"]) == ("safeguarded", 5, 12)
    assert (cost["refusal"], cost["k_reached"], cost["class_sizes"]) == (None, 6, [6, 6])
    assert [(one["key"], one["level"], one["levels"], one["loss"]) for one in cost["attributes"]] == [
        ("sector", 0, 3, 0.0),
        ("country", 0, 3, 0.0),
        ("role_tier", 0, 3, 0.0),
    ]
    assert cost["attributes"][0]["level_name"] == "as answered"
    assert "university_he" in cost["attributes"][0]["labels"]
    assert (cost["people_suppressed"], cost["people_recoded"], cost["cells_suppressed"]) == (0, 0, 0)
    assert [one["left_out"] for one in found["alternatives"]] == ["sector", "country", "role_tier"]
    assert [one["cost"]["class_sizes"] for one in found["alternatives"]] == [[12], [6, 6], [6, 6]]
    assert make(leaders, ask(leaders, **NAMED))["status"] == "published"


def test_a_policy_can_be_tried_without_being_kept(leaders: World) -> None:
    tried = {"quasi_identifiers": ["sector"], "k": 6, "dates": "week", "sensitive": [{"key": "phase"}]}
    with nothing_stored(leaders.engine):
        found = preview(leaders, policy=tried).json()
        assert pointers(refused(preview(leaders, policy=tried | {"dates": "phase"}), 422, None)) == {"/dates"}
        assert pointers(refused(preview(leaders, policy=tried, k=5), 422, None)) == {"/k"}
    assert (found["k"], found["cost"]["class_sizes"]) == (6, [6, 6])
    (sensitive,) = found["cost"]["sensitive"]
    assert (sensitive["key"], sensitive["l"], sensitive["l_reached"]) == ("phase", 2, 2)


def test_l_is_reached_by_what_people_answered(leaders: World) -> None:
    put(leaders, quasi_identifiers=["sector"], k=5, sensitive=[{"key": "decision_status"}])
    cost = preview(leaders).json()["cost"]
    assert "All 12 people together gave 1 different answers to decision_status; l is 2." in cost["refusal"]
    assert (cost["attributes"], cost["class_sizes"]) == ([], [])


def test_in_a_very_large_study_sensitive_answers_are_left_out_and_it_says_so(
    leaders: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(leaders, k=5, sensitive=[{"key": "decision_status"}])
    monkeypatch.setattr(previewing, "MOST_ENTRIES", 3)
    found = preview(leaders).json()
    assert (found["cost"]["refusal"], found["cost"]["sensitive"]) == (None, [])
    assert any("not counted" in note for note in found["notes"])


def test_who_shares_a_description_gave_different_answers_in_the_files_too(world: World) -> None:
    for number in range(12):
        phase = ("crisis", "recovery")[number % 2]
        leader = world.join(BASE | {"sector": SECTORS[number % 2]})
        assert leader.keeps(answers=DECISION | {"phase": phase}).status_code == 201
    put(world, quasi_identifiers=["sector"], k=5, sensitive=[{"key": "phase"}])
    cost = preview(world).json()["cost"]
    assert (cost["class_sizes"], cost["sensitive"][0]["l_reached"]) == ([12], 2)
    assert make(world, ask(world, **NAMED))["status"] == "published"
    people = world.ana.get(f"{world.path}/releases/1/participants.csv").text.splitlines()
    assert {line.split(",")[1] for line in people[1:]} == {"government"}


def test_a_study_of_three_people_is_told_what_is_missing(world: World) -> None:
    assert preview(world).json()["participants"] == 0
    for _ in range(3):
        world.join().keeps()
    found = preview(world).json()
    assert found["participants"] == 3
    assert "3 people share their entries and k is 5: 2 more must share." in found["cost"]["refusal"]
    assert found["alternatives"] == []
    open_ = preview(world, tier="open").json()["cost"]["refusal"]
    assert "k is 10: 7 more must share. With these, k = 3 could be reached" in open_
    refusal = make(world, ask(world, **NAMED))
    assert (refusal["status"], "2 more must share" in refusal["refusal"]) == ("refused", True)


def test_fewer_than_two_classes_of_people_show_nothing(world: World) -> None:
    for _ in range(6):
        world.join().keeps()
    cost = preview(world).json()["cost"]
    assert (cost["quasi_identifiers_shown"], cost["class_sizes"]) == (False, [6])
    assert {one["level_name"] for one in cost["attributes"]} == {"hidden"}


def test_only_who_may_ask_for_releases_sees_a_preview(world: World) -> None:
    with nothing_stored(world.engine, but={"audit_event"}):
        refused(world.ana.post(f"{world.path}/release-previews", {}), 403, "forbidden")
        refused(world.client.post(f"{world.path}/release-previews", json={}), 401, "unauthenticated")
    wrongs: list[dict[str, Any]] = [{"k": 10**30}, {"extra": 1}, {"policy": {}}, {"cutoff": "soon"}]
    for wrong in wrongs:
        refused(preview(world, **wrong), 422, "invalid")


def test_the_command_shows_the_same(leaders: World) -> None:
    with nothing_stored(leaders.engine):
        status, said = daybook(leaders.settings, "release", "preview", leaders.study_id)
        assert status == 0, said
        assert "12 people share their entries; tier safeguarded, k = 5" in said
        assert "k reached 6; class sizes 6, 6" in said
        status, said = daybook(
            leaders.settings, "release", "preview", leaders.study_id, "--tier", "open", "--k", "13"
        )
        assert (status, "It would be refused: Too few people" in said) == (0, True)
    status, said = daybook(leaders.settings, "release", "preview", leaders.study_id, "--k", "4")
    assert (status, "/k: k is 5" in said) == (1, True)


def test_entries_are_stored_while_a_preview_is_made(leaders: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*given: Any, **more: Any) -> Any:
        with db.transaction(leaders.engine) as session:
            study = studies.get(session, leaders.study_id)
            session.execute(update(type(study)).values(title="Changed meanwhile"))
        return judged(*given, **more)

    monkeypatch.setattr(previewing, "judged", meanwhile)
    assert preview(leaders).status_code == 200
    assert leaders.ana.get(leaders.path).json()["title"] == "Changed meanwhile"
