"""The table of agreements."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from api.core import clock
from api.core.ids import new_id


class Agreement(SQLModel, table=True):
    """An agreement with a recipient, for one purpose, between two days; ended early, never changed or deleted."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    recipient: str = Field(max_length=200)
    organisation: str = Field(max_length=200)
    purpose: str = Field(max_length=200)
    reference: str = Field(max_length=200)
    valid_from: date
    ends_on: date
    recorded_by: UUID | None = None
    recorded_at: datetime = Field(default_factory=clock.now)
    ended_at: datetime | None = None
