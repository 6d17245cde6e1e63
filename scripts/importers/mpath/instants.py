"""Turns m-Path's stamps into instants and zones.

A stamp counts the seconds since 1970 of the clock on the participant's wall: instant = stamp - offset.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from scripts.importers.mpath.reading import Row

_FIRST, _LAST = 946_684_800, 4_102_444_800  # 2000 and 2100: beyond them it is no stamp of m-Path's
_MOST_OFFSET = 14 * 3600


class BadRow(Exception):
    """A row that cannot be imported; the text says why and repeats nothing that was written."""


@dataclass(frozen=True)
class Times:
    """When a row was planned, sent, started and stopped (UTC), and how far its clock was ahead of UTC."""

    offset: timedelta
    planned: datetime | None
    sent: datetime | None
    started: datetime | None
    stopped: datetime | None


def times(row: Row) -> Times:
    """Return a row's instants, or raise BadRow."""
    offset = _offset(row["timeZoneOffset"])
    planned, sent, started, stopped = (
        _instant(row[column], offset)
        for column in ("timeStampScheduled", "timeStampSent", "timeStampStart", "timeStampStop")
    )
    if started and stopped and stopped < started:
        raise BadRow("it was finished before it was started")
    return Times(offset, planned, sent, started, stopped)


def zone(home: str, instant: datetime, offset: timedelta) -> str:
    """Name a zone that has this offset at this instant: the home zone if it has, else an honest fixed one.

    An offset alone does not say in which country somebody was: Etc/GMT-3 says "three hours ahead of UTC" and
    no more. Where no fixed zone exists (half hours), the first IANA zone by name that fits stands for it.
    """
    if _offset_in(home, instant) == offset:
        return home
    hours, rest = divmod(offset, timedelta(hours=1))
    if not rest and -12 <= hours <= 14:
        return f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC"
    fitting = (name for name in _zones() if _offset_in(name, instant) == offset)
    if found := next(fitting, None):
        return found
    raise BadRow("no time zone has its offset")


def first_day(rows: Iterable[Row]) -> date | None:
    """Return the first day on which anything was answered, by the participants' own clocks."""
    stamps = (_whole(row["timeStampStart"]) for row in rows)
    earliest = min((stamp for stamp in stamps if stamp and _FIRST <= stamp < _LAST), default=None)
    return datetime.fromtimestamp(earliest, UTC).date() if earliest else None


def _offset(cell: str) -> timedelta:
    seconds = _whole(cell)
    if seconds is None or abs(seconds) > _MOST_OFFSET or seconds % 60:
        raise BadRow("its time zone offset is missing or impossible")
    return timedelta(seconds=seconds)


def _instant(cell: str, offset: timedelta) -> datetime | None:
    if cell in {"", "0"}:
        return None
    seconds = _whole(cell)
    if seconds is None or not _FIRST <= seconds < _LAST:
        raise BadRow("one of its times is not a time")
    return datetime.fromtimestamp(seconds, UTC) - offset


def _whole(cell: str) -> int | None:
    return int(cell) if cell.removeprefix("-").isdecimal() and len(cell) < 16 else None


def _offset_in(name: str, instant: datetime) -> timedelta | None:
    return instant.astimezone(ZoneInfo(name)).utcoffset()


@lru_cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(name for name in available_timezones() if "/" in name))
