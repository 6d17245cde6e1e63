"""The operator records agreements, ends them, and hands out files under them only."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.commands import daybook
from tests.meta.shape import nothing_stored
from tests.personas import World
from tests.releases.gate.house import gate, join, leave, made, publish
from tests.releases.policy.test_policies import events

WITH_ANA = {
    "--recipient": "Dr Ana",
    "--organisation": "University of Example",
    "--purpose": "themes",
    "--reference": "DSA-17",
    "--from": "2020-01-01",
    "--until": "2199-12-31",
}


def add(world: World, **changes: str) -> tuple[int, str]:
    """Record an agreement with Ana, as the operator."""
    given = WITH_ANA | {f"--{name}": value for name, value in changes.items()}
    return daybook(
        world.settings, "agreement", "add", world.study_id, *[w for pair in given.items() for w in pair]
    )


def listed(world: World) -> str:
    status, said = daybook(world.settings, "agreement", "list", world.study_id)
    assert status == 0, said
    return said


def download(world: World, number: int, folder: Path) -> tuple[int, str]:
    return daybook(world.settings, "release", "download", world.study_id, number, "--folder", folder)


def test_an_agreement_is_recorded_listed_and_ended(world: World) -> None:
    with nothing_stored(world.engine):
        assert "No agreement is recorded" in listed(world)
    status, agreement = add(world, reference="DSA-17 [bold]")
    assert status == 0, agreement
    (over_http,) = world.ana.get(f"{world.path}/agreements").json()
    assert (over_http["id"], over_http["reference"]) == (agreement.strip(), "DSA-17 [bold]")
    for told in (
        "Dr Ana",
        "University of Example",
        "themes",
        "DSA-17 [bold]",
        "2020-01-01",
        "2199-12-31",
        "  in force",
    ):
        assert told in listed(world)
    for _ in range(2):
        assert daybook(world.settings, "agreement", "end", world.study_id, agreement.strip()) == (
            0,
            "Ended.\n",
        )
    assert "  ended on 20" in listed(world)
    assert world.ana.get(f"{world.path}/agreements").json()[0]["in_force"] is False
    assert (events(world, "agreement.recorded"), events(world, "agreement.ended")) == (1, 1)


def test_one_that_has_not_begun_is_not_in_force(world: World) -> None:
    add(world, **{"from": "2199-12-30"})
    assert "  not in force" in listed(world)


@pytest.mark.parametrize(
    ("changes", "said_of_it"),
    [
        ({"until": "2019-12-31"}, "/ends_on: It would end before it begins."),
        ({"until": "tomorrow"}, "/ends_on:"),
        ({"recipient": ""}, "/recipient:"),
        ({"purpose": "x" * 201}, "/purpose:"),
    ],
)
def test_what_is_no_agreement_is_refused_as_over_http(
    world: World, changes: dict[str, str], said_of_it: str
) -> None:
    with nothing_stored(world.engine):
        status, said = add(world, **changes)
    assert (status, said_of_it in said) == (1, True), said


def test_an_agreement_of_another_study_is_not_found(world: World) -> None:
    _, agreement = add(world)
    other = World(world.client, world.engine, world.settings, "Another study")
    with nothing_stored(world.engine):
        for study, which in ((other.study_id, agreement.strip()), (world.study_id, other.study_id)):
            assert daybook(world.settings, "agreement", "end", study, which)[0] == 1
    assert "No agreement is recorded" in listed(other)


def test_the_operator_asks_and_hands_out_under_an_agreement_only(world: World, tmp_path: Path) -> None:
    join(world, local_gov=6)
    create: list[Any] = [
        "release",
        "create",
        world.study_id,
        "--purpose",
        "themes",
        "--no-wait",
        "--recipient",
    ]
    publish(world)
    assert download(world, 1, tmp_path / "tried")[0] == 0
    taken = events(world, "release.downloaded")
    assert taken == len(list((tmp_path / "tried").iterdir())) > 5
    _, agreement = add(world)
    assert daybook(world.settings, *create, "Dr Ana")[0] == 0
    assert download(world, 1, tmp_path / "under")[0] == 0
    daybook(world.settings, "agreement", "end", world.study_id, agreement.strip())
    with nothing_stored(world.engine):
        for words in ("Dr Ben", "Dr Ana"):
            status, said = daybook(world.settings, *create, words)
            assert (status, "agreement" in said) == (1, True)
        status, said = download(world, 1, tmp_path / "after")
    assert (status, "is not in force. It was ended." in " ".join(said.split())) == (1, True), said
    assert not (tmp_path / "after").exists()
    assert events(world, "release.downloaded") == 2 * taken


def test_files_that_are_away_are_told_in_a_sentence(world: World, tmp_path: Path) -> None:
    join(world, local_gov=6)
    publish(world)
    shutil.rmtree(world.settings.data_dir / "releases")
    status, said = download(world, 1, tmp_path)
    assert (status, "files cannot be reached" in said) == (1, True), said


def test_the_operator_may_fit_a_release_to_earlier_ones(world: World) -> None:
    leo, *_ = join(world, local_gov=12, third_sector=6)
    publish(world)
    leave(world, leo)
    words = ["release", "create", world.study_id, "--recipient", "Dr Ana", "--purpose", "themes", "--no-wait"]
    for more, ends in (([], "refused"), (["--fit-earlier"], "published")):
        assert daybook(world.settings, *words, *more)[0] == 0
        latest = world.olivia.get(f"{world.path}/releases").json()[-1]
        assert made(world, latest["id"])["status"] == ends, latest
    assert gate(world, 3).left_out == 4
    status, said = daybook(world.settings, *words[:4], "x" * 201, *words[5:])
    assert (status, "/recipient:" in said) == (1, True)
