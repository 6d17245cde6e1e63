"""Quiet hours: minutes of the wall clock in which nobody is disturbed."""

from collections.abc import Sequence

from schemas.schedule import MINUTES_A_DAY, QuietHours, WallTime, minute_of


def is_quiet(minute: int, several: Sequence[QuietHours]) -> bool:
    """Say whether a minute of the day lies in quiet hours; their end does not."""
    return any(_within(minute, minute_of(one.begin), minute_of(one.end)) for one in several)


def moved(at: WallTime, several: Sequence[QuietHours]) -> WallTime | None:
    """Return the nearest time of the same day that is not quiet, the later of two; None if all of the day is."""
    wanted = minute_of(at)
    for distance in range(MINUTES_A_DAY):
        for minute in (wanted + distance, wanted - distance):
            if 0 <= minute < MINUTES_A_DAY and not is_quiet(minute, several):
                return f"{minute // 60:02d}:{minute % 60:02d}"
    return None


def _within(minute: int, begin: int, end: int) -> bool:
    return begin <= minute < end if begin < end else minute >= begin or minute < end
