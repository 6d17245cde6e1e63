"""The tables of disclosure policies and hierarchies."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import clock
from api.core.db import enum_type
from api.core.ids import new_id
from schemas.disclosure import Tier


class StoredPolicy(SQLModel, table=True):
    """A study's own policy for one tier; without a row the tier's default holds."""

    __tablename__ = "disclosure_policy"

    study_id: UUID = Field(foreign_key="study.id", primary_key=True)
    tier: Tier = Field(sa_type=enum_type(Tier), primary_key=True)
    policy: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    changed_at: datetime = Field(default_factory=clock.now)


class StoredHierarchy(SQLModel, table=True):
    """A study's own generalisations of an attribute: each value's ancestors, without the final `*`."""

    __tablename__ = "hierarchy"
    __table_args__ = (UniqueConstraint("study_id", "attribute"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id")
    attribute: str = Field(max_length=63)
    ancestors: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    uploaded_at: datetime = Field(default_factory=clock.now)
