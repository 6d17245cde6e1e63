"""The table of reports."""

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel


class StoredReport(SQLModel, table=True):
    """What was measured when a release was made; numbers of people, never who."""

    __tablename__ = "release_report"

    release_id: UUID = Field(foreign_key="release.id", primary_key=True)
    figures: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
