"""The audit of a study as its owners read it: ids, codes and counts, never a name or anybody's words."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from schemas.base import Instant, Model

EventName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$", max_length=40)]


class AuditQuery(Model):
    """What of the audit is wanted, and from where on."""

    event: Annotated[
        EventName | None, Field(description="Only events of this name, such as release.downloaded.")
    ] = None
    actor: Annotated[UUID | None, Field(description="Only what this member of staff or participant did.")] = (
        None
    )
    object: Annotated[UUID | None, Field(description="Only what was done to this object.")] = None
    since: Annotated[Instant | None, Field(alias="from", description="Only from this time on.")] = None
    until: Annotated[Instant | None, Field(alias="to", description="Only before this time.")] = None
    after: Annotated[UUID | None, Field(description="The `next` of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class AuditEventView(Model):
    """One thing that somebody did; docs/audit.md explains each event."""

    id: UUID
    at: datetime
    event: str
    actor_kind: str
    actor_id: UUID | None
    object_id: UUID | None
    detail: dict[str, str | int]
    request_id: str | None
    seal_number: Annotated[
        int | None, Field(description="The seal that holds it; empty for the first seconds.")
    ]


class AuditPage(Model):
    """Some events, newest first."""

    events: list[AuditEventView]
    next: Annotated[UUID | None, Field(description="Pass as `after` for the next page.")]
