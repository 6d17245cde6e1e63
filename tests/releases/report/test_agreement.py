"""The report says under which agreement its release was given, and until when that holds."""

from datetime import timedelta
from typing import Any

import time_machine

from api.core import clock
from tests.commands import daybook
from tests.personas import World
from tests.releases.gate.house import join, publish
from tests.releases.gate.test_agreements import end, record
from tests.releases.report.test_figures import report
from tests.releases.report.test_page import SCRIPT, Page

DSA = {
    "organisation": "University of Example",
    "reference": "DSA-17",
    "ends_on": "2199-12-31",
    "ended_at": None,
}


def page(world: World) -> Any:
    return world.olivia.get(f"{world.path}/releases/latest/report.html").text


def test_it_names_the_reference_and_the_last_day(world: World) -> None:
    join(world, local_gov=6)
    record(world)
    publish(world)
    assert report(world)["agreement"] == DSA
    assert "DSA-17, University of Example, until 31 December 2199" in Page(page(world)).words
    status, said = daybook(world.settings, "release", "report", world.study_id)
    assert (status, "DSA-17" in said) == (0, True)


def test_whatever_the_reference_says_runs_nothing(world: World) -> None:
    join(world, local_gov=6)
    record(world, reference=SCRIPT)
    publish(world)
    assert report(world)["agreement"]["reference"] == SCRIPT
    assert (SCRIPT in Page(page(world)).words, "<script" in page(world)) == (True, False)


def test_where_none_was_recorded_it_says_so(world: World) -> None:
    join(world, local_gov=12)
    publish(world)
    publish(world, tier="open", quasi_identifiers=[])
    record(world, valid_from=str(clock.now().date() + timedelta(days=2)))
    for number in (1, 2):
        found = world.olivia.get(f"{world.path}/releases/{number}/report").json()
        assert found["agreement"] is None
    assert "none was recorded" in Page(page(world)).words


def test_it_is_the_one_of_the_day_when_it_was_published_even_if_it_was_ended_since(world: World) -> None:
    join(world, local_gov=6)
    record(world, reference="DSA-16", ends_on="2020-02-01")
    agreement = record(world).json()
    publish(world)
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        ended = end(world, agreement).json()
        record(world, reference="DSA-18")
        assert report(world)["agreement"] == DSA | {"ended_at": ended["ended_at"]}
        assert f"; ended on {clock.now():%d %B %Y}" in Page(page(world)).words
