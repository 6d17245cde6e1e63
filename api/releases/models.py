"""The tables of releases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import clock
from api.core.db import enum_type
from api.core.ids import new_id
from schemas.release import ReleaseStatus

LOST = (
    "It was published after the backup from which the service was restored, and its record was lost with the rest. "
    "Its number is not used again."
)


class Release(SQLModel, table=True):
    """A numbered release: first a request, then a job's work, then immutable."""

    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    number: int
    status: ReleaseStatus = Field(default=ReleaseStatus.QUEUED, sa_type=enum_type(ReleaseStatus))
    tier: str = Field(max_length=20)
    recipient: str = Field(max_length=200)
    purpose: str = Field(max_length=200)
    policy: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    cutoff: datetime
    fit_earlier: bool = False
    not_compared_reason: str | None = Field(default=None, max_length=1_000)
    seed: str = Field(max_length=64)
    requested_by: UUID | None = None
    requested_at: datetime = Field(default_factory=clock.now)
    attempts: int = 0
    claimed_by: str | None = Field(default=None, max_length=200)
    heartbeat_at: datetime | None = None
    progress: int = 0
    refusal: str | None = Field(default=None, max_length=1_000)
    folder: str | None = Field(default=None, max_length=200)
    files: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    published_at: datetime | None = None
    gate: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class ReleaseParticipant(SQLModel, table=True):
    """That a release holds a participant, and how it describes them; kept for good, as released files are.

    A withdrawal tells by it what cannot be recalled, and the ledger gate what later releases must not give away.
    """

    __tablename__ = "release_participant"

    release_id: UUID = Field(foreign_key="release.id", primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id", primary_key=True, index=True)
    shown: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
