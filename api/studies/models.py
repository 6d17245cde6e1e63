"""The tables of studies and their documents."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from api.core import clock
from api.core.db import WrappedKey, enum_type
from api.core.ids import new_id
from schemas.study import DocumentKind, StudyStatus


class Study(SQLModel, table=True):
    """A study."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    title: str = Field(max_length=200)
    status: StudyStatus = Field(default=StudyStatus.DRAFT, sa_type=enum_type(StudyStatus))
    time_zone: str = Field(max_length=64)
    languages: list[str] = Field(sa_column=Column(JSON, nullable=False))
    starts_on: date | None = None
    edit_window_hours: int
    contact_retention_days: int = Field(default=90, sa_column_kwargs={"server_default": "90"})
    second_review: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    created_at: datetime = Field(default_factory=clock.now)
    followed_kinds: str = Field(default="", max_length=2_000, sa_column_kwargs={"server_default": ""})
    """The kinds of entry that a schedule follows, between spaces: read with the gate of every batch of entries."""
    opened_at: datetime | None = None
    closed_at: datetime | None = None


class StudyDocument(SQLModel, table=True):
    """One version of an information sheet or consent form; never changed."""

    __tablename__ = "study_document"
    __table_args__ = (UniqueConstraint("study_id", "kind", "version"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    kind: DocumentKind = Field(sa_type=enum_type(DocumentKind))
    version: int
    text: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    statements: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    published_at: datetime = Field(default_factory=clock.now)


class StudySecret(SQLModel, table=True):
    """A study's own secret, wrapped by the master key: what is derived of it outlives a change of that key."""

    __tablename__ = "study_secret"

    study_id: UUID = Field(foreign_key="study.id", primary_key=True)
    wrapped_key: bytes = Field(sa_type=WrappedKey)
