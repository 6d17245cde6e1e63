"""The table of prompts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core.db import enum_type
from api.core.ids import new_id
from schemas.prompt import PromptStatus


class Prompt(SQLModel, table=True):
    """One planned occasion for one participant; `occasion` names it so that it is planned once."""

    __table_args__ = (UniqueConstraint("participant_id", "occasion"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    occasion: str = Field(max_length=200)
    instrument: str = Field(max_length=63)
    kind: str = Field(max_length=63)
    time_zone: str = Field(max_length=64)
    planned_at: datetime
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    entry_id: UUID | None = None
    status: PromptStatus = Field(default=PromptStatus.PLANNED, sa_type=enum_type(PromptStatus))
