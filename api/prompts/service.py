"""Keeps the ledger of prompts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.prompts.models import Prompt
from schemas.prompt import PromptStatus, PromptView


def of_participant(session: Session, participant_id: UUID, limit: int) -> list[PromptView]:
    """List a participant's latest prompts, newest first."""
    rows = session.exec(
        select(Prompt)
        .where(Prompt.participant_id == participant_id)
        .order_by(col(Prompt.planned_at).desc())
        .limit(limit)
    ).all()
    return [PromptView.model_validate(row, from_attributes=True) for row in rows]


def occasions(session: Session, participant_id: UUID) -> dict[str, UUID]:
    """Return the occasions that are planned already, and their prompts."""
    rows = session.exec(
        select(Prompt.occasion, Prompt.id).where(Prompt.participant_id == participant_id)
    ).all()
    return dict(rows)


def add(session: Session, prompts: Iterable[Prompt]) -> None:
    """Add planned prompts."""
    session.add_all(prompts)
    session.flush()


def owners(connection: Connection, prompt_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return whose prompts these are."""
    if not prompt_ids:
        return {}
    rows = connection.execute(
        core_select(col(Prompt.id), col(Prompt.participant_id)).where(col(Prompt.id).in_(prompt_ids))
    )
    return dict(rows.all())


def mark_answered(connection: Connection, answered: Sequence[tuple[UUID, UUID, datetime]]) -> None:
    """Mark prompts as answered by entries: (prompt, entry, when); the first answer stands."""
    if not answered:
        return
    connection.execute(
        update(Prompt)
        .where(col(Prompt.id) == bindparam("prompt"), col(Prompt.entry_id).is_(None))
        .values(entry_id=bindparam("entry"), answered_at=bindparam("at"), status=PromptStatus.ANSWERED)
        .execution_options(synchronize_session=False),
        [{"prompt": prompt, "entry": entry, "at": at} for prompt, entry, at in answered],
    )
