"""Olivia sees before she asks whether an earlier release stands in the way."""

from typing import Any

from tests.commands import daybook
from tests.meta.shape import nothing_stored, refused
from tests.personas import World
from tests.releases.gate.house import gate, join, leave, publish, refuse
from tests.releases.policy.test_policies import put

ANA = {"recipient": "Dr Ana", "purpose": "themes", "quasi_identifiers": ["sector"]}


def preview(world: World, **body: Any) -> Any:
    """Ask what a release to Ana would cost, as Olivia; it keeps nothing."""
    with nothing_stored(world.engine):
        answer = world.olivia.post(f"{world.path}/release-previews", ANA | body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_it_refuses_in_the_words_of_the_release(world: World) -> None:
    leo, *_ = join(world, local_gov=12, third_sector=6)
    publish(world)
    leave(world, leo)
    found = preview(world)
    why = refuse(world)
    assert "One person of release 1 is not in this one." in why
    assert "with `fit_earlier`, leaving 4 of 17 people out" in why
    assert found["cost"]["refusal"] == why
    assert (found["cost"]["class_sizes"], found["cost"]["attributes"]) == ([], [])
    (without,) = found["alternatives"]
    assert "One person of release 1 is not in this one." in without["cost"]["refusal"]
    assert "It could be made" not in without["cost"]["refusal"]
    assert "Neither" not in without["cost"]["refusal"]


def test_fitted_it_tells_how_many_would_be_left_out(world: World) -> None:
    leo, *_ = join(world, local_gov=12, third_sector=6)
    publish(world)
    leave(world, leo)
    cost = preview(world, fit_earlier=True)["cost"]
    assert (cost["refusal"], cost["people_left_out"], cost["class_sizes"]) == (None, 4, [6, 7])
    publish(world, fit_earlier=True)
    assert gate(world, 2).left_out == 4


def test_it_compares_with_what_the_recipient_may_hold(world: World) -> None:
    leo, *_ = join(world, local_gov=12, third_sector=12)
    publish(world)
    leave(world, leo)
    other = preview(world, recipient="Dr Ben")
    nobody = preview(world, recipient=None)
    assert other["cost"]["refusal"] is nobody["cost"]["refusal"] is None
    assert (other["notes"], len(nobody["notes"])) == ([], 1)
    assert "No recipient is named" in nobody["notes"][0]
    assert "One person of release 1" in preview(world, recipient=" dr ANA")["cost"]["refusal"]
    to_the_world = preview(world, tier="open", recipient=None, purpose=None)
    assert ("One person of release 1" in to_the_world["cost"]["refusal"], to_the_world["notes"]) == (True, [])


def test_dates_told_more_finely_are_refused(world: World) -> None:
    join(world, local_gov=12, third_sector=12)
    publish(world)
    put(world, dates="week_and_weekday")
    assert preview(world)["cost"]["refusal"] == refuse(world)


def test_who_may_not_ask_for_releases_learns_nothing_by_it(world: World) -> None:
    leo, *_ = join(world, local_gov=12, third_sector=6)
    publish(world)
    leave(world, leo)
    for tried in (ANA, ANA | {"fit_earlier": True}):
        refused(world.ana.post(f"{world.path}/release-previews", tried), 403, "forbidden")
        refused(world.ana.post(f"{world.path}/releases", tried), 403, "forbidden")


def test_the_command_says_the_same(world: World) -> None:
    leo, *_ = join(world, local_gov=12, third_sector=6)
    put(world, quasi_identifiers=["sector"], k=5)
    publish(world)
    leave(world, leo)
    words = ("release", "preview", world.study_id)
    with nothing_stored(world.engine):
        assert "k reached" in daybook(world.settings, *words)[1]
        said = " ".join(daybook(world.settings, *words, "--recipient", "Dr Ana")[1].split())
        assert "It would be refused: Beside an earlier release" in said
        fitted = daybook(world.settings, *words, "--recipient", "Dr Ana", "--fit-earlier")[1]
        assert "4 people left out, for a later release" in fitted
