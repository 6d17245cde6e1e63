"""On which days a schedule asks a person."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from schemas.reminders import RemindersPut
from schemas.schedule import WEEKDAYS, Schedule


@dataclass(frozen=True)
class Person:
    """Whom a schedule asks."""

    id: UUID
    enrolled_on: date
    time_zone: str
    reminders: RemindersPut = field(default_factory=RemindersPut)


def first_day(schedule: Schedule, person: Person) -> date:
    """Return the day from which the days of a schedule are counted for a person."""
    return max(person.enrolled_on, schedule.starts_on or person.enrolled_on)


def asks_on(schedule: Schedule, person: Person, day: date) -> bool:
    """Say whether a schedule asks a person on a day of their own calendar."""
    number = (day - first_day(schedule, person)).days
    weekday = WEEKDAYS[day.weekday()]
    return (
        number >= 0
        and number % schedule.every_days == 0
        and not (schedule.ends_on and day > schedule.ends_on)
        and weekday in schedule.weekdays
        and weekday in (person.reminders.weekdays or WEEKDAYS)
        and day not in schedule.holidays
        and in_burst(schedule, number)
    )


def in_burst(schedule: Schedule, number: int) -> bool:
    """Say whether a day, counted from 0, lies in one of the bursts; without any, every day does."""
    if not schedule.bursts:
        return True
    return any(burst.from_day <= number < burst.from_day + burst.days for burst in schedule.bursts)
