"""What the database knows of the entries and people that a batch names, loaded at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Row,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlmodel import col

from api.auth import sessions
from api.auth.principals import ParticipantPrincipal
from api.core import clock
from api.diary.models import Entry, EntryRevision, EntryTombstone
from api.diary.operations import Operation, Put
from api.diary.quota import Quota
from api.participants import service as participants
from api.prompts import service as prompts
from api.studies import service as studies
from schemas.entry import EntryReceipt
from schemas.participant import ParticipantStatus

CLOCK_WRONG_MS = 300_000
_DELETED = 0

# Made once: to build a statement costs more than to run it.
_WHO = participants.STANDING.subquery("who")
_DEVICE = sessions.SIGNED_IN.subquery("device")
_GATE = studies.GATES.subquery("gate")
_PEOPLE = select(
    _WHO.c.participant_id,
    _WHO.c.status,
    _DEVICE.c.device_id,
    _GATE.c.study_id,
    _GATE.c.closed_at,
    _GATE.c.edit_window_hours,
    _GATE.c.followed_kinds,
).select_from(
    _WHO.outerjoin(_DEVICE, _DEVICE.c.participant_id == _WHO.c.participant_id).join(
        _GATE, _GATE.c.study_id == _WHO.c.study_id
    )
)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_STORED: CompoundSelect[Any] = union_all(
    select(col(Entry.id), col(Entry.participant_id), col(Entry.version), col(Entry.created_at)).where(
        col(Entry.id).in_(_IDS)
    ),
    select(
        col(EntryTombstone.entry_id),
        col(EntryTombstone.participant_id),
        literal_column(str(_DELETED)),
        col(EntryTombstone.deleted_at),
    ).where(col(EntryTombstone.entry_id).in_(_IDS)),
)
_REVISIONS = (
    select(EntryRevision.__table__).where(col(EntryRevision.entry_id).in_(_IDS)).order_by("version")  # type: ignore[attr-defined] # SQLModel hides __table__
)
_AHEAD: CompoundSelect[Any] = union_all(
    *(
        select(col(table.participant_id), func.max(table.change_seq))
        .where(
            col(table.participant_id).in_(bindparam("people", expanding=True)),
            col(table.change_seq) >= bindparam("now"),
        )
        .group_by(col(table.participant_id))
        for table in (Entry, EntryTombstone)
    )
)


@dataclass
class KnownEntry:
    """A stored entry, with the receipt of every version that was accepted."""

    participant_id: UUID
    version: int
    created_at: datetime
    receipts: list[EntryReceipt] = field(default_factory=list)
    content: bytes = b""


@dataclass
class Known:
    """Everything that decides on a batch; decisions update it, so that one batch can hold an edit of its own entry."""

    now: datetime
    devices: dict[UUID, UUID]
    statuses: dict[UUID, ParticipantStatus]
    gates: dict[UUID, studies.Gate]
    entries: dict[UUID, KnownEntry]
    tombstones: dict[UUID, UUID]
    prompt_owners: dict[UUID, UUID]
    change_seqs: dict[UUID, int]
    quota: Quota | None = None

    def next_change(self, participant_id: UUID) -> int:
        """Return a participant's next change number: rising, and near to the time in microseconds."""
        number = max(self.change_seqs.get(participant_id, 0) + 1, clock.microseconds(self.now))
        self.change_seqs[participant_id] = number
        return number


def load(connection: Connection, operations: Sequence[Operation], quota: Quota | None) -> Known:
    """Load what a batch needs; participants stay locked until the transaction ends."""
    principals = {operation.principal for operation in operations}
    people = {principal.participant_id for principal in principals}
    puts = [operation for operation in operations if isinstance(operation, Put)]
    ids = {operation.id for operation in operations} | {
        put.entry.follows for put in puts if put.entry.follows
    }
    devices, statuses, gates = _people(connection, principals)  # locked: what is read below stays as it is
    now = clock.now()
    entries, tombstones = _stored(connection, ids)
    return Known(
        now=now,
        devices=devices,
        statuses=statuses,
        gates=gates,
        entries=entries,
        tombstones=tombstones,
        prompt_owners=prompts.owners(
            connection, {put.entry.prompt_id for put in puts if put.entry.prompt_id}
        ),
        change_seqs=latest_changes(connection, people, now),
        quota=quota,
    )


def receipt(
    entry_id: UUID, version: int, content_hash: str, received_at: datetime, skew_ms: int | None
) -> EntryReceipt:
    """Make the receipt of one accepted version."""
    return EntryReceipt(
        id=entry_id,
        version=version,
        content_hash=content_hash,
        received_at=received_at,
        skew_ms=skew_ms,
        clock_wrong=skew_ms is not None and abs(skew_ms) > CLOCK_WRONG_MS,
    )


def _people(
    connection: Connection, principals: Collection[ParticipantPrincipal]
) -> tuple[dict[UUID, UUID], dict[UUID, ParticipantStatus], dict[UUID, studies.Gate]]:
    """Lock participants; return whose the signed-in devices are, where each stands, and their studies' gates."""
    wanted = {
        "participants": [*{principal.participant_id for principal in principals}],
        "devices": [*{principal.device_id for principal in principals}],
    }
    rows = connection.execute(_PEOPLE, wanted).all()
    return (
        {row.device_id: row.participant_id for row in rows if row.device_id},
        {row.participant_id: row.status for row in rows},
        {row.study_id: _gate(row) for row in rows},
    )


def _gate(row: Row[*tuple[Any, ...]]) -> studies.Gate:
    window = timedelta(hours=row.edit_window_hours)
    return studies.Gate(row.closed_at, window, frozenset(row.followed_kinds.split()))


def _stored(connection: Connection, ids: Collection[UUID]) -> tuple[dict[UUID, KnownEntry], dict[UUID, UUID]]:
    """Return which of these ids are entries, and whose the others were that are tombstones."""
    entries, tombstones = {}, {}
    for entry_id, participant_id, version, at in connection.execute(_STORED, {"ids": [*ids]}):
        if version == _DELETED:
            tombstones[entry_id] = participant_id
        else:
            entries[entry_id] = KnownEntry(participant_id, version, at)
    if entries:
        for row in connection.execute(_REVISIONS, {"ids": [*entries]}):
            entry = entries[row.entry_id]
            entry.receipts.append(
                receipt(row.entry_id, row.version, row.content_hash, row.received_at, row.skew_ms)
            )
            entry.content = row.content
    return entries, tombstones


def latest_changes(connection: Connection, people: Collection[UUID], now: datetime) -> dict[UUID, int]:
    """Return the last change number of those few whose last is ahead of the time: another machine's clock was."""
    latest: dict[UUID, int] = {}
    for who, number in connection.execute(_AHEAD, {"people": [*people], "now": clock.microseconds(now)}):
        latest[who] = max(number, latest.get(who, 0))
    return latest
