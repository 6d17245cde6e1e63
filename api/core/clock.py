"""The one source of time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant as an aware UTC time."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may ask the machine


def microseconds(instant: datetime) -> int:
    """Return an instant as whole microseconds since 1970 UTC."""
    delta = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
