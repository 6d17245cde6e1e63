"""The table of instrument versions."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import clock
from api.core.db import enum_type
from api.core.ids import new_id


class VersionStatus(StrEnum):
    """Where one version of an instrument stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class InstrumentVersion(SQLModel, table=True):
    """One version of an instrument; its definition never changes once published."""

    __tablename__ = "instrument_version"
    __table_args__ = (UniqueConstraint("study_id", "key", "version"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    key: str = Field(max_length=63)
    version: int
    status: VersionStatus = Field(default=VersionStatus.DRAFT, sa_type=enum_type(VersionStatus))
    definition: str = Field(sa_type=Text)
    definition_hash: str = Field(max_length=64)
    created_at: datetime = Field(default_factory=clock.now)
    published_at: datetime | None = None
    retired_at: datetime | None = None
