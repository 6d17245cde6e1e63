"""The occasions of one day: which prompts a schedule plans for a person, at which times of their wall clock."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from api.prompts.planning.days import Person, asks_on, first_day
from api.prompts.planning.draws import apart
from api.prompts.planning.quiet import is_quiet, moved
from api.prompts.planning.wallclock import instant, minutes_between, shown
from schemas.schedule import EnrolmentTiming, IntervalTiming, QuietHours, Schedule, SignalTiming, WallTime


@dataclass(frozen=True)
class Occasion:
    """One planned prompt: its name, unique for a person, and its time on their wall clock."""

    name: str
    day: date
    at: WallTime
    fold: int
    planned_at: datetime
    expires_at: datetime


def occasions(schedule: Schedule, person: Person, day: date, seed: str) -> list[Occasion]:
    """Return what a schedule plans for a person on a day of their own calendar, in order; the same each time."""
    timing = schedule.timing
    if isinstance(timing, EnrolmentTiming):
        wanted = (day - first_day(schedule, person)).days in timing.days
        return [named(schedule, person, f"{day}:0", day, timing.at)] if wanted else []
    if not asks_on(schedule, person, day):
        return []
    if isinstance(timing, IntervalTiming):
        return list(_at_fixed_times(schedule, timing, person, day))
    if isinstance(timing, SignalTiming):
        return list(_at_random(schedule, timing, person, day, seed))
    return []


def named(schedule: Schedule, person: Person, name: str, day: date, at: WallTime) -> Occasion:
    """Return an occasion at a person's own hour if they chose one, and out of their quiet hours."""
    if schedule.movable and person.reminders.at and _is_single(schedule):
        at = person.reminders.at
    at = moved(at, quiet_of(schedule, person)) or at
    return _occasion(schedule, name, instant(day, at, person.time_zone), (day, at, 0))


def quiet_of(schedule: Schedule, person: Person) -> list[QuietHours]:
    """Return the quiet hours of the study and of the person."""
    return [one for one in (schedule.quiet, person.reminders.quiet) if one]


def _at_fixed_times(
    schedule: Schedule, timing: IntervalTiming, person: Person, day: date
) -> Iterator[Occasion]:
    taken: set[WallTime] = set()
    for number, at in enumerate(timing.times):
        made = named(schedule, person, f"{day}:{number}", day, at)
        if made.at not in taken:  # two times that quiet hours moved to the same minute are one prompt
            yield made
        taken.add(made.at)


def _at_random(
    schedule: Schedule, timing: SignalTiming, person: Person, day: date, seed: str
) -> Iterator[Occasion]:
    quiet = quiet_of(schedule, person)
    window = minutes_between(day, timing.opens, timing.closes, person.time_zone)
    allowed = [at for at, minute in window if not is_quiet(minute, quiet)]
    random = Random(_seeded(seed, person, day))  # noqa: S311 - moments of a day, not a secret
    for number, place in enumerate(apart(timing.prompts, timing.minimum_gap, len(allowed), random)):
        at = allowed[place]
        yield _occasion(schedule, f"{day}:{number}", at, shown(at, person.time_zone))


def _occasion(schedule: Schedule, name: str, at: datetime, wall: tuple[date, WallTime, int]) -> Occasion:
    day, clock, fold = wall
    return Occasion(
        f"{schedule.key}:{name}", day, clock, fold, at, at + timedelta(minutes=schedule.expires_after)
    )


def _is_single(schedule: Schedule) -> bool:
    return not isinstance(schedule.timing, IntervalTiming) or len(schedule.timing.times) == 1


def _seeded(seed: str, person: Person, day: date) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{person.id}:{day}".encode()).digest()[:8], "big")
