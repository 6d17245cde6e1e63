"""Reads the content of entries by entry and version."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from api.diary.models import EntryRevision

_AT_ONCE = 400


def contents(session: Session, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], bytes]:
    """Return the content of each version of an entry that is there."""
    pairs = {*wanted}
    entries = sorted({entry for entry, _ in pairs})
    entry_id, version = col(EntryRevision.entry_id), col(EntryRevision.version)
    # Not by pairs: for those SQLite reads all revisions of all entries.
    versions = version.in_({number for _, number in pairs})
    found: dict[tuple[UUID, int], bytes] = {}
    for start in range(0, len(entries), _AT_ONCE):
        asked = entry_id.in_(entries[start : start + _AT_ONCE])
        rows = session.execute(select(entry_id, version, col(EntryRevision.content)).where(asked, versions))
        found |= {(entry, number): content for entry, number, content in rows if (entry, number) in pairs}
    return found
