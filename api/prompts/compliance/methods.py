"""Items 3 to 9 of the checklist: how the study was run."""

import statistics
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from api.prompts.compliance import wording
from api.prompts.compliance.lines import Line
from api.prompts.compliance.studied import Studied
from schemas.compliance import CremasRow
from schemas.schedule import Schedule

_SECTION = "Methods"
_NO_SCHEDULE = "For the team to write: prompts were imported, and how another tool planned them is not known."
_DATES = "By the participants' own calendars."


def methods(found: Studied) -> Iterator[CremasRow]:
    """Yield the lines of the methods section."""
    yield Line(3, _SECTION, "Training").team("whether and how participants were trained")
    yield from _technology(found)
    waves = Line(5, _SECTION, "Wave duration")
    yield from _each(found, waves, "number of waves", wording.waves)
    period = Line(6, _SECTION, "Monitoring period")
    yield from _each(found, period, "days of each wave", wording.period)
    yield from _each(found, period, "weekdays asked", wording.asked_on)
    yield from _observed(found, period)
    yield from _each(
        found, Line(7, _SECTION, "Prompting design"), "strategy", lambda one: wording.strategy(one.timing)
    )
    frequency = Line(8, _SECTION, "Prompt frequency")
    yield from _each(found, frequency, "intended per day", lambda one: wording.per_day(one.timing))
    yield from _frequency(found, frequency)
    design = Line(9, _SECTION, "Design features")
    yield from _each(found, design, "burden and bias", wording.features)
    yield design.team("what else was done about bias and burden")


def _technology(found: Studied) -> Iterator[CremasRow]:
    line = Line(4, _SECTION, "Technology")
    scheduled = found.prompts.height - found.unscheduled
    if scheduled:
        yield line.computed(
            "program", "Daybook", f"It planned {scheduled} of {found.prompts.height} prompts."
        )
    if found.unscheduled or not scheduled:
        yield line.team("program", _NO_SCHEDULE)
    for channel, number in found.channels.items():
        yield line.computed(f"prompts handed over by {channel}", number)
    yield line.team("devices, models and operating systems")


def _each(found: Studied, line: Line, what: str, say: Callable[[Schedule], object]) -> Iterator[CremasRow]:
    for one in found.known.values():
        value = say(one.definition)
        shown = f"{what} ({one.key})"
        yield line.team(shown) if value is None else line.planned(shown, value)
    if found.unscheduled or not found.known:
        yield line.team(what, _NO_SCHEDULE if found.unscheduled else "For the team to write.")


def _observed(found: Studied, line: Line) -> Iterator[CremasRow]:
    if found.prompts.is_empty():
        return
    days = found.prompts["day"].unique()
    weekend = int((days.dt.weekday() >= 6).sum())
    yield line.computed("first day with a prompt", days.min(), _DATES)
    yield line.computed("last day with a prompt", days.max(), _DATES)
    yield line.computed(
        "days with a prompt", f"{len(days)} ({len(days) - weekend} weekdays, {weekend} weekend days)"
    )
    each = found.prompts.group_by("participant").agg(pl.col("day").n_unique())["day"].to_list()
    shortest, median, longest = min(each), statistics.median(each), max(each)
    value = f"{median:g} ({shortest} to {longest})"
    yield line.computed("days with a prompt per participant, median (range)", value)


def _frequency(found: Studied, line: Line) -> Iterator[CremasRow]:
    is_weekend = pl.col("day").dt.weekday() >= 6
    for name, which in (("weekdays", ~is_weekend), ("weekend days", is_weekend)):
        per_day: Any = found.prompts.filter(which).group_by("participant", "day").agg(pl.len())["len"].mean()
        yield line.computed(f"planned per participant and day, mean, on {name}", per_day)
