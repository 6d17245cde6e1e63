"""What a participant reads of their own diary, and what withdrawal erases of it."""

import json
from collections.abc import Container, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Exists, bindparam, exists, literal_column, union_all
from sqlalchemy import select as core_select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from api.core import clock, ledger
from api.core.db import columns_of
from api.core.ledger import Line
from api.core.problems import NotFound
from api.diary.known import latest_changes, receipt
from api.diary.models import Entry, EntryRevision, EntryTombstone
from api.diary.problems import EntryGone
from api.diary.store import DELETED, WITHHELD, remove
from api.diary.views import stored_view
from api.participants import service as participants
from api.participants.telling import Asked, tells
from api.participants.withdrawal import erases
from api.prompts import triggers
from schemas.entry import Change, EntryPage, EntryView

CHANGES_AT_ONCE = 200
_DELETED = 0
# Made once: to build a statement costs more than to run it, and every sync asks this.
_CHANGED: CompoundSelect[int, UUID, int] = (
    union_all(
        *(
            core_select(col(table.change_seq), entry, version).where(
                col(table.participant_id) == bindparam("participant"),
                col(table.change_seq) > bindparam("cursor"),
            )
            for table, entry, version in (
                (Entry, col(Entry.id), col(Entry.version)),
                (EntryTombstone, col(EntryTombstone.entry_id), literal_column(str(_DELETED))),
            )
        )
    )
    .order_by("change_seq")
    .limit(CHANGES_AT_ONCE + 1)
)


def page(session: Session, participant_id: UUID, after: UUID | None, limit: int) -> EntryPage:
    """List a participant's entries, newest id first."""
    mine = core_select(col(Entry.id)).where(col(Entry.participant_id) == participant_id).cte()
    # Else PostgreSQL looks through everybody's newest entries for those of one who has few.
    mine = mine.prefix_with("MATERIALIZED", dialect="postgresql")
    ids = core_select(mine.c.id).order_by(mine.c.id.desc()).limit(limit + 1)
    found = session.execute(ids.where(mine.c.id < after) if after else ids).scalars().all()
    shown = found[:limit]
    rows = session.exec(_current().where(col(Entry.id).in_(shown)).order_by(col(Entry.id).desc()))
    views = [_view(entry, revision) for entry, revision in rows]
    return EntryPage(entries=views, next=str(shown[-1]) if len(found) > limit else None)


def one(session: Session, participant_id: UUID, entry_id: UUID) -> EntryView:
    """Show one entry of a participant, or raise NotFound; EntryGone if they deleted it."""
    found = session.exec(
        _current().where(Entry.id == entry_id, Entry.participant_id == participant_id)
    ).first()
    if found:
        return _view(*found)
    tombstone = session.get(EntryTombstone, entry_id)
    if tombstone and tombstone.participant_id == participant_id:
        raise EntryGone
    raise NotFound


def changes(
    session: Session, participant_id: UUID, cursor: int, known: Container[tuple[UUID, int]]
) -> tuple[list[Change], int, bool]:
    """Return what changed after a cursor save the versions known already, the next cursor, and whether more waits."""
    wanted = {"participant": participant_id, "cursor": cursor}
    found = [(*row,) for row in session.connection().execute(_CHANGED, wanted)]
    shown = found[:CHANGES_AT_ONCE]
    news = [(entry, version) for _, entry, version in shown if (entry, version) not in known]
    views = _views(session, [entry for entry, version in news if version != _DELETED])
    made = [Change(id=entry, deleted=entry not in views, entry=views.get(entry)) for entry, _ in news]
    return made, shown[-1][0] if shown else cursor, len(found) > len(shown)


def withdraw_entry(session: Session, participant_id: UUID, entry_id: UUID) -> bool:
    """Delete an entry for good, however old it is, because its author took it back; say whether it was there."""
    entry = session.get(Entry, entry_id)
    if entry is None or entry.participant_id != participant_id:
        return False
    now, connection = clock.now(), session.connection()
    ids = {"entry_id": entry_id, "participant_id": participant_id}
    last = latest_changes(connection, [participant_id], now).get(participant_id, 0)
    remove(connection, [ids | {"deleted_at": now, "change_seq": max(clock.microseconds(now), last + 1)}])
    triggers.note(connection, {entry_id: (entry.study_id, participant_id)})
    ledger.note(session, DELETED, ids)
    return True


def is_deleted(entry_id: Mapped[UUID]) -> Exists:
    """Return whether the entry of an id was deleted, for the query of another feature."""
    return exists().where(col(EntryTombstone.entry_id) == entry_id)


@tells("entries")
def _tell_entries(asked: Asked) -> Iterator[dict[str, Any]]:
    """Tell every version of every entry as it was sent; a version is a record, so that memory stays flat."""
    rows = asked.session.exec(
        select(EntryRevision)
        .join(Entry, col(Entry.id) == col(EntryRevision.entry_id))
        .where(Entry.participant_id == asked.participant_id)
        .order_by(col(EntryRevision.entry_id), col(EntryRevision.version))
        .execution_options(yield_per=100)
    )
    for row in rows:
        yield columns_of(row, but={"content"}) | {"entry": json.loads(row.content)}


@tells("deleted_entries")
def _tell_deleted(asked: Asked) -> Iterator[dict[str, Any]]:
    mine = select(EntryTombstone).where(EntryTombstone.participant_id == asked.participant_id)
    for row in asked.session.exec(mine.execution_options(yield_per=200)):
        yield columns_of(row, but={"participant_id", "change_seq"})


@erases
def _erase_entries(session: Session, participant_id: UUID) -> dict[str, int]:
    ids = session.exec(select(Entry.id).where(Entry.participant_id == participant_id)).all()
    now = clock.now()
    first = clock.microseconds(now)
    tombstones = [
        {"entry_id": entry, "participant_id": participant_id, "deleted_at": now, "change_seq": first + number}
        for number, entry in enumerate(ids)
    ]
    for start in range(0, len(tombstones), 500):
        remove(session.connection(), tombstones[start : start + 500])
    return {"entries": len(ids)}


@ledger.redoes(WITHHELD)
def _withhold_again(session: Session, line: Line) -> bool:
    """Keep out an entry whose later version, with an embargo or out of releases, is lost."""
    entry = session.get(Entry, line.id("entry_id"))
    if entry is None or entry.keep_out or entry.version >= int(line.ids["version"]):
        return False
    entry.keep_out = True
    return True


@ledger.redoes(DELETED)
def _delete_again(session: Session, line: Line) -> bool:
    entry, participant = line.id("entry_id"), line.id("participant_id")
    if session.get(EntryTombstone, entry) or not participants.exists(session, participant):
        return False
    tombstone = {
        "entry_id": entry,
        "participant_id": participant,
        "deleted_at": line.at,
        "change_seq": clock.microseconds(clock.now()),  # beyond every cursor, so that each phone hears of it
    }
    remove(session.connection(), [tombstone])
    return True


def _current() -> Select[Entry, EntryRevision]:
    return select(Entry, EntryRevision).join(
        EntryRevision,
        (col(EntryRevision.entry_id) == col(Entry.id)) & (col(EntryRevision.version) == col(Entry.version)),
    )


def _views(session: Session, ids: Sequence[UUID]) -> dict[UUID, EntryView]:
    if not ids:
        return {}
    return {
        entry.id: _view(entry, last) for entry, last in session.exec(_current().where(col(Entry.id).in_(ids)))
    }


def _view(entry: Entry, revision: EntryRevision) -> EntryView:
    given = receipt(entry.id, revision.version, revision.content_hash, revision.received_at, revision.skew_ms)
    return stored_view(given, revision.content)
