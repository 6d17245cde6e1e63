"""The audit table."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from api.audit.events import Event
from api.core import clock
from api.core.db import enum_type
from api.core.ids import new_id


class AuditEvent(SQLModel, table=True):
    """One thing that somebody did; never changed, never deleted, holds no diary text."""

    __tablename__ = "audit_event"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(default_factory=clock.now)
    event: Event = Field(sa_type=enum_type(Event))
    actor_kind: str = Field(max_length=20)
    actor_id: UUID | None = None
    study_id: UUID | None = Field(default=None, index=True)
    object_id: UUID | None = None
    detail: dict[str, str | int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    request_id: str | None = Field(default=None, max_length=64)
