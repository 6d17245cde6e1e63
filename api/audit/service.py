"""Records audit events in the transaction of what they record."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from api.audit import events
from api.audit.events import Event
from api.audit.models import AuditEvent
from api.core.logging import request_id


@dataclass(frozen=True)
class Actor:
    """Who acts: a staff member, a participant, a tool, or the operator at the command line."""

    kind: str
    id: UUID | None = None


OPERATOR = Actor(events.OPERATOR)
SYSTEM = Actor(events.SYSTEM)
ANONYMOUS = Actor(events.ANONYMOUS)


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
