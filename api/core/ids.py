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


def dashed(digits: str) -> str:
    """Write the 32 hex digits of an id as `str` writes the id, without making one."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
