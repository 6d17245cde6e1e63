"""Entries as they travel between a phone and the server."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from schemas.base import Day, Instant, Key, Model, ShortText
from schemas.problem import ProblemBody
from schemas.study import TimeZone


class EnteredBy(StrEnum):
    """Who filled the entry in."""

    SELF = "self"
    ASSISTANT = "assistant_on_behalf"
    RESEARCHER = "researcher_on_behalf"
    SURVEY_TOOL = "survey_tool"


class InputMode(StrEnum):
    """How the entry was filled in."""

    TYPED = "typed"
    DICTATED = "dictated"
    MIXED = "mixed"
    IMPORTED = "imported"


class Client(Model):
    """The program that made the entry."""

    name: ShortText
    version: ShortText
    device: ShortText | None = None


_EXAMPLE: JsonValue = {
    "instrument": "place_leadership_diary",
    "version": 1,
    "kind": "decision",
    "answers": {
        "setting": "scheduled_meeting",
        "others_involved": ["council", "university"],
        "headline": "Whether to pool the skills budget with two neighbouring councils",
        "decision_status": "made",
        "decision_kind": "money_or_budget",
        "lpip_theme": ["skills"],
        "phase": "recovery",
        "confidence": 70,
        "review_after": "30d",
    },
    "happened_at": "2026-11-03T08:30:00+00:00",
    "made_at": "2026-11-03T17:45:00+00:00",
    "time_zone": "Europe/London",
    "utc_offset": 0,
    "local_date": "2026-11-03",
    "client": {"name": "daybook-web", "version": "1.0.0"},
}


class EntryPut(Model):
    """One filled instrument, as the phone made it; its times are never rewritten."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    instrument: Annotated[Key, Field(examples=["place_leadership_diary"])]
    version: Annotated[int, Field(ge=1, le=100_000)]
    kind: Annotated[Key, Field(examples=["decision"])]
    answers: dict[Key, JsonValue]
    happened_at: Instant
    made_at: Instant
    time_zone: TimeZone
    utc_offset: Annotated[int, Field(ge=-840, le=840, description="Minutes ahead of UTC.")]
    local_date: Day
    started_at: Instant | None = None
    finished_at: Instant | None = None
    entered_by: EnteredBy = EnteredBy.SELF
    input_mode: InputMode = InputMode.TYPED
    follows: Annotated[UUID | None, Field(description="The decision that a follow-up is about.")] = None
    prompt_id: UUID | None = None
    base_version: Annotated[
        int | None, Field(ge=1, le=1_000_000, description="The version that was edited.")
    ] = None
    client: Client


class EntryReceipt(Model):
    """The server's word that it has an entry."""

    id: UUID
    version: int
    content_hash: Annotated[
        str, Field(description="SHA-256 of the canonical JSON (RFC 8785) of what was sent.")
    ]
    received_at: datetime
    skew_ms: Annotated[
        int | None, Field(description="The phone's clock minus the server's, where it was sent.")
    ]
    clock_wrong: Annotated[bool, Field(description="The phone's clock is more than 5 minutes off.")] = False


class EntryView(Model):
    """A stored entry: its current version, as it was sent."""

    receipt: EntryReceipt
    entry: EntryPut


class EntryPage(Model):
    """Some of my entries."""

    entries: list[EntryView]
    next: Annotated[str | None, Field(description="Pass as `after` for the next page.")]


# Eighteen digits: a nineteenth could pass what a database holds as a whole number.
Cursor = Annotated[str | None, Field(max_length=18, pattern=r"^[0-9]{1,18}$")]


class PutOperation(Model):
    """Store an entry."""

    op: Literal["put"]
    id: UUID
    entry: EntryPut


class DeleteOperation(Model):
    """Delete an entry for good."""

    op: Literal["delete"]
    id: UUID


class SyncRequest(Model):
    """A phone's outbox, and up to where it knows the server's entries."""

    cursor: Cursor = None
    ops: Annotated[list[PutOperation | DeleteOperation], Field(max_length=50)] = Field(default_factory=list)


class SyncEnvelope(Model):
    """A sync as first read: each operation is then read on its own, so that a bad one blocks no other."""

    cursor: Cursor = None
    ops: Annotated[list[Any], Field(max_length=50)] = Field(default_factory=list)
    """JSON values, for they were read from JSON: to walk them here again would cost as much as to read them."""


class OperationResult(Model):
    """What became of one operation: a receipt, or the problem that it would have met alone."""

    id: UUID | None
    status: int
    receipt: EntryReceipt | None = None
    problem: ProblemBody | None = None


class Change(Model):
    """An entry that was stored or deleted since the cursor."""

    id: UUID
    deleted: bool = False
    entry: EntryView | None = None


class SyncResponse(Model):
    """One result per operation, what changed since the cursor, and the next cursor."""

    results: list[OperationResult]
    changes: list[Change]
    cursor: str
    more: Annotated[bool, Field(description="More changes wait: sync again with the new cursor.")] = False
    server_time: datetime
