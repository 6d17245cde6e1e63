"""The tables of the audit: events, and the seals that chain them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from api.audit import append_only
from api.audit.events import Event
from api.core import clock
from api.core.db import WrappedKey, enum_type
from api.core.ids import new_id


class AuditEvent(SQLModel, table=True):
    """One thing that somebody did; never changed, never deleted, holds no diary text."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_seal", "seal_number", "id"),
        Index("ix_audit_event_study", "study_id", "at", "id"),
        Index("ix_audit_event_study_event", "study_id", "event", "at", "id"),
        Index("ix_audit_event_study_actor", "study_id", "actor_id", "at", "id"),
        Index("ix_audit_event_study_object", "study_id", "object_id", "at", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(default_factory=clock.now)
    event: Event = Field(sa_type=enum_type(Event))
    actor_kind: str = Field(max_length=20)
    actor_id: UUID | None = None
    study_id: UUID | None = None
    object_id: UUID | None = None
    detail: dict[str, str | int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    request_id: str | None = Field(default=None, max_length=64)
    # Empty until the sealer has been; the one column that is ever written later, and no part of what is sealed.
    seal_number: int | None = Field(default=None, sa_type=BigInteger)


class AuditSeal(SQLModel, table=True):
    """One link of the chain: what a batch of events was when it was sealed."""

    __tablename__ = "audit_seal"

    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(default_factory=clock.now)
    leaves: bytes = Field(sa_type=LargeBinary)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    # A key of its own, so that a change of the master key re-wraps it and leaves the mark as it is.
    wrapped_key: bytes = Field(sa_type=WrappedKey)
    mark: str = Field(max_length=64)


append_only.guard(AuditEvent.__tablename__, AuditSeal.__tablename__)
