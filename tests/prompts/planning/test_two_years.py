"""Two years in five zones: no prompt is missed, none doubled, and the wall clock is right when the clocks change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from dateutil import tz
from hypothesis import given, settings
from hypothesis import strategies as st

from api.prompts.planning.days import Person
from api.prompts.planning.occasions import Occasion, occasions
from api.prompts.planning.quiet import is_quiet
from schemas.schedule import WEEKDAYS, IntervalTiming, Schedule, SignalTiming, minute_of
from tests.prompts.planning.calendars import DAYS, FIRST, ZONES, intervals, leo, schedules, signals

zones = st.sampled_from(ZONES)


def planned(schedule: Schedule, who: Person) -> list[tuple[date, list[Occasion]]]:
    return [(day, occasions(schedule, who, day, "seed")) for day in DAYS]


def asked_days(schedule: Schedule) -> Iterator[date]:
    """The days of a schedule, counted anew without the code that is tried here."""
    first = max(FIRST, schedule.starts_on or FIRST)
    for day in DAYS:
        number = (day - first).days
        if number < 0 or number % schedule.every_days or (schedule.ends_on and day > schedule.ends_on):
            continue
        if day in schedule.holidays or WEEKDAYS[day.weekday()] not in schedule.weekdays:
            continue
        phases = [range(b.from_day, b.from_day + b.days) for b in schedule.bursts]
        if not phases or any(number in phase for phase in phases):
            yield day


def by_another_library(day: date, at: str, zone: str, fold: int = 0) -> datetime:
    """The instant of a wall-clock time, by dateutil; a time that is left out is read by the clock before."""
    wall = datetime(day.year, day.month, day.day, int(at[:2]), int(at[3:]), tzinfo=tz.gettz(zone), fold=fold)
    if tz.datetime_exists(wall):
        return wall.astimezone(UTC)
    before = (wall - timedelta(hours=3)).utcoffset()
    assert before is not None
    return wall.replace(tzinfo=UTC) - before


@settings(max_examples=60, deadline=None)
@given(schedules(intervals()), zones)
def test_fixed_times_are_asked_once_each_on_the_wall_clock(schedule: Schedule, zone: str) -> None:
    found = planned(schedule, leo(zone))
    assert isinstance(schedule.timing, IntervalTiming)
    assert [day for day, asked in found if asked] == (
        [] if _never_awake(schedule) else list(asked_days(schedule))
    )
    names = [one.name for _, asked in found for one in asked]
    assert len(names) == len(set(names))
    for day, asked in found:
        assert len({one.at for one in asked}) == len(asked)
        if asked and schedule.quiet is None:
            assert [one.at for one in asked] == schedule.timing.times
        for one in asked:
            assert one.day == day
            assert one.planned_at == by_another_library(day, one.at, zone)
            assert schedule.quiet is None or not is_quiet(minute_of(one.at), [schedule.quiet])


@settings(max_examples=40, deadline=None)
@given(schedules(signals()), zones)
def test_random_moments_are_as_many_as_wished_within_the_window_and_apart(
    schedule: Schedule, zone: str
) -> None:
    timing = schedule.timing
    assert isinstance(timing, SignalTiming)
    wanted = set(asked_days(schedule))
    for day, asked in planned(schedule, leo(zone)):
        if day not in wanted:
            assert asked == []
            continue
        opens, closes = (by_another_library(day, at, zone) for at in (timing.opens, timing.closes))
        assert all(opens <= one.planned_at <= closes for one in asked)
        gaps = [b.planned_at - a.planned_at for a, b in pairwise(asked)]
        assert all(gap >= timedelta(minutes=timing.minimum_gap) for gap in gaps)
        for one in asked:
            assert one.planned_at == by_another_library(one.day, one.at, zone, one.fold)
            assert schedule.quiet is None or not is_quiet(minute_of(one.at), [schedule.quiet])
        if schedule.quiet is None and closes - opens >= timedelta(
            minutes=(timing.prompts - 1) * timing.minimum_gap
        ):
            assert len(asked) == timing.prompts


@settings(max_examples=30, deadline=None)
@given(schedules(), zones, st.sampled_from(DAYS))
def test_the_same_day_is_planned_the_same_each_time_and_for_others_otherwise(
    schedule: Schedule, zone: str, day: date
) -> None:
    assert occasions(schedule, leo(zone), day, "seed") == occasions(schedule, leo(zone), day, "seed")


CHANGES: list[tuple[str, date, str, str]] = [
    # zone, day, wall clock, instant
    ("Europe/London", date(2026, 3, 28), "17:30", "2026-03-28T17:30"),
    ("Europe/London", date(2026, 3, 29), "17:30", "2026-03-29T16:30"),
    ("Europe/London", date(2026, 3, 29), "01:30", "2026-03-29T01:30"),  # left out: 02:30 of the new time
    ("Europe/London", date(2026, 10, 25), "01:30", "2026-10-25T00:30"),  # comes twice: the first
    ("Europe/London", date(2026, 10, 25), "17:30", "2026-10-25T17:30"),
    ("Europe/Lisbon", date(2026, 3, 29), "17:30", "2026-03-29T16:30"),
    ("Europe/Lisbon", date(2026, 10, 25), "17:30", "2026-10-25T17:30"),
    ("America/New_York", date(2026, 3, 29), "17:30", "2026-03-29T21:30"),  # changed three weeks before London
    ("America/New_York", date(2026, 10, 25), "17:30", "2026-10-25T21:30"),  # changes a week after London
    ("Australia/Lord_Howe", date(2026, 3, 29), "17:30", "2026-03-29T06:30"),
    ("Australia/Lord_Howe", date(2026, 10, 25), "17:30", "2026-10-25T06:30"),
    ("Australia/Lord_Howe", date(2026, 4, 6), "17:30", "2026-04-06T07:00"),  # by half an hour
    ("Pacific/Kiritimati", date(2026, 3, 29), "17:30", "2026-03-29T03:30"),
    ("Pacific/Kiritimati", date(2026, 10, 25), "01:30", "2026-10-24T11:30"),
]


@pytest.mark.parametrize(("zone", "day", "at", "instant"), CHANGES)
def test_the_wall_clock_is_right_when_clocks_change(zone: str, day: date, at: str, instant: str) -> None:
    body: dict[str, Any] = {"key": "asked", "instrument": "d", "kind": "day"}
    schedule = Schedule.model_validate(body | {"timing": {"type": "interval", "times": [at]}})
    (one,) = occasions(schedule, leo(zone), day, "seed")
    assert one.planned_at == datetime.fromisoformat(f"{instant}+00:00")


def _never_awake(schedule: Schedule) -> bool:
    return schedule.quiet is not None and all(is_quiet(minute, [schedule.quiet]) for minute in range(1440))
