"""Olivia records with whom the study has agreed what; releases are given under that only."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from api.core import clock
from api.core.ids import new_id
from tests.meta.bodies import AGREEMENT
from tests.meta.shape import nothing_stored, pointers, refused
from tests.personas import World
from tests.releases.gate.house import join, made, publish, wanted
from tests.releases.policy.test_policies import events

ANA = AGREEMENT | {"recipient": "Dr Ana", "purpose": "themes"}


def record(world: World, **changes: Any) -> Any:
    """Record an agreement with Ana, as Olivia."""
    return world.olivia.post(f"{world.path}/agreements", ANA | changes)


def end(world: World, agreement: Any) -> Any:
    return world.olivia.post(f"{world.path}/agreements/{agreement['id']}/end")


def ask(world: World, **body: Any) -> Any:
    return world.olivia.post(f"{world.path}/releases", {"recipient": "Dr Ana", "purpose": "themes"} | body)


def take(world: World, number: int) -> Any:
    """Take a file of a release, as Ana."""
    return world.ana.get(f"{world.path}/releases/{number}/entries.csv")


def test_a_study_that_has_recorded_none_is_tried_out_without(world: World) -> None:
    join(world, local_gov=6)
    publish(world)
    assert take(world, 1).status_code == 200
    assert world.ana.get(f"{world.path}/agreements").json() == []


def test_from_the_first_on_a_safeguarded_release_needs_one_and_an_open_one_does_not(world: World) -> None:
    made = record(world)
    assert made.status_code == 201
    assert world.ana.get(f"{world.path}/agreements").json() == [made.json()]
    assert made.json()["in_force"]
    with nothing_stored(world.engine):
        refused(ask(world, recipient="Dr Ben"), 409, "agreement-needed")
        refused(ask(world, purpose="roles"), 409, "agreement-needed")
    assert ask(world, tier="open", recipient=None, purpose=None).status_code == 202
    assert ask(world).status_code == 202


def test_however_it_is_written_it_is_the_agreement_that_is_named(world: World) -> None:
    record(world)
    asked = ask(world, recipient=" dr  ANA", purpose="Themes").json()
    assert (asked["recipient"], asked["purpose"]) == ("Dr Ana", "themes")


def test_an_agreement_that_was_ended_gives_nothing_more(world: World) -> None:
    join(world, local_gov=6)
    agreement = record(world).json()
    publish(world)
    waiting = wanted(world)
    assert take(world, 1).status_code == 200
    found = end(world, agreement)
    assert (found.status_code, found.json()["in_force"]) == (200, False)
    with nothing_stored(world.engine):
        refused(ask(world), 409, "agreement-over")
        refused(take(world, 1), 409, "agreement-over")
        assert end(world, agreement).json() == found.json()
    assert made(world, waiting)["status"] == "refused"
    record(world, reference="DSA-18")
    assert take(world, 1).status_code == 200
    publish(world)
    assert (events(world, "agreement.recorded"), events(world, "agreement.ended")) == (2, 1)


def test_an_agreement_holds_from_its_first_day_to_its_last_in_the_study_s_own_time(world: World) -> None:
    join(world, local_gov=6)
    with time_machine.travel("2026-07-01T12:00:00Z", tick=False):
        begins = clock.now().date()
        record(world, valid_from=str(begins), ends_on=str(begins + timedelta(days=1)))
    for moment, holds in (
        ("2026-06-30T22:59:00Z", False),  # in London it is still June
        ("2026-06-30T23:00:00Z", True),
        ("2026-07-02T22:59:00Z", True),
        ("2026-07-02T23:00:00Z", False),
    ):
        with time_machine.travel(moment, tick=False):
            assert world.ana.get(f"{world.path}/agreements").json()[0]["in_force"] is holds


def test_the_same_recorded_twice_is_one(world: World) -> None:
    first = record(world).json()
    with nothing_stored(world.engine):
        assert record(world).json() == first


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"ends_on": "2019-12-31"}, "/ends_on"),
        ({"recipient": ""}, "/recipient"),
        ({"reference": "x" * 201}, "/reference"),
        ({"organisation": "a\x00b"}, "/organisation"),
        ({"valid_from": "0001-01-01"}, "/valid_from"),
        ({"secret": 1}, "/secret"),
    ],
)
def test_what_is_no_agreement_is_not_recorded(world: World, changes: dict[str, Any], pointer: str) -> None:
    with nothing_stored(world.engine):
        assert pointers(refused(record(world, **changes), 422, "invalid")) == {pointer}


def test_only_an_owner_records_and_only_in_her_own_study(world: World) -> None:
    agreement = record(world).json()
    other = World(world.client, world.engine, world.settings, "Another study")
    with nothing_stored(world.engine, but={"audit_event"}):
        refused(world.ana.post(f"{world.path}/agreements", ANA), 403, "forbidden")
        refused(world.ana.post(f"{world.path}/agreements/{agreement['id']}/end"), 403, "forbidden")
        refused(end(other, agreement), 404, "not-found")
        refused(end(world, {"id": new_id()}), 404, "not-found")
        refused(other.olivia.get(f"{world.path}/agreements"), 404, "not-found")
