"""What exactly is sealed of an event: canonical bytes, and a leaf of 48 bytes that stands for them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Row, Select, String, Table, cast, select, type_coerce

from api.audit.models import AuditEvent
from api.core import crypto
from schemas.canonical import NotJson, canonical, parse

LEAF = 48
EVENTS: Table = AuditEvent.__table__  # type: ignore[attr-defined] # SQLModel hides __table__
# Read as the database gives them: a value that somebody made unreadable must be found, not stop the search.
_RAW: list[ColumnElement[Any]] = [
    type_coerce(EVENTS.c[name], String).label(name)
    for name in ("id", "at", "event", "actor_kind", "actor_id", "study_id", "object_id", "request_id")
]
CONTENTS: Select[*tuple[Any, ...]] = select(*_RAW, cast(EVENTS.c.detail, String).label("detail")).order_by(
    EVENTS.c.id
)


def leaf(row: Row[Any]) -> bytes:
    """Return an event's id (16 bytes) and the SHA-256 of all that it says (32 bytes)."""
    return UUID(str(row.id)).bytes + bytes.fromhex(digest(row))


def digest(row: Row[Any]) -> str:
    """Return the SHA-256 of all that an event says, in hex; its seal's number is no part of it."""
    said: dict[str, JsonValue] = {
        "id": uuid(row.id),
        "at": found.isoformat() if (found := instant(row.at)) else str(row.at),
        "event": row.event,
        "actor_kind": row.actor_kind,
        "actor_id": uuid(row.actor_id),
        "study_id": uuid(row.study_id),
        "object_id": uuid(row.object_id),
        "request_id": row.request_id,
    }
    try:
        content = canonical(said | {"detail": parse(row.detail.encode())})
    except NotJson:  # not written by us; sealed all the same, so that nobody can stop the sealer
        content = canonical(said | {"detail": row.detail})
    return crypto.content_hash(content)


def leaves(packed: bytes) -> Iterator[tuple[str, str]]:
    """Take a seal's leaves apart: the id and the hash of each event."""
    for start in range(0, len(packed) - LEAF + 1, LEAF):
        yield str(UUID(bytes=packed[start : start + 16])), packed[start + 16 : start + LEAF].hex()


def instant(value: Any) -> datetime | None:
    """Return a stored time as UTC, or None if it is none."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def uuid(value: Any) -> str | None:
    """Return a stored id in its usual form, or as it stands if it is none."""
    try:
        return None if value is None else str(UUID(str(value)))
    except ValueError:
        return str(value)
