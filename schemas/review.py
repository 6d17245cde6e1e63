"""The review of free text: candidates, placeholders, decisions and the queue."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from schemas.base import LongText, Model, ShortText

LONGEST = 1_000_000


class Kind(StrEnum):
    """What a piece of text tells of; also the word of its placeholder."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    EMAIL = "email"
    URL = "url"
    PHONE = "phone"
    POSTCODE = "postcode"
    NHS_NUMBER = "nhs_number"
    NI_NUMBER = "ni_number"
    VEHICLE = "vehicle"
    OTHER = "other"


class Layer(StrEnum):
    """How a candidate was found: what the study knows, what proves itself by its form, or what only looks so."""

    ROSTER = "roster"
    PATTERN = "pattern"
    SUGGESTION = "suggestion"


class TextState(StrEnum):
    """Where a text stands; only `reviewed` is exported."""

    UNREVIEWED = "unreviewed"
    EDITED = "edited"
    SECOND = "second"
    REVIEWED = "reviewed"
    WITHHELD = "withheld"


Offset = Annotated[StrictInt, Field(ge=0, le=LONGEST, description="Counted in code points.")]
Placeholder = Annotated[
    str,
    StringConstraints(
        pattern=r"^\[[A-Z]{2,20}(-[A-Z]{2,20})?-([1-9][0-9]{0,8}|[A-Z]{1,3})\]$", max_length=40
    ),
    Field(
        description="`[PERSON-3]` is the participant's third person. A letter, as in `[PERSON-B]`, stands for whoever "
        "has no number yet: pieces with the same letter get the same number.",
        examples=["[PERSON-3]", "[ORGANISATION-A]"],
    ),
]


class Suggestion(Model):
    """A piece of a text that may tell of somebody, with the placeholder that would replace it."""

    start: int
    end: int
    kind: Kind
    placeholder: Placeholder
    layer: Layer
    why: str


class Span(Model):
    """A piece of a text: replaced by a placeholder, or cleared as telling of nobody."""

    start: Offset
    end: Offset
    kind: Kind
    placeholder: Annotated[Placeholder | None, Field(description="Null: looked at and cleared.")] = None


class TextDecision(Model):
    """What a reviewer decides about one text as a whole; `unreviewed` takes an earlier decision back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "state": "reviewed",
                    "version": 1,
                    "seen": 0,
                    "spans": [{"start": 4, "end": 14, "kind": "person", "placeholder": "[PERSON-A]"}],
                },
                {"state": "withheld", "version": 1, "seen": 0},
            ]
        }
    )

    state: Literal[TextState.REVIEWED, TextState.WITHHELD, TextState.UNREVIEWED]
    version: Annotated[
        StrictInt, Field(ge=1, le=2**31 - 1, description="The version of the entry that was read.")
    ]
    seen: Annotated[
        StrictInt, Field(ge=0, le=2**31 - 1, description="How many decisions about this text were seen.")
    ]
    spans: Annotated[list[Span], Field(max_length=2_000)] = Field(default_factory=list)
    paraphrase: Annotated[
        LongText | None, Field(min_length=1, description="Told in the reviewer's words instead of the text.")
    ] = None


class SignOff(Model):
    """A second person agrees with the latest decision about a text."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 1, "seen": 1}]})

    version: Annotated[StrictInt, Field(ge=1, le=2**31 - 1)]
    seen: Annotated[
        StrictInt, Field(ge=1, le=2**31 - 1, description="The number of the decision agreed with.")
    ]


class DecisionView(Model):
    """One decision about a text, and who signed it off."""

    number: int
    state: TextState
    version: int
    spans: list[Span]
    paraphrase: str | None
    by: UUID | None
    at: datetime
    signed_off_by: UUID | None
    signed_off_at: datetime | None


class ReviewText(Model):
    """One text to review: where it stands in an entry, what was found in it, and what was decided."""

    id: UUID
    state: TextState
    position: Annotated[
        int | None, Field(description="Its place among the texts of its state; null when read by itself.")
    ] = None
    participant_id: UUID
    entry_id: UUID
    version: int
    kind: str
    question: str
    item: Annotated[int, Field(description="The index in a repeat; -1 outside of one.")]
    part: Annotated[str, Field(description="The question inside the repeat; empty outside of one.")]
    quotable: Annotated[str | None, Field(description="What the leader said about quoting the entry.")]
    text: str
    suggested: list[Suggestion]
    decisions: list[DecisionView]


class ReviewQueue(Model):
    """A page of texts, and how many wait."""

    texts: list[ReviewText]
    next: str | None
    counts: dict[TextState, int]
    second_review: bool
    reminder: str


class TermCreate(Model):
    """A name, an organisation or a place that the study knows of."""

    kind: Literal[Kind.PERSON, Kind.ORGANISATION, Kind.PLACE, Kind.OTHER]
    text: Annotated[ShortText, Field(min_length=2)]


class TermView(TermCreate):
    """A known name, organisation or place."""

    id: UUID
    added_at: datetime


class TermPage(Model):
    """A page of known names, oldest first."""

    terms: list[TermView]
    next: str | None
