"""Prompts."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from schemas.base import Model


class PromptStatus(StrEnum):
    """Where a prompt stands."""

    PLANNED = "planned"
    SENT = "sent"
    OPENED = "opened"
    ANSWERED = "answered"
    EXPIRED = "expired"


class PromptView(Model):
    """One planned occasion to make an entry."""

    id: UUID
    instrument: str
    kind: str
    planned_at: datetime
    status: PromptStatus
    entry_id: UUID | None
