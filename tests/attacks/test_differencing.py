"""Eve subtracts releases from each other while people join, leave and move, and looks for the smallest group."""

from collections import Counter, defaultdict
from random import Random
from typing import Any
from uuid import UUID

import pytest

from api.releases.gate import service as gate
from tests.personas import World
from tests.releases.gate.house import ask, join, leave, move, shown

RECIPIENTS = ("Dr Ana", "Dr Bob")
K = 5
SEEDS = (1, 2, 3)
ROUNDS = 5


def smallest_group(world: World, seed: int) -> tuple[int, int]:
    """Let a study live by chance; return the smallest group that any holder can tell apart, and how many were refused.

    The attacker can follow everybody from one release to the next, so that people of one story - how each release
    that they hold describes them, or that it does not - are one group.
    """
    chance = Random(seed)
    people = join(world, local_gov=9, university_he=9, third_sector=7)
    held: defaultdict[str, list[dict[UUID, tuple[str, ...]]]] = defaultdict(list)
    refused = 0
    for _ in range(ROUNDS):
        for to in ("Dr Ana", chance.choice(("Dr Bob", "the world"))):
            release = ask(world, **_wanted(to, fit=chance.random() < 0.5))
            refused += release["status"] == "refused"
            if release["status"] == "published":
                for holder in RECIPIENTS if to == "the world" else (to,):
                    held[holder].append(shown(world, release["number"]))
        people = _changed(world, people, chance)
    return min(_smallest(releases) for releases in held.values()), refused


def _wanted(to: str, *, fit: bool) -> dict[str, Any]:
    named = {"tier": "open"} if to == "the world" else {"recipient": to}
    return named | {"fit_earlier": fit}


def _changed(world: World, people: list[UUID], chance: Random) -> list[UUID]:
    leaving = chance.sample(people, chance.choice((0, 1, 2, 5)))
    leave(world, *leaving)
    left = [one for one in people if one not in leaving]
    move(world, "central_gov", chance.sample(left, chance.choice((0, 1, 6))))
    return left + join(world, **{chance.choice(("local_gov", "central_gov")): chance.choice((0, 1, 6))})


def _smallest(releases: list[dict[UUID, tuple[str, ...]]]) -> int:
    everybody = {one for release in releases for one in release}
    return min(Counter(tuple(release.get(one) for release in releases) for one in everybody).values())


@pytest.fixture
def another(lasting_world: World) -> World:
    """A study of its own."""
    return World(lasting_world.client, lasting_world.engine, lasting_world.settings)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_holder_of_releases_tells_fewer_than_k_people_apart(another: World, seed: int) -> None:
    smallest, refused = smallest_group(another, seed)
    assert smallest >= K
    assert refused  # there was something to refuse


def test_without_the_gate_single_people_would_be_told_apart(
    another: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "findings", lambda *_: [])
    smallest, refused = smallest_group(another, SEEDS[0])
    assert (smallest, refused) == (1, 0)
