"""Time zones as calendars write them (RFC 5545): each change of the clock in some years, from the zone's own rules."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_STEP = timedelta(hours=6)  # no zone changes its clock twice within it
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=512)
def zone_block(name: str, first_year: int, last_year: int) -> bytes:
    """Return the VTIMEZONE of a zone that is right from the start of one year to the end of another.

    The library's own begins a change in the wrong local time where clocks go forward: RFC 5545 counts it by the offset
    before the change.
    """
    block = Timezone()
    block.add("tzid", name)
    zone = ZoneInfo(name)
    at, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    block.add_component(_observance(at, zone, _offset(at, zone)))
    while at < end:
        following = at + _STEP
        if _state(at, zone) != _state(following, zone):
            change = _change(at, following, zone)
            block.add_component(_observance(change, zone, _offset(change - _SECOND, zone)))
        at = following
    return bytes(block.to_ical())


def _observance(start: datetime, zone: ZoneInfo, before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    local = start.astimezone(zone)
    one = TimezoneDaylight() if local.dst() else TimezoneStandard()
    one.add("dtstart", (start + before).replace(tzinfo=None))
    one.add("tzoffsetfrom", before)
    one.add("tzoffsetto", _offset(start, zone))
    one.add("tzname", local.tzname())
    return one


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second of a new state."""
    state = _state(before, zone)
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _state(middle, zone) == state:
            before = middle
        else:
            after = middle
    return after


def _state(at: datetime, zone: ZoneInfo) -> tuple[timedelta, str | None, bool]:
    local = at.astimezone(zone)
    return _offset(at, zone), local.tzname(), bool(local.dst())


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
