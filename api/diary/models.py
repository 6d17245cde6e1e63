"""The tables of entries."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel

from api.core.ids import new_id


class Entry(SQLModel, table=True):
    """One filled instrument; the content is in its revisions, here is what queries need."""

    __table_args__ = (
        Index("ix_entry_participant_change", "participant_id", "change_seq"),
        Index("ix_entry_study", "study_id", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id")
    participant_id: UUID = Field(foreign_key="participant.id")
    instrument_version_id: UUID = Field(foreign_key="instrument_version.id")
    kind: str = Field(max_length=63)
    version: int
    happened_at: datetime
    time_zone: str = Field(max_length=64)
    local_date: date
    entered_by: str = Field(max_length=40)
    quotable: str | None = Field(default=None, max_length=20)
    embargo_until: date | None = None
    keep_out: bool = False
    follows: UUID | None = None
    prompt_id: UUID | None = None
    created_at: datetime
    change_seq: int = Field(sa_type=BigInteger)


class EntryRevision(SQLModel, table=True):
    """One accepted version of an entry, and with it the receipt that was given; append-only."""

    __tablename__ = "entry_revision"

    entry_id: UUID = Field(foreign_key="entry.id", primary_key=True)
    version: int = Field(primary_key=True)
    content_hash: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)
    device_id: UUID | None = None
    received_at: datetime
    skew_ms: int | None = Field(default=None, sa_type=BigInteger)


class EntryTombstone(SQLModel, table=True):
    """That an entry was deleted or withdrawn: late phones are refused for ever."""

    __tablename__ = "entry_tombstone"
    __table_args__ = (Index("ix_entry_tombstone_participant_change", "participant_id", "change_seq"),)

    entry_id: UUID = Field(primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id")
    deleted_at: datetime
    change_seq: int = Field(sa_type=BigInteger)
