"""Sources and deliveries as they cross the wire to staff."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue, StrictBool, StrictInt, StringConstraints

from schemas.base import FieldError, Key, Model, ShortText
from schemas.source import FieldMap, SourceOptions

ToolName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Secret = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{6,200}$")]
SourceName = Annotated[ShortText, Field(min_length=1)]


class SourceStatus(StrEnum):
    """Where a source stands: a paused one asks the tool to try again later, a test one makes no entries."""

    LIVE = "live"
    PAUSED = "paused"
    TEST = "test"


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    RECEIVED = "received"
    FETCHING = "fetching"
    PROCESSED = "processed"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"
    DEAD = "dead"


def usual_options() -> SourceOptions:
    """Return what a source is set to where nothing is said."""
    return SourceOptions.model_validate({})


class SourceCreate(Model):
    """A new source; it begins in test mode, where nothing becomes an entry."""

    tool: Annotated[ToolName, Field(examples=["typeform"])]
    name: Annotated[SourceName, Field(examples=["Evening survey"])]
    options: SourceOptions = Field(default_factory=usual_options)
    secret: Annotated[
        Secret | None, Field(description="Where the tool makes the secret; otherwise we make one.")
    ] = None
    fetch_token: Annotated[
        Secret | None, Field(description="What we fetch with, where posts are only pointers.")
    ] = None


class SourceChange(Model):
    """What may change of a source; what is left out stays."""

    name: SourceName | None = None
    options: SourceOptions | None = None
    fetch_token: Secret | None = None


class SourceStatusChange(Model):
    """Let a source live, pause or be tested."""

    status: SourceStatus


class Rotation(Model):
    """A new secret; the old ones stay good for a while, so that the tool can be changed in peace."""

    secret: Secret | None = None
    keep_old_hours: Annotated[StrictInt, Field(ge=0, le=720)] = 24
    new_address: Annotated[
        StrictBool, Field(description="Make a new address too: the old one is worth nothing at once.")
    ] = False


class SecretView(Model):
    """A live secret, without itself."""

    number: int
    not_after: datetime | None


class SourceView(Model):
    """A source, without its secrets."""

    id: UUID
    tool: str
    name: str
    status: SourceStatus
    options: SourceOptions
    secrets: list[SecretView]
    has_fetch_token: bool
    map_version: int
    created_at: datetime
    refused_count: Annotated[int, Field(description="Posts to this address that proved nothing.")]
    refused_at: datetime | None
    refused_reason: str | None
    next_poll_at: Annotated[
        datetime | None, Field(description="When a tool that does not post is asked again.")
    ]
    poll_reason: Annotated[str | None, Field(description="Why it could not be asked the last time.")]


class SourceMade(Model):
    """A source's address and secret, shown this once."""

    source: SourceView
    url: str | None
    secret: str | None
    instructions: str


class FieldMapView(Model):
    """One version of a field map."""

    version: int
    map: FieldMap
    made_at: datetime


class Instructions(Model):
    """What to click and what to paste in the tool; `<address>` stands for what was shown when the source was made."""

    text: str


class ParticipantLink(Model):
    """What one participant's link ends with."""

    participant_id: UUID
    code: str
    link: str


class DeliverySummary(Model):
    """A delivery without what it says."""

    id: UUID
    source_id: UUID
    received_at: datetime
    status: DeliveryStatus
    reason: str | None
    size: int
    attempts: int
    next_attempt_at: datetime | None
    event_type: str | None
    entry_id: UUID | None
    map_version: int | None
    findings: dict[str, list[str]]
    has_content: bool


class DeliveryQuery(Model):
    """Which deliveries are asked for."""

    source_id: UUID | None = None
    status: DeliveryStatus | None = None
    after: Annotated[UUID | None, Field(description="The last delivery of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class DeliveryPage(Model):
    """Some deliveries, newest first."""

    deliveries: list[DeliverySummary]
    next: Annotated[UUID | None, Field(description="Pass as `after` for the next page.")]


class ShownAnswer(Model):
    """One answer as the tool gave it, with what could name somebody replaced."""

    key: str
    alt_key: str | None
    label: str | None
    type: str | None
    value: JsonValue
    option_ids: list[str]
    option_labels: list[str]


class DeliveryView(Model):
    """One delivery and what it says, with what could name somebody replaced."""

    delivery: DeliverySummary
    stage: str | None
    form_id: str | None
    answers: list[ShownAnswer]
    warnings: list[str]
    text: Annotated[str | None, Field(description="The beginning of what could not be read.")] = None


class PreviewRequest(Model):
    """The map to try; the one in force if none is given."""

    map: FieldMap | None = None


class ProposalRequest(Model):
    """The form that a first map is wanted for."""

    instrument: Key
    kind: Key


class Preview(Model):
    """What a map would make of a stored delivery; nothing is changed."""

    status: DeliveryStatus
    reason: str | None
    instrument: Key | None
    kind: Key | None
    answers: dict[str, JsonValue]
    errors: list[FieldError]
    findings: dict[str, list[str]]


class Replay(Model):
    """Which deliveries to process again."""

    status: DeliveryStatus = DeliveryStatus.QUARANTINED
    source_id: UUID | None = None


class Replayed(Model):
    """How many deliveries are processed again."""

    count: int


class Reconcile(Model):
    """From which day on a tool is asked what it holds."""

    since: date
    fetch_missing: Annotated[
        bool, Field(description="Take in what has not come, as if the tool had posted it.")
    ] = False


class Reconciled(Model):
    """What a tool holds, and what of it has not come here."""

    held: int
    known: int
    missing: Annotated[
        list[str], Field(max_length=1_000, description="What the tool calls them; the first thousand.")
    ]
    fetched: Annotated[int, Field(description="How many are taken in now.")]
