"""Records audit events in the transaction of what they record."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from api.audit import events
from api.audit.events import Event
from api.audit.models import AuditEvent
from api.core.db import columns_of
from api.core.logging import request_id


@dataclass(frozen=True)
class Actor:
    """Who acts: a staff member, a participant, a tool, or the operator at the command line."""

    kind: str
    id: UUID | None = None


OPERATOR = Actor(events.OPERATOR)
SYSTEM = Actor(events.SYSTEM)
ANONYMOUS = Actor(events.ANONYMOUS)


def told(
    session: Session, study_id: UUID, participant_id: UUID, devices: Collection[UUID]
) -> Iterator[dict[str, Any]]:
    """Tell a participant what they did and what was done about them; not which member of staff did it."""
    about = [participant_id, *devices]
    mine = (
        select(AuditEvent)
        .where(
            AuditEvent.study_id == study_id,
            or_(col(AuditEvent.actor_id) == participant_id, col(AuditEvent.object_id).in_(about)),
        )
        .order_by(col(AuditEvent.id))
        .execution_options(yield_per=200)
    )
    staffs_own = {"actor_id", "study_id"}
    for row in session.exec(mine):
        yield columns_of(row, but=staffs_own) | {"meaning": row.event.meaning}


def record(
    session: Session,
    event: Event,
    actor: Actor,
    *,
    study_id: UUID | None = None,
    object_id: UUID | None = None,
    **detail: str | int,
) -> None:
    """Add one event to this transaction; its `detail` holds what the vocabulary allows it: codes and counts."""
    event.check(detail)
    session.add(
        AuditEvent(
            event=event,
            actor_kind=actor.kind,
            actor_id=actor.id,
            study_id=study_id,
            object_id=object_id,
            detail=detail,
            request_id=request_id(),
        )
    )


def last_at(session: Session, event: Event) -> datetime | None:
    """Return when something was last recorded."""
    newest_first = select(AuditEvent.at).order_by(col(AuditEvent.at).desc())
    return session.exec(newest_first.where(AuditEvent.event == event)).first()
