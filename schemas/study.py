"""Studies and their documents."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StrictBool, StrictInt

from schemas.base import Day, Key, Labels, Language, Model, ShortText

_ZONES = frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _ZONES:
        raise ValueError("This is not a time zone of the IANA database, such as Europe/London.")
    return name


TimeZone = Annotated[str, Field(max_length=64, examples=["Europe/London"]), AfterValidator(_known_zone)]


class StudyStatus(StrEnum):
    """Where a study stands."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


RetentionDays = Annotated[
    StrictInt, Field(ge=0, le=3_650, description="Days after the study's end until contact data is erased.")
]
SecondReview = Annotated[
    StrictBool,
    Field(description="Whether a text is exported only after a second person has signed its review off."),
]


class StudyCreate(Model):
    """A new study."""

    title: ShortText
    time_zone: TimeZone = "Europe/London"
    languages: Annotated[list[Language], Field(min_length=1, max_length=10)] = Field(
        default_factory=lambda: ["en"]
    )
    starts_on: Annotated[
        Day | None, Field(description="First day of study week 1; the day it opens if left out.")
    ] = None
    edit_window_hours: Annotated[StrictInt, Field(ge=0, le=8_760)] = 168
    contact_retention_days: RetentionDays = 90
    second_review: SecondReview = False


class StudyUpdate(Model):
    """What may change while a study runs."""

    title: ShortText | None = None
    edit_window_hours: Annotated[StrictInt, Field(ge=0, le=8_760)] | None = None
    contact_retention_days: RetentionDays | None = None
    second_review: SecondReview | None = None


class StudyStatusChange(Model):
    """Open, pause or close a study."""

    status: Literal[StudyStatus.OPEN, StudyStatus.PAUSED, StudyStatus.CLOSED]


class StudyView(StudyCreate):
    """A study as staff see it."""

    id: UUID
    status: StudyStatus
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    contact_erased_from: Annotated[
        datetime | None,
        Field(description="When contact data is due to be erased; null until the study is closed."),
    ]


class DocumentKind(StrEnum):
    """The versioned documents of a study."""

    INFORMATION = "information"
    CONSENT = "consent"


class ConsentStatement(Model):
    """One statement that a participant agrees to, or not."""

    key: Key
    text: Labels
    required: StrictBool = True
    purpose: Literal["participation", "sharing"] = "participation"


class DocumentCreate(Model):
    """A new version of the information sheet or of the consent form."""

    kind: DocumentKind
    text: Labels
    statements: Annotated[list[ConsentStatement], Field(max_length=30)] = Field(default_factory=list)


class DocumentView(DocumentCreate):
    """One version of a document."""

    version: int
    published_at: datetime
