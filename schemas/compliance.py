"""Compliance: what became of a study's prompts, counted; and who may need a word from a coordinator."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from schemas.base import Model
from schemas.prompt import SkipReason


class Grouping(StrEnum):
    """What a row of figures is about."""

    PARTICIPANT = "participant"
    DAY = "day"
    SCHEDULE = "schedule"
    WAVE = "wave"


class Latency(Model):
    """Seconds from the sending of a prompt, over those that were sent and answered."""

    prompts: int
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None


class Figures(Model):
    """What became of prompts.

    planned = answered + answered_unsent + missed + open + skipped + waiting + never_sent.
    """

    planned: int
    sent: Annotated[int, Field(description="Delivered: handed over on at least one channel.")]
    confirmed: Annotated[int, Field(description="A phone confirmed that it showed them.")]
    opened: int
    answered: Annotated[int, Field(description="Sent and answered.")]
    answered_unsent: Annotated[int, Field(description="Answered before anything was sent.")]
    missed: Annotated[int, Field(description="Sent, never answered, and over.")]
    open: Annotated[int, Field(description="Sent, not answered yet, and not over: not missed.")]
    waiting: Annotated[int, Field(description="Planned, not sent yet.")]
    never_sent: Annotated[int, Field(description="Over without having been sent: never non-compliance.")]
    skipped: Annotated[dict[SkipReason, int], Field(description="By reason; reasons of none are left out.")]
    compliance: Annotated[float | None, Field(description="answered / sent; null where nothing was sent.")]
    compliance_closed: Annotated[
        float | None, Field(description="answered / (answered + missed): without those still open.")
    ]
    participants_asked: Annotated[int, Field(description="To whom at least one of them was sent.")]
    participants_answering: Annotated[int, Field(description="Who answered at least one that was sent.")]
    to_opened: Latency
    to_answered: Latency


class ComplianceRow(Model):
    """The figures of one participant, day, schedule or wave; what it is not about is null."""

    participant_id: UUID | None = None
    last_answered_on: Annotated[
        date | None, Field(description="The participant's local day of the last prompt that they answered.")
    ] = None
    day: date | None = None
    schedule: Annotated[str | None, Field(description="Null for prompts of no schedule: imported ones.")] = (
        None
    )
    instrument: str | None = None
    kind: str | None = None
    wave: Annotated[
        int | None, Field(description="Which burst of its schedule, from 1; null where it has none.")
    ] = None
    week: Annotated[
        int | None, Field(description="The study week, from 1, of what is in no wave; 0 is before.")
    ] = None
    figures: Figures


class AttritionDay(Model):
    """Who was still asked, and who still answered, so many days after their own enrolment or later."""

    day: int
    asked: int
    answering: int


class Compliance(Model):
    """A study's compliance; only those who take part are in it."""

    by: Grouping
    at: Annotated[datetime, Field(description="What is over and what is still open is as of this instant.")]
    total: Annotated[Figures | None, Field(description="On the first page only.")]
    rows: list[ComplianceRow]
    next: Annotated[UUID | None, Field(description="Ask for the next participants `after` this one.")] = None
    attrition: Annotated[list[AttritionDay], Field(description="On the first page only.")]
    notes: list[str]


class Source(StrEnum):
    """Where a line of the CREMAS table comes from."""

    COMPUTED = "computed"
    SCHEDULE = "schedule"
    TEAM = "team"


class CremasRow(Model):
    """One line of the checklist; an empty value is for the team to write."""

    item: int
    section: str
    topic: str
    what: str
    value: str | None
    source: Source
    note: str | None = None


class Cremas(Model):
    """The Checklist for Reporting EMA Studies (Liao et al. 2016), filled in as far as the data go."""

    at: datetime
    rows: list[CremasRow]


class NudgeReason(StrEnum):
    """Why a participant may need a word."""

    NOT_ANSWERING = "not_answering"
    NEVER_OPENED = "never_opened"
    EMAIL_REFUSED = "email_refused"
    UNDELIVERABLE = "undeliverable"
    NO_CHANNEL = "no_channel"
    PAUSED = "paused"
    AWAY = "away"


class NudgeCause(Model):
    """One reason, since when, and until when if the participant said so."""

    reason: NudgeReason
    since: datetime | None = None
    until: datetime | None = None


class Nudge(Model):
    """A participant who may need a word: no name, no content."""

    participant_id: UUID
    causes: list[NudgeCause]
    last_answered_on: date | None


class Nudges(Model):
    """A page of the list, by pseudonymous id."""

    nudges: list[Nudge]
    next: UUID | None
