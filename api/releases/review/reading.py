"""Reads the content of entries by entry and version."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from api.diary.models import EntryRevision

_AT_ONCE = 400


def contents(session: Session, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], bytes]:
    """Return the content of each version of an entry that is there."""
    pairs = sorted({*wanted})
    key = (col(EntryRevision.entry_id), col(EntryRevision.version))
    found: dict[tuple[UUID, int], bytes] = {}
    for start in range(0, len(pairs), _AT_ONCE):
        asked = tuple_(*key).in_(pairs[start : start + _AT_ONCE])
        rows = session.execute(select(*key, col(EntryRevision.content)).where(asked))
        found |= {(entry, version): content for entry, version, content in rows}
    return found
