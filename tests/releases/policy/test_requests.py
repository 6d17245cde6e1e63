"""Olivia asks for releases: of either tier, twice at once, and for what her policy does not allow."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.audit.service import OPERATOR
from api.core import db
from api.core.jobs import JobContext, Jobs
from api.releases import build, service
from api.studies import service as studies
from schemas.release import ReleaseCreate
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import World
from tests.releases.policy.test_policies import events, put

NAMED = {"recipient": "Dr Ana Analyst", "purpose": "themes"}


def ask(world: World, **body: Any) -> Any:
    """Ask for a release as Olivia."""
    return world.olivia.post(f"{world.path}/releases", body)


def make(world: World, asked: Any) -> dict[str, Any]:
    """Make a release as the worker would, and show it."""
    assert asked.status_code == 202, asked.text
    build.build(JobContext(world.settings, "test"), asked.json()["id"])
    found: dict[str, Any] = world.ana.get(asked.headers["Location"]).json()
    return found


def test_a_release_of_the_safeguarded_tier_names_who_gets_it_and_what_for(world: World) -> None:
    with nothing_stored(world.engine):
        assert pointers(refused(ask(world), 422, "invalid")) == {"/recipient", "/purpose"}
        body = refused(ask(world, recipient="R", tier="safeguarded"), 422, "invalid")
        assert pointers(body) == {"/purpose"}


def test_a_release_of_the_open_tier_is_for_everybody(world: World) -> None:
    asked = ask(world, tier="open").json()
    assert (asked["tier"], asked["recipient"], asked["purpose"]) == ("open", "the world", "any purpose")
    archived = ask(world, tier="open", recipient="The UK Data Archive").json()
    assert archived["recipient"] == "The UK Data Archive"


def test_a_release_raises_k_and_never_lowers_it(world: World) -> None:
    with nothing_stored(world.engine):
        for body in ({"k": 4} | NAMED, {"k": 9, "tier": "open"}):
            assert pointers(refused(ask(world, **body), 422, "policy-not-possible")) == {"/k"}
        for k in (2, 101, 10**20, "5", True):
            assert pointers(refused(ask(world, **NAMED, k=k), 422, "invalid")) == {"/k"}
    assert ask(world, **NAMED, k=6).status_code == 202


def test_a_lower_k_needs_a_written_reason_which_is_frozen_with_the_release(world: World) -> None:
    reason = "Only nine leaders of this kind exist, and all nine have agreed to be recognised."
    assert put(world, k=3, k_reason=reason, sensitive=[]).status_code == 200
    asked, raised = ask(world, **NAMED), ask(world, **NAMED, k=5)
    put(world, k=5, k_reason=None)
    with db.reading(world.engine) as session:
        frozen = [
            service.by_number(session, world.study_id, str(one.json()["number"])).policy
            for one in (asked, raised)
        ]
    assert [(policy["k"], policy["k_reason"]) for policy in frozen] == [(3, reason), (5, None)]


def test_the_same_release_asked_again_while_it_is_made_is_that_one(world: World) -> None:
    first = ask(world, **NAMED)
    with nothing_stored(world.engine):
        again = ask(world, **NAMED)
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert events(world, "release.requested") == 1


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": "roles"},
        {"recipient": "Dr Other"},
        {"tier": "open"},
        {"k": 7},
        {"quasi_identifiers": ["sector"]},
        {"cutoff": "2026-01-01T00:00:00Z"},
    ],
)
def test_another_release_waits_for_its_turn(world: World, other: dict[str, Any]) -> None:
    first, second = ask(world, **NAMED).json(), ask(world, **(NAMED | other))
    assert (first["number"], first["ahead"]) == (1, 0)
    assert (second.json()["number"], second.json()["ahead"]) == (2, 1)
    assert [one["ahead"] for one in world.ana.get(f"{world.path}/releases").json()] == [0, 1]
    make(world, ask(world, **NAMED))
    assert world.ana.get(second.headers["Location"]).json()["ahead"] == 0


def test_two_clicks_at_once_are_one_release(world: World) -> None:
    jobs = Jobs(world.settings)

    def click(_: int) -> int:
        with db.transaction(world.engine) as session:
            study = studies.get(session, world.study_id)
            return service.request(session, jobs, OPERATOR, study, ReleaseCreate.model_validate(NAMED)).number

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, range(8))) == [1] * 8
    jobs.close()
    assert events(world, "release.requested") == 1


def test_once_it_is_made_it_can_be_asked_for_again(world: World) -> None:
    for _ in range(5):
        world.join().keeps()
    assert make(world, ask(world, **NAMED))["status"] == "published"
    assert make(world, ask(world, **NAMED))["number"] == 2
