"""Reads the times that survey tools write, with and without an offset."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

from pydantic import JsonValue

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.{0,24}", re.ASCII)
_AMERICAN = "%m/%d/%Y %I:%M:%S %p"  # Microsoft Forms, whatever the country
_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)
_ZONES = frozenset(available_timezones())
_NEVER = date(1980, 1, 1)
"""What LimeSurvey writes where it keeps no time."""


def instant(value: JsonValue, time_zone: str = "UTC") -> datetime | None:
    """Return a written time in UTC, or None if there is none; one without an offset is of the time zone."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = _written(value.strip())
        local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment <= _LATEST and found.date() != _NEVER else None


def known_zone(name: str | None) -> str | None:
    """Return a time zone's name, if there is such a zone."""
    return name if name in _ZONES else None


def _written(value: str) -> datetime:
    if _ISO.fullmatch(value):
        return datetime.fromisoformat(value)
    return datetime.strptime(value, _AMERICAN)  # noqa: DTZ007 - it has no zone; the source's is given to it
