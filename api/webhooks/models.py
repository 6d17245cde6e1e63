"""The tables of the inbox: sources, what they delivered, and whose it is."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import clock
from api.core.db import enum_type
from api.core.ids import new_id
from schemas.inbox import DeliveryStatus, SourceStatus


class WebhookSource(SQLModel, table=True):
    """One address for one form of one survey tool; a change of what the door goes by is a new `version`."""

    __tablename__ = "webhook_source"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    tool: str = Field(max_length=40)
    name: str = Field(max_length=200)
    status: SourceStatus = Field(default=SourceStatus.TEST, sa_type=enum_type(SourceStatus))
    version: int = 1
    token_hash: str = Field(max_length=64)
    options: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    # Sealed under the study's own secret, as is what we fetch with.
    secrets: bytes = Field(sa_type=LargeBinary)
    fetch_token: bytes | None = None
    map_version: int = 0
    created_at: datetime = Field(default_factory=clock.now)
    # How far a tool that is asked has been read, and how often it was asked today.
    watermark: str | None = Field(default=None, max_length=200)
    next_poll_at: datetime | None = None
    poll_failures: int = 0
    poll_reason: str | None = Field(default=None, max_length=200)
    fetch_day: date | None = None
    fetch_count: int = 0
    refused_count: int = 0
    refused_at: datetime | None = None
    refused_reason: str | None = Field(default=None, max_length=200)


class WebhookFieldMap(SQLModel, table=True):
    """One version of how a source's answers become an entry's; never changed."""

    __tablename__ = "webhook_field_map"

    source_id: UUID = Field(foreign_key="webhook_source.id", primary_key=True)
    version: int = Field(primary_key=True)
    map: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    made_at: datetime = Field(default_factory=clock.now)


class WebhookDelivery(SQLModel, table=True):
    """One post as it came: the only copy of what somebody answered, until it is an entry."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("source_id", "dedupe_key"),
        Index("ix_webhook_delivery_source", "source_id", "id"),
        Index("ix_webhook_delivery_due", "status", "next_attempt_at"),
        Index("ix_webhook_delivery_participant", "participant_id"),
        Index("ix_webhook_delivery_purge", "purge_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    source_id: UUID = Field(foreign_key="webhook_source.id")
    received_at: datetime
    content_type: str = Field(max_length=200)
    headers: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    raw: bytes | None = None
    raw_sha256: str = Field(max_length=64)
    size: int
    auth_result: str = Field(max_length=40)
    dedupe_key: str = Field(max_length=110)
    status: DeliveryStatus = Field(sa_type=enum_type(DeliveryStatus))
    reason: str | None = Field(default=None, max_length=500)
    attempts: int = 0
    next_attempt_at: datetime
    settled_at: datetime | None = None
    purge_at: datetime | None = None
    fetched: bytes | None = None
    event_type: str | None = Field(default=None, max_length=100)
    submission_id: str | None = Field(default=None, max_length=200)
    revision_time: datetime | None = None
    participant_id: UUID | None = Field(default=None, foreign_key="participant.id")
    entry_id: UUID | None = None
    map_version: int | None = None
    findings: dict[str, list[str]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class WebhookSubmission(SQLModel, table=True):
    """Which entry a submission became, so that it becomes no second one, and only what is newer changes it."""

    __tablename__ = "webhook_submission"
    __table_args__ = (Index("ix_webhook_submission_participant", "participant_id"),)

    source_id: UUID = Field(foreign_key="webhook_source.id", primary_key=True)
    submission_id: str = Field(max_length=200, primary_key=True)
    entry_id: UUID
    participant_id: UUID | None = Field(default=None, foreign_key="participant.id")
    entry_version: int = 0
    revision_time: datetime | None = None
    delivery_id: UUID
    deleted_at: datetime | None = None


class WebhookCode(SQLModel, table=True):
    """The code by which a source's links name a participant; erased, its hash still tells whom to keep out."""

    __tablename__ = "webhook_code"
    __table_args__ = (UniqueConstraint("source_id", "code_hash"),)

    source_id: UUID = Field(foreign_key="webhook_source.id", primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id", primary_key=True)
    code_hash: str = Field(max_length=64)
    sealed: bytes | None = None
