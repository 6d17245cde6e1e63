"""The tables of participants."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from api.core import clock
from api.core.db import WrappedKey, enum_type
from api.core.ids import new_id
from schemas.participant import ParticipantStatus, WithdrawalScope


class Participant(SQLModel, table=True):
    """A participant, known by a pseudonymous id only."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    status: ParticipantStatus = Field(default=ParticipantStatus.INVITED, sa_type=enum_type(ParticipantStatus))
    external_ref: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(default_factory=clock.now)
    enrolled_at: datetime | None = None
    withdrawn_at: datetime | None = None
    prompts_stopped_at: datetime | None = None

    __table_args__ = (Index("uq_participant_external_ref", "study_id", "external_ref", unique=True),)


class Invitation(SQLModel, table=True):
    """A one-time code for one participant, stored as a hash."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(default_factory=clock.now)
    expires_at: datetime
    used_at: datetime | None = None
    attempt: UUID | None = None


class Consent(SQLModel, table=True):
    """What a participant agreed to, when and how; withdrawable, never overwritten."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    document_version: int
    statements: dict[str, bool] = Field(sa_column=Column(JSON, nullable=False))
    how: str = Field(max_length=40)
    given_at: datetime = Field(default_factory=clock.now)
    withdrawn_at: datetime | None = None


class ParticipantAttribute(SQLModel, table=True):
    """One value of a profile attribute, with the time in which it was true."""

    __tablename__ = "participant_attribute"
    __table_args__ = (
        Index(
            "uq_participant_attribute_current",
            "participant_id",
            "key",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    key: str = Field(max_length=63)
    value: JsonValue = Field(sa_column=Column(JSON, nullable=False))
    valid_from: datetime = Field(default_factory=clock.now)
    valid_to: datetime | None = None


class Contact(SQLModel, table=True):
    """Contact data, encrypted under a key of the participant's own; withdrawal destroys the key."""

    participant_id: UUID = Field(foreign_key="participant.id", primary_key=True)
    wrapped_key: bytes | None = Field(default=None, sa_type=WrappedKey)
    sealed: bytes | None = None
    email_hash: str | None = Field(default=None, max_length=64, index=True)
    """The address under a key of the service's, by which a participant who types it is found; erased with it."""
    changed_at: datetime = Field(default_factory=clock.now)


class MailedCode(SQLModel, table=True):
    """That somebody asked for a code by e-mail to sign in with; the code is made when the mail is sent."""

    __tablename__ = "mailed_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    asked_at: datetime = Field(default_factory=clock.now)
    due_at: datetime | None = Field(default_factory=clock.now, index=True)
    attempts: int = 0
    state: str = Field(default="waiting", max_length=20)


class Withdrawal(SQLModel, table=True):
    """That a participant withdrew, how far, and the receipt they were given."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    scope: WithdrawalScope = Field(sa_type=enum_type(WithdrawalScope))
    at: datetime = Field(default_factory=clock.now)
    receipt: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
