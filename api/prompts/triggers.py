"""Entries that a schedule follows: noted in the transaction that stores them, looked at soon after."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from api.core import clock
from api.prompts.models import PromptTrigger

AT_ONCE = 100


class Trigger(NamedTuple):
    """An entry that came, changed or went."""

    entry_id: UUID
    study_id: UUID
    participant_id: UUID


def note(connection: Connection, entries: Mapping[UUID, tuple[UUID, UUID]]) -> None:
    """Note that entries came, changed or went: {entry: (study, participant)}."""
    if not entries:
        return
    now = clock.now()
    rows = [
        {"entry_id": entry, "study_id": study, "participant_id": participant, "changed_at": now}
        for entry, (study, participant) in entries.items()
    ]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = dialect.insert(PromptTrigger).values(rows)
    connection.execute(
        made.on_conflict_do_update(index_elements=["entry_id"], set_={"changed_at": made.excluded.changed_at})
    )


def take(session: Session) -> list[Trigger]:
    """Return some that wait, locked; another worker takes others."""
    waiting = select(PromptTrigger).order_by(col(PromptTrigger.changed_at)).limit(AT_ONCE)
    rows = session.execute(waiting.with_for_update(skip_locked=True)).scalars()
    return [Trigger(row.entry_id, row.study_id, row.participant_id) for row in rows]


def done(session: Session, entry_ids: Collection[UUID]) -> None:
    """Forget those that were looked at."""
    session.execute(delete(PromptTrigger).where(col(PromptTrigger.entry_id).in_(entry_ids)))
