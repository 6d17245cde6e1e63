"""The one source of identifiers."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from api.core import clock


def new_id() -> UUID:
    """Return a new UUIDv7: unique everywhere and ordered by the time it was made."""
    return uuid7()


def shaped(instant: datetime, bits: bytes) -> UUID:
    """Return a UUID of version 7 made of an instant and at least ten bytes of hash."""
    milliseconds = clock.microseconds(instant) // 1000
    number = milliseconds << 80 | int.from_bytes(bits[:10], "big")
    number = number & ~(0xF << 76) | 0x7 << 76  # the version
    return UUID(int=number & ~(0b11 << 62) | 0b10 << 62)  # the variant
