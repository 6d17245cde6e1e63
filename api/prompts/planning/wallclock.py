"""Wall-clock times and instants: what a clock on the wall shows, and when that is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schemas.schedule import WallTime, minute_of

_MINUTE = timedelta(minutes=1)


def instant(day: date, at: WallTime, zone: str, fold: int = 0) -> datetime:
    """Return when a wall clock in a zone shows a time of a day.

    A time that a change of the clocks leaves out is read by the clock before the change, as RFC 5545 does: 01:30 on
    29 March 2026 in London is 02:30 of the new time. A time that comes twice is the first, or with fold=1 the second.
    """
    shown = datetime.combine(day, time.fromisoformat(at), ZoneInfo(zone)).replace(fold=fold)
    return shown.astimezone(UTC)


def shown(at: datetime, zone: str) -> tuple[date, WallTime, int]:
    """Return what a wall clock in a zone shows at an instant, and whether it does so for the second time (1)."""
    local = at.astimezone(ZoneInfo(zone))
    return local.date(), f"{local:%H:%M}", local.fold


def today(at: datetime, zone: str) -> date:
    """Return the date in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def minutes_between(day: date, opens: WallTime, closes: WallTime, zone: str) -> list[tuple[datetime, int]]:
    """Return every instant of a window, minute by minute and both ends included, with the wall's minute of the day.

    Where the clocks change within the window it is longer or shorter than the wall clock says.
    """
    first, last = instant(day, opens, zone), instant(day, closes, zone)
    count = round((last - first) / _MINUTE)
    instants = (first + number * _MINUTE for number in range(count + 1))
    return [(at, minute_of(shown(at, zone)[1])) for at in instants]
