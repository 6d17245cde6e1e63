"""The one source of identifiers."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new UUIDv7: unique everywhere and ordered by the time it was made."""
    return uuid7()
