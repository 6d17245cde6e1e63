"""A report says how many people the parts of the day single out, where a release tells them."""

from typing import Any

from tests.personas import Leader, World
from tests.releases.report.test_figures import report
from tests.releases.report.test_page import Page
from tests.releases.report.test_recipients import disclosure
from tests.releases.test_pipeline import ask

LINE = "By 8 true dates with the part of the day"
NIGHT: dict[str, Any] = {
    "happened_at": "2026-11-02T23:30:00+00:00",
    "made_at": "2026-11-02T23:30:00+00:00",
    "time_zone": "Etc/UTC",
    "local_date": "2026-11-02",
}
EARLY = {name: value.replace("23:30", "06:30") for name, value in NIGHT.items()}


def test_who_stands_alone_by_the_part_of_the_day_is_counted_in_the_section_about_risk(world: World) -> None:
    for number in range(12):
        leader = world.join()
        assert leader.keeps(**(EARLY if number == 0 else NIGHT)).status_code == 201
    ask(world)
    dates = report(world)["dates"]
    assert (dates["singled_out"], round(dates["with_time_of_day"] * 12)) == (0, 1)
    html = world.olivia.get(f"{world.path}/releases/1/report.html").text
    assert LINE in html.partition('id="risk"')[2].partition('id="time"')[0]
    assert f"{LINE}8.3 %" in Page(html).words.replace("\n", "")
    assert "singles out this many people: fewer than 5, or none" in disclosure(world)


def test_of_a_release_that_tells_no_part_of_the_day_nothing_is_said_of_it(
    world: World, leaders: list[Leader]
) -> None:
    ask(world, tier="open")
    assert report(world)["dates"]["with_time_of_day"] is None
    assert "part of the day" not in world.olivia.get(f"{world.path}/releases/1/report.html").text
    assert "part of the day" not in disclosure(world)
