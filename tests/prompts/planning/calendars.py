"""Schedules as researchers may write them, and the five zones of the simulations."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from api.prompts.planning.days import Person
from schemas.reminders import RemindersPut
from schemas.schedule import WEEKDAYS, Schedule

ZONES = ("Europe/London", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati")
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
LEO = UUID("018f3a4c-0000-7000-8000-000000000001")

_minutes = st.integers(0, 1439)
_clock = _minutes.map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")
_weekdays = st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(
    lambda days: [d for d in WEEKDAYS if d in days]
)
quiet_hours = (
    st.tuples(_clock, _clock)
    .filter(lambda two: two[0] != two[1])
    .map(lambda two: {"begin": two[0], "end": two[1]})
)


@st.composite
def signals(draw: st.DrawFn) -> dict[str, Any]:
    """Random moments of a window that can hold them."""
    opens = draw(st.integers(0, 1200))
    closes = draw(st.integers(opens + 1, 1439))
    prompts = draw(st.integers(1, 8))
    gap = draw(st.integers(1, max(1, (closes - opens) // max(1, prompts - 1))))
    prompts = min(prompts, (closes - opens) // gap + 1)
    wall = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in (opens, closes)]
    return {"type": "signal", "prompts": prompts, "minimum_gap": gap, "opens": wall[0], "closes": wall[1]}


@st.composite
def intervals(draw: st.DrawFn) -> dict[str, Any]:
    """Fixed times of the day, often those that a change of the clocks touches."""
    touched = st.sampled_from(["00:30", "01:00", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00"])
    return {
        "type": "interval",
        "times": sorted(draw(st.sets(st.one_of(touched, _clock), min_size=1, max_size=5))),
    }


@st.composite
def bursts(draw: st.DrawFn) -> list[dict[str, int]]:
    """Phases that follow one another."""
    made, at = [], 0
    for _ in range(draw(st.integers(0, 3))):
        start, days = at + draw(st.integers(0, 100)), draw(st.integers(1, 60))
        made.append({"from_day": start, "days": days})
        at = start + days
    return made


@st.composite
def schedules(draw: st.DrawFn, timing: st.SearchStrategy[dict[str, Any]] | None = None) -> Schedule:
    """A schedule that its author could publish."""
    return Schedule.model_validate(
        {
            "key": "asked",
            "instrument": "place_leadership_diary",
            "kind": "day",
            "timing": draw(st.one_of(intervals(), signals()) if timing is None else timing),
            "weekdays": draw(_weekdays),
            "every_days": draw(st.sampled_from([1, 1, 1, 2, 3, 7])),
            "bursts": draw(bursts()),
            "quiet": draw(st.one_of(st.none(), quiet_hours)),
            "holidays": draw(st.lists(st.sampled_from(DAYS), max_size=5, unique=True)),
            "starts_on": draw(st.one_of(st.none(), st.sampled_from(DAYS[:200]))),
            "ends_on": draw(st.one_of(st.none(), st.sampled_from(DAYS[200:]))),
        }
    )


def leo(zone: str, **wishes: Any) -> Person:
    """Leo in a zone, with his wishes."""
    return Person(LEO, FIRST, zone, RemindersPut.model_validate(wishes))
