"""An author marks questions about dates and times `open`: Eve is told of them no more than of any other date."""

from pathlib import Path

import pytest

from api.releases import slots
from tests.attacks.instrument import definition, question
from tests.attacks.scene import Scene
from tests.meta.shape import refused
from tests.personas import World
from tests.releases.policy.test_policies import put

KINDS = ("date", "time", "date_time")
ANSWERS = {"date": "1987-06-05", "time": "03:47", "date_time": "1987-06-05T03:47:00+00:00"}
SEEN = ("1987", "06-05", "03:47")
ASKED = (
    *(question(kind, f"said_{kind}", "open") for kind in KINDS),
    question(
        "repeat_group", "said", "open", children=[question(kind, f"part_{kind}", "open") for kind in KINDS]
    ),
)


@pytest.fixture
def scene(world: World) -> Scene:
    """Ten leaders who all answered the same day and time, once by itself and once in a repeat."""
    made = Scene(world)
    made.publish(definition(extra=ASKED))
    made.settle()
    answers = {f"said_{kind}": ANSWERS[kind] for kind in KINDS}
    inside = {f"part_{kind}": ANSWERS[kind] for kind in KINDS}
    for leader in made.leaders:
        made.keeps(leader, answers | {"said": [inside]})
    return made


@pytest.mark.parametrize("dates", ["week", "week_and_weekday"])
def test_a_date_that_is_called_open_leaves_as_its_week_and_a_time_as_its_part_of_the_day(
    scene: Scene, tmp_path: Path, dates: str
) -> None:
    assert put(scene.world, k=5, dates=dates).status_code == 200
    held = scene.given()
    assert held.finds(tmp_path, *SEEN) == set()
    for table, prefix in (("entries", "said_"), ("said", "part_")):
        rows = held.table(table)
        assert len(rows) == 10
        assert {tuple(row[f"{prefix}{kind}"] for kind in KINDS) for row in rows} == {("0", "night", "0")}
    rules = {row["column"]: (row["class"], row["rule"]) for row in held.table("codebook")}
    for prefix in ("said_", "part_"):
        assert rules[f"{prefix}date"] == rules[f"{prefix}date_time"] == ("generalise", "study week")
        assert rules[f"{prefix}time"] == ("generalise", "time of day")


def test_in_an_open_release_it_leaves_as_its_phase_and_a_time_not_at_all(
    scene: Scene, tmp_path: Path
) -> None:
    held = scene.given(tier="open")
    assert held.finds(tmp_path, *SEEN) == set()
    for table, prefix in (("entries", "said_"), ("said", "part_")):
        rows = held.table(table)
        assert {tuple(row.get(f"{prefix}{kind}", "") for kind in KINDS) for row in rows} == {("0", "", "0")}


def test_without_the_rule_eve_would_read_the_day_and_the_minute(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "_TIMES", set())
    assert scene.given().finds(tmp_path, *SEEN) == set(SEEN)


def test_no_date_is_a_quasi_identifier_or_a_sensitive_attribute_whatever_its_class(scene: Scene) -> None:
    for kind in KINDS:
        body = refused(put(scene.world, sensitive=[{"key": f"said_{kind}"}]), 422, "policy-not-possible")
        assert [one["code"] for one in body["errors"]] == ["no_options"]
        body = refused(put(scene.world, quasi_identifiers=[f"said_{kind}"]), 422, "policy-not-possible")
        assert [one["code"] for one in body["errors"]] == ["unknown"]
