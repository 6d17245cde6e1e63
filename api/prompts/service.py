"""Keeps the ledger of prompts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.core import clock
from api.prompts.models import Prompt
from schemas.prompt import PromptStatus, PromptView

AHEAD = timedelta(days=7)
"""How far a phone looks ahead: it says when the next prompt comes, also while it has no network."""
_OPEN = (PromptStatus.PLANNED, PromptStatus.SENT, PromptStatus.CONFIRMED, PromptStatus.OPENED)


def of_participant(
    session: Session, participant_id: UUID, limit: int, *, still_open: bool = False
) -> list[PromptView]:
    """List a participant's latest prompts, newest first; or those that can be answered now or soon, soonest first."""
    query = select(Prompt).where(Prompt.participant_id == participant_id).limit(limit)
    if still_open:
        now = clock.now()
        lasts = or_(col(Prompt.expires_at).is_(None), col(Prompt.expires_at) > now)
        query = query.where(col(Prompt.status).in_(_OPEN), lasts, Prompt.planned_at <= now + AHEAD)
    moment = col(Prompt.planned_at)
    rows = session.exec(query.order_by(moment if still_open else moment.desc(), col(Prompt.id))).all()
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
