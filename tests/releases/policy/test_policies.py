"""Olivia decides what her study's releases tell of people."""

from typing import Any

import pytest

from api.auth.verbs import Role
from api.core.ids import new_id
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import World

SAFEGUARDED: dict[str, Any] = {
    "quasi_identifiers": ["sector", "country"],
    "k": 7,
    "k_reason": None,
    "sensitive": [{"key": "phase", "l": 2, "t": None, "ordered": False}],
    "suppression_limit": 0.1,
    "dates": "week_and_weekday",
    "phase_weeks": 13,
}


def put(world: World, tier: str = "safeguarded", **changes: Any) -> Any:
    """Replace a policy as Olivia; changes are to the sound one above, or to the default of the open tier."""
    own = SAFEGUARDED if tier == "safeguarded" else world.olivia.get(f"{world.path}/disclosure/open").json()
    return world.olivia.put(f"{world.path}/disclosure/{tier}", own | changes)


def events(world: World, name: str) -> int:
    """Count the events of a name in the study's audit."""
    page = world.olivia.get(f"{world.path}/audit?limit=200").json()
    return sum(one["event"] == name for one in page["events"])


def test_each_tier_has_its_default(world: World) -> None:
    usual = ["sector", "country", "role_tier"]
    for tier, k, dates in (("safeguarded", 5, "week"), ("open", 10, "phase")):
        found = world.ana.get(f"{world.path}/disclosure/{tier}").json()
        assert (found["quasi_identifiers"], found["k"], found["dates"]) == (usual, k, dates)
        assert (found["suppression_limit"], found["sensitive"], found["phase_weeks"]) == (0.05, [], 13)


def test_a_policy_is_replaced_as_a_whole_and_the_same_again_changes_nothing(world: World) -> None:
    changed = put(world)
    assert (changed.status_code, changed.json()) == (200, SAFEGUARDED)
    assert world.ana.get(f"{world.path}/disclosure/safeguarded").json() == SAFEGUARDED
    assert world.ana.get(f"{world.path}/disclosure/open").json()["k"] == 10
    with nothing_stored(world.engine):
        assert put(world).json() == SAFEGUARDED
    assert put(world, k=8).json()["k"] == 8
    assert events(world, "disclosure.changed") == 2


def test_only_an_owner_changes_it_and_only_a_member_sees_it(world: World) -> None:
    path = f"{world.path}/disclosure/safeguarded"
    cora = world.staff("Cora Coordinator", Role.COORDINATOR)
    outsider = World(world.client, world.engine, world.settings, "Another study").olivia
    with nothing_stored(world.engine, but={"audit_event"}):
        refused(cora.put(path, SAFEGUARDED), 403, "forbidden")
        refused(outsider.put(path, SAFEGUARDED), 404, "not-found")
        refused(outsider.get(path), 404, "not-found")
        refused(world.client.get(path), 401, "unauthenticated")
        refused(world.olivia.get(f"{world.path}/disclosure/secret"), 422, "invalid")


def a_question(key: str, kind: str = "single_choice", **more: Any) -> dict[str, Any]:
    """A question as a study may write it."""
    options = [{"value": value, "label": {"en": value}} for value in ("a", "b")]
    chosen = {"options": options} if kind.endswith("choice") else {}
    return {"type": kind, "key": key, "label": {"en": key}} | chosen | more


@pytest.fixture
def odd(world: World) -> World:
    """Olivia's study with a questionnaire that has a question of every sort."""
    questions = [
        a_question("unclassified"),
        a_question("hidden", disclosure="never"),
        a_question("kept_back", disclosure="restricted"),
        a_question("plain", disclosure="open"),
        a_question("several", "multiple_choice", disclosure="open"),
        a_question("written", "short_text", disclosure="text"),
        a_question("coarse", disclosure="generalise"),
        a_question("how_many", "number", disclosure="open", max=9),
        a_question("agrees", "yes_no", disclosure="open"),
        a_question("groups", disclosure="generalise", hierarchy={"a": ["x"], "b": ["x"]}),
        a_question("age", "number", disclosure="generalise", max=120),
    ]
    items = [{"question": question["key"]} for question in questions]
    forms = [
        {"kind": kind, "label": {"en": kind}, "contingency": "event", "items": items}
        for kind in ("profile", "check")
    ]
    body = {"key": "odd", "version": 1, "title": {"en": "Odd"}, "default_language": "en", "languages": ["en"]}
    drafted = world.olivia.post(f"{world.path}/instruments", body | {"questions": questions, "forms": forms})
    assert drafted.status_code == 201, drafted.text
    assert world.olivia.post(f"{world.path}/instruments/odd/1/publish").status_code == 200
    return world


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("no_such", "unknown"),
        ("headline", "unknown"),
        ("unclassified", "unclassified"),
        ("hidden", "class"),
        ("kept_back", "class"),
        ("plain", "class"),
        ("several", "class"),
        ("written", "class"),
        ("age", "no_options"),
    ],
)
def test_what_may_not_describe_people_is_refused(odd: World, key: str, code: str) -> None:
    with nothing_stored(odd.engine):
        body = refused(put(odd, quasi_identifiers=["sector", key]), 422, "policy-not-possible")
    assert [(one["pointer"], one["code"]) for one in body["errors"]] == [("/quasi_identifiers/1", code)]


@pytest.mark.parametrize(
    ("attribute", "pointer", "code"),
    [
        ({"key": "no_such"}, "/sensitive/0/key", "unknown"),
        ({"key": "sector"}, "/sensitive/0/key", "unknown"),
        ({"key": "unclassified"}, "/sensitive/0/key", "unclassified"),
        ({"key": "hidden"}, "/sensitive/0/key", "class"),
        ({"key": "quotable"}, "/sensitive/0/key", "class"),
        ({"key": "headline"}, "/sensitive/0/key", "class"),
        ({"key": "how_many"}, "/sensitive/0/key", "no_options"),
        ({"key": "coarse"}, "/sensitive/0/key", "no_options"),
        ({"key": "agrees", "l": 3}, "/sensitive/0/l", "too_many"),
        ({"key": "groups"}, "/sensitive/0/l", "too_many"),
        ({"key": "several", "ordered": True}, "/sensitive/0/ordered", "not_ordered"),
    ],
)
def test_what_is_not_sensitive_in_a_way_that_can_be_counted_is_refused(
    odd: World, attribute: dict[str, Any], pointer: str, code: str
) -> None:
    body = refused(put(odd, sensitive=[attribute]), 422, "policy-not-possible")
    assert [(one["pointer"], one["code"]) for one in body["errors"]] == [(pointer, code)]


def test_coded_answers_of_every_sort_can_be_sensitive(odd: World) -> None:
    keys = ("phase", "stakes", "plain", "several", "agrees", "others_involved")
    assert put(odd, sensitive=[{"key": key} for key in keys]).status_code == 200
    ordered = {"key": "stakes", "l": 3, "t": 0.2, "ordered": True}
    assert put(odd, sensitive=[ordered]).json()["sensitive"] == [ordered]


def test_the_strictest_class_that_any_version_gave_counts(odd: World) -> None:
    drafted = odd.olivia.get(f"{odd.path}/instruments/odd/1").json()
    assert put(odd, quasi_identifiers=["groups"]).status_code == 200
    for question in drafted["questions"]:
        if question["key"] == "groups":
            question["disclosure"] = "restricted"
    drafted["version"] = 2
    drafted["forms"] = [
        form | {"items": [one for one in form["items"] if one["question"] != "groups"]}
        for form in drafted["forms"]
    ]
    assert odd.olivia.post(f"{odd.path}/instruments", drafted).status_code == 201
    assert odd.olivia.post(f"{odd.path}/instruments/odd/2/publish").status_code == 200
    refused(put(odd, quasi_identifiers=["groups"]), 422, "policy-not-possible")
    asked = odd.olivia.post(f"{odd.path}/releases", {"recipient": "R", "purpose": "P"})
    assert pointers(refused(asked, 422, "policy-not-possible")) == {"/quasi_identifiers/0"}


@pytest.mark.parametrize(
    ("tier", "changes", "pointer"),
    [
        ("safeguarded", {"k": 4}, "/k_reason"),
        ("safeguarded", {"k": 5, "k_reason": "The population is very large."}, "/k_reason"),
        ("safeguarded", {"dates": "phase"}, "/dates"),
        ("open", {"k": 9}, "/k_reason"),
        ("open", {"dates": "week"}, "/dates"),
        ("safeguarded", {"quasi_identifiers": ["sector", "sector"]}, "/quasi_identifiers/1"),
        ("safeguarded", {"sensitive": [{"key": "phase"}, {"key": "phase"}]}, "/sensitive/1/key"),
    ],
)
def test_what_a_tier_does_not_allow_is_refused(
    world: World, tier: str, changes: dict[str, Any], pointer: str
) -> None:
    with nothing_stored(world.engine):
        body = refused(put(world, tier, **changes), 422, "policy-not-possible")
    assert pointers(body) == {pointer}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"k": 2, "k_reason": "It is only a very small study."}, "/k"),
        ({"k": 10**20}, "/k"),
        ({"k": True}, "/k"),
        ({"k": 4, "k_reason": "  short              "}, "/k_reason"),
        ({"k": 4, "k_reason": "x" * 1_001}, "/k_reason"),
        ({"k": 4, "k_reason": "nul \x00" + "x" * 30}, "/k_reason"),
        ({"suppression_limit": 0.21}, "/suppression_limit"),
        ({"suppression_limit": "NaN"}, "/suppression_limit"),
        ({"suppression_limit": -1e-9}, "/suppression_limit"),
        ({"phase_weeks": 0}, "/phase_weeks"),
        ({"phase_weeks": 10**9}, "/phase_weeks"),
        ({"quasi_identifiers": ["Not a key"]}, "/quasi_identifiers/0"),
        ({"quasi_identifiers": ["sector"] * 9}, "/quasi_identifiers"),
        ({"sensitive": [{"key": "phase", "l": 1}]}, "/sensitive/0/l"),
        ({"sensitive": [{"key": "phase", "t": 0}]}, "/sensitive/0/t"),
        ({"sensitive": [{"key": "phase", "t": 1.01}]}, "/sensitive/0/t"),
        ({"sensitive": [{"key": "phase"}] * 9}, "/sensitive"),
        ({"extra": "open"}, "/extra"),
    ],
)
def test_absurd_values_are_refused(world: World, changes: dict[str, Any], pointer: str) -> None:
    with nothing_stored(world.engine):
        body = refused(put(world, **changes), 422, "invalid")
    assert pointers(body) == {pointer}


def test_more_generalisations_than_can_be_looked_at_name_the_attribute_that_has_most(world: World) -> None:
    for attribute in ("region", "sector"):
        values = [
            line.split(";")[0] for line in world.ana.get(f"{world.path}/hierarchies/{attribute}").text.split()
        ]
        steps = ";".join(f"step_{level}" for level in range(18 if attribute == "region" else 17))
        table = "".join(f"{value};{steps};*\n" for value in values)
        uploaded = world.olivia.put(
            f"{world.path}/hierarchies/{attribute}", headers={"Content-Type": "text/csv"}, content=table
        )
        assert uploaded.status_code == 200, uploaded.text
    wanted = ["sector", "country", "role_tier", "region", "place_scale"]
    body = refused(put(world, quasi_identifiers=wanted), 422, "policy-not-possible")
    assert [(one["pointer"], one["code"]) for one in body["errors"]] == [
        ("/quasi_identifiers/3", "too_large")
    ]


def test_another_study_s_questions_are_unknown(odd: World) -> None:
    other = World(odd.client, odd.engine, odd.settings, f"Another {new_id()}")
    body = refused(put(other, quasi_identifiers=["groups"]), 422, "policy-not-possible")
    assert body["errors"][0]["code"] == "unknown"
