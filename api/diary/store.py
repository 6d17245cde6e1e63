"""Writes what a batch decided, with one statement per table."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from api.core import ledger
from api.diary.models import Entry, EntryRevision, EntryTombstone
from api.diary.operations import Delete, Put
from api.prompts import service as prompts
from api.prompts import triggers
from schemas.entry import EntryReceipt

_ENTRY: Table = Entry.__table__  # type: ignore[attr-defined] # SQLModel hides __table__
_REVISION: Table = EntryRevision.__table__  # type: ignore[attr-defined] # as above
_TOMBSTONE: Table = EntryTombstone.__table__  # type: ignore[attr-defined] # as above

DELETED, WITHHELD = "entry.deleted", "entry.withheld"
_Row = dict[str, Any]


@dataclass
class Changes:
    """The rows that a batch adds, changes and removes."""

    entries: list[_Row] = field(default_factory=list)
    revisions: list[_Row] = field(default_factory=list)
    edits: list[_Row] = field(default_factory=list)
    tombstones: list[_Row] = field(default_factory=list)
    answered: list[tuple[UUID, UUID, datetime]] = field(default_factory=list)
    followed: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)

    def create(self, put: Put, now: datetime, change_seq: int) -> None:
        """Note a new entry."""
        fixed = {
            "id": put.id,
            "study_id": put.principal.study_id,
            "participant_id": put.principal.participant_id,
            "created_at": now,
        }
        self.entries.append(fixed | _described(put, version=1, change_seq=change_seq))
        if put.entry.prompt_id:
            self.answered.append((put.entry.prompt_id, put.id, now))

    def edit(self, put: Put, version: int, change_seq: int) -> None:
        """Note a new version of an entry."""
        self.edits.append({"entry": put.id} | _described(put, version, change_seq))

    def revise(self, put: Put, given: EntryReceipt) -> None:
        """Note an accepted version, which is also the receipt."""
        self.revisions.append(
            {
                "entry_id": put.id,
                "version": given.version,
                "content_hash": given.content_hash,
                "content": put.content,
                "device_id": put.principal.device_id,
                "received_at": given.received_at,
                "skew_ms": given.skew_ms,
            }
        )

    def delete(self, operation: Delete, now: datetime, change_seq: int) -> None:
        """Note a deleted entry."""
        self.tombstones.append(
            {
                "entry_id": operation.id,
                "participant_id": operation.principal.participant_id,
                "deleted_at": now,
                "change_seq": change_seq,
            }
        )

    def follow(self, operation: Put | Delete) -> None:
        """Note that an entry came, changed or went which a schedule may follow."""
        who = operation.principal
        self.followed[operation.id] = (who.study_id, who.participant_id)


def write(connection: Connection, changes: Changes) -> None:
    """Write a batch; its deletions come last, so that it may delete what it made."""
    if changes.entries:
        connection.execute(insert(_ENTRY), changes.entries)
    if changes.edits:
        columns: _Row = {name: bindparam(name) for name in changes.edits[0] if name != "entry"}
        connection.execute(
            update(_ENTRY).where(_ENTRY.c.id == bindparam("entry")).values(columns), changes.edits
        )
    if changes.revisions:
        connection.execute(insert(_REVISION), changes.revisions)
    prompts.mark_answered(connection, changes.answered)
    triggers.note(connection, changes.followed)
    if changes.tombstones:
        remove(connection, changes.tombstones)
    _note(connection, changes)


def _note(connection: Connection, changes: Changes) -> None:
    """Note what a restore must not undo: that an entry was deleted, or was kept out of releases by an edit."""
    withheld = [row for row in changes.edits if row["keep_out"] or row["embargo_until"]]
    if withheld:
        versions = ({"entry_id": row["entry"], "version": row["version"]} for row in withheld)
        ledger.note(connection, WITHHELD, *versions)
    if changes.tombstones:
        ids = ("entry_id", "participant_id")
        ledger.note(connection, DELETED, *({name: row[name] for name in ids} for row in changes.tombstones))


def remove(connection: Connection, tombstones: list[_Row]) -> None:
    """Delete entries with all their revisions, and leave a tombstone for each."""
    gone = [row["entry_id"] for row in tombstones]
    connection.execute(delete(_REVISION).where(_REVISION.c.entry_id.in_(gone)))
    connection.execute(delete(_ENTRY).where(_ENTRY.c.id.in_(gone)))
    connection.execute(insert(_TOMBSTONE), tombstones)


def _described(put: Put, version: int, change_seq: int) -> _Row:
    entry, answers = put.entry, put.entry.answers
    return {
        "instrument_version_id": put.instrument_version_id,
        "kind": entry.kind,
        "version": version,
        "happened_at": entry.happened_at.astimezone(UTC),
        "time_zone": entry.time_zone,
        "local_date": entry.local_date,
        "entered_by": entry.entered_by.value,
        "quotable": answers.get("quotable"),
        "embargo_until": _date(answers.get("embargo_until")),
        "keep_out": answers.get("keep_out") is True,
        "follows": entry.follows,
        "prompt_id": entry.prompt_id,
        "change_seq": change_seq,
    }


def _date(answer: object) -> date | None:
    return date.fromisoformat(answer) if isinstance(answer, str) else None
