"""Prompts: planned occasions to make an entry, and what became of each."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt

from schemas.base import Model


class PromptStatus(StrEnum):
    """Where a prompt stands."""

    PLANNED = "planned"
    SENT = "sent"
    CONFIRMED = "confirmed"
    OPENED = "opened"
    ANSWERED = "answered"
    EXPIRED = "expired"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why a prompt was never sent, or not for certain: none of these counts against its participant."""

    ANSWERED = "answered"
    PAUSED = "paused"
    AWAY = "away"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    STUDY_NOT_OPEN = "study_not_open"
    NO_CHANNEL = "no_channel"
    UNDELIVERABLE = "undeliverable"
    UNCERTAIN = "uncertain"
    TOO_LATE = "too_late"
    OVERTAKEN = "overtaken"


class PromptView(Model):
    """One planned occasion to make an entry."""

    id: UUID
    instrument: str
    kind: str
    planned_at: datetime
    expires_at: datetime | None
    status: PromptStatus
    entry_id: UUID | None
    follows: Annotated[UUID | None, Field(description="The decision that a follow-up is about.")]


class Snooze(Model):
    """Ask me again later."""

    minutes: Annotated[StrictInt, Field(ge=5, le=1_440)] = 30
