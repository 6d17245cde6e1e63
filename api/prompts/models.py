"""The tables of schedules, prompts and reminders."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from api.core import clock
from api.core.db import WrappedKey, enum_type
from api.core.ids import new_id
from schemas.prompt import PromptStatus, SkipReason
from schemas.reminders import ChannelName

_IS_DUE = text("due_at IS NOT NULL")


class PromptSchedule(SQLModel, table=True):
    """A study's schedule as it is now; each change is a new version of it."""

    __tablename__ = "prompt_schedule"
    __table_args__ = (UniqueConstraint("study_id", "key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    key: str = Field(max_length=63)
    version: int = 1
    seed: str = Field(max_length=64)
    definition: str = Field(sa_type=Text)
    created_at: datetime = Field(default_factory=clock.now)
    changed_at: datetime = Field(default_factory=clock.now)
    retired_at: datetime | None = None


class Prompt(SQLModel, table=True):
    """One planned occasion for one participant; `occasion` names it so that it is planned once.

    What is stored is the wall clock's time and its zone; `planned_at` is the instant that the zone's rules make of it.
    `due_at` is when the engine looks at it again; null once nothing more is to be done.
    """

    __table_args__ = (
        UniqueConstraint("participant_id", "occasion"),
        Index("ix_prompt_due_at", "due_at", sqlite_where=_IS_DUE, postgresql_where=_IS_DUE),
    )

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
    schedule_id: UUID | None = Field(default=None, index=True)
    local_date: date | None = None
    local_time: str | None = Field(default=None, max_length=8)
    fold: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    expires_at: datetime | None = None
    due_at: datetime | None = None
    step: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    skipped: SkipReason | None = Field(default=None, sa_type=enum_type(SkipReason))
    confirmed_at: datetime | None = None
    follows: UUID | None = None

    def moves_to(self, planned_at: datetime) -> bool:
        """Move an unsent prompt to another instant, and its end with it; say whether it was another."""
        if planned_at == self.planned_at:
            return False
        if self.expires_at is not None:
            self.expires_at += planned_at - self.planned_at
        self.planned_at = self.due_at = planned_at
        return True


class PromptSending(SQLModel, table=True):
    """That a prompt goes out on a channel, written before it does; its outcome comes after."""

    __tablename__ = "prompt_sending"
    __table_args__ = (UniqueConstraint("prompt_id", "channel", "step"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    prompt_id: UUID = Field(foreign_key="prompt.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    channel: ChannelName = Field(sa_type=enum_type(ChannelName))
    step: int
    state: str = Field(max_length=20)
    claim: UUID
    attempts: int = 1
    claimed_at: datetime
    settled_at: datetime | None = None
    code: int | None = None


class Reminders(SQLModel, table=True):
    """How a participant wants to be reminded."""

    participant_id: UUID = Field(foreign_key="participant.id", primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    version: int = 1
    settings: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    email_refused_at: datetime | None = None
    feed_hash: str | None = Field(default=None, max_length=64, unique=True)
    changed_at: datetime = Field(default_factory=clock.now)


class PromptPlan(SQLModel, table=True):
    """Up to which day a schedule is planned for a participant, and by which versions of what it follows."""

    __tablename__ = "prompt_plan"
    __table_args__ = (Index("ix_prompt_plan_next_on", "next_on"),)

    participant_id: UUID = Field(foreign_key="participant.id", primary_key=True)
    schedule_id: UUID = Field(foreign_key="prompt_schedule.id", primary_key=True, index=True)
    next_on: date
    schedule_version: int
    reminders_version: int


class PromptTrigger(SQLModel, table=True):
    """That an entry came, changed or went whose kind a schedule follows."""

    __tablename__ = "prompt_trigger"

    entry_id: UUID = Field(primary_key=True)
    study_id: UUID = Field(foreign_key="study.id", index=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    changed_at: datetime = Field(default_factory=clock.now, index=True)


class PushSubscription(SQLModel, table=True):
    """Where a device receives push messages; the address is contact data, and sealed as such."""

    __tablename__ = "push_subscription"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID = Field(foreign_key="participant.id", index=True)
    device_id: UUID = Field(unique=True)
    endpoint_hash: str = Field(max_length=64, index=True)
    wrapped_key: bytes = Field(sa_type=WrappedKey)
    sealed: bytes
    created_at: datetime = Field(default_factory=clock.now)
    retired_at: datetime | None = None
