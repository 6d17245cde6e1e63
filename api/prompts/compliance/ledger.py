"""Reads a study's prompts once into columns: a million of them are 43 megabytes, and no objects.

Figures need their order (quartiles) and their local days, which SQLite cannot work out; so they are counted here, by
polars, alike on both databases.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import ColumnElement, String, and_, case, cast, literal, or_, select
from sqlmodel import Session, col

from api.prompts.compliance.people import local_day
from api.prompts.compliance.sql import seconds_between
from api.prompts.models import Prompt
from api.studies.models import Study
from schemas.prompt import PromptStatus, SkipReason

AT_ONCE = 20_000


class Outcome(StrEnum):
    """What became of a prompt; each has one."""

    ANSWERED = "answered"
    ANSWERED_UNSENT = "answered_unsent"
    MISSED = "missed"
    OPEN = "open"
    WAITING = "waiting"
    NEVER_SENT = "never_sent"
    SKIPPED = "skipped"


OUTCOMES = pl.Enum([one.value for one in Outcome])
REASONS = pl.Enum([one.value for one in SkipReason])
COLUMNS: dict[str, Any] = {
    "participant": pl.Categorical,
    "schedule": pl.Categorical,
    "instrument": pl.Categorical,
    "kind": pl.Categorical,
    "day": pl.Date,
    "number": pl.Int32,  # of the day, counted from 0 at the participant's enrolment
    "outcome": OUTCOMES,
    "skipped": REASONS,
    "is_sent": pl.Boolean,
    "is_confirmed": pl.Boolean,
    "is_opened": pl.Boolean,
    "to_opened": pl.Float64,
    "to_answered": pl.Float64,
}
Page = tuple[UUID, UUID]


def ledger(
    session: Session, study: Study, now: datetime, who: Mapping[UUID, date], page: Page | None = None
) -> pl.DataFrame:
    """Return what became of the prompts of these people; of a page of them, if its first and last are given."""
    query = select(*_columns(now)).where(col(Prompt.study_id) == study.id)
    if page:
        query = query.where(col(Prompt.participant_id).between(*page))
    enrolled = {str(one): day for one, day in who.items()}
    pieces = session.execute(query.execution_options(yield_per=AT_ONCE)).partitions()
    frames = (pl.DataFrame([*_told(rows, enrolled)], schema=COLUMNS, orient="row") for rows in pieces)
    return pl.concat([pl.DataFrame(schema=COLUMNS), *frames])


def _told(rows: Sequence[Any], enrolled: Mapping[str, date]) -> Iterator[tuple[Any, ...]]:
    for participant, schedule, zone, local, planned, instrument, kind, *rest in rows:
        who = str(participant)
        if who in enrolled:
            day = local or local_day(planned, zone)
            number = (day - enrolled[who]).days
            yield who, schedule and str(schedule), instrument, kind, day, number, *rest


def _columns(now: datetime) -> Iterator[Any]:
    answered, sent = col(Prompt.answered_at).is_not(None), col(Prompt.sent_at).is_not(None)
    yield from (col(Prompt.participant_id), col(Prompt.schedule_id), col(Prompt.time_zone))
    yield from (col(Prompt.local_date), case((col(Prompt.local_date).is_(None), col(Prompt.planned_at))))
    yield from (col(Prompt.instrument), col(Prompt.kind), outcome(now), cast(col(Prompt.skipped), String))
    yield from (sent, col(Prompt.confirmed_at).is_not(None))
    yield or_(col(Prompt.opened_at).is_not(None), answered)
    for until in (col(Prompt.opened_at), col(Prompt.answered_at)):
        yield case((answered & sent, seconds_between(col(Prompt.sent_at), until)))


def outcome(now: datetime) -> ColumnElement[str]:
    """Return what became of a prompt by now: the first that is true."""
    sent = col(Prompt.sent_at).is_not(None)
    over = or_(col(Prompt.status) == PromptStatus.EXPIRED, col(Prompt.expires_at) <= now)
    answered = col(Prompt.answered_at).is_not(None)
    return case(
        (and_(answered, sent), literal(Outcome.ANSWERED.value)),
        (col(Prompt.status) == PromptStatus.SKIPPED, literal(Outcome.SKIPPED.value)),
        (answered, literal(Outcome.ANSWERED_UNSENT.value)),
        (and_(sent, over), literal(Outcome.MISSED.value)),
        (sent, literal(Outcome.OPEN.value)),
        (over, literal(Outcome.NEVER_SENT.value)),
        else_=literal(Outcome.WAITING.value),
    )
