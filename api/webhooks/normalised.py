"""What an adapter is given and what it makes of it: no HTTP, no database, nothing of the application."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue


class Unreadable(Exception):
    """A delivery that its tool's adapter cannot read; `reason` is a sentence that a researcher understands."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stage(StrEnum):
    """What a delivery tells of: only what is complete becomes an entry, only what is deleted takes one back."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    TEST = "test"
    DELETED = "deleted"
    OTHER = "other"


@dataclass(frozen=True)
class Post:
    """One request as it came; names of headers in lower case, and only those that an adapter asks for."""

    body: bytes = field(repr=False)
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Envelope:
    """What a delivery is about, before its answers are read or fetched; one post may hold several."""

    stage: Stage
    event_type: str = ""
    form_id: str = ""
    submission_id: str = ""
    revision_time: datetime | None = None


@dataclass(frozen=True)
class Fetch:
    """What to ask the tool for when a post is only a pointer: the host is never in here, but in the source."""

    method: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, JsonValue] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Answer:
    """One answer as the tool gave it; a field map says which question it answers."""

    key: str
    value: JsonValue
    alt_key: str | None = None
    label: str | None = None
    type: str | None = None
    option_ids: tuple[str, ...] = ()
    option_labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Normalised:
    """One submission, the same for every tool; times are aware, or absent."""

    tool: str
    stage: Stage
    form_id: str
    submission_id: str
    revision_time: datetime | None = None
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    claims: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    warnings: tuple[str, ...] = ()
