"""Takes back what was planned by a schedule, a zone or a wish that has changed; the past stays as it was."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlmodel import Session, col

from api.prompts.models import Prompt
from api.prompts.planning.days import Person
from api.prompts.planning.occasions import named
from api.prompts.planning.wallclock import today
from schemas.prompt import PromptStatus
from schemas.schedule import EntryTiming, Schedule, SignalTiming


def take_back(session: Session, schedule_id: UUID, now: datetime) -> None:
    """Take back everything that a schedule has still to come: it is retired."""
    session.execute(delete(Prompt).where(*_to_come(now), col(Prompt.schedule_id) == schedule_id))


def replan(session: Session, schedule_id: UUID, schedule: Schedule, who: Person, now: datetime) -> set[str]:
    """Take back what is planned for a person and still to come, or move it; return the names of what was taken back."""
    mine = [*_to_come(now), col(Prompt.participant_id) == who.id, col(Prompt.schedule_id) == schedule_id]
    if isinstance(schedule.timing, EntryTiming):
        _move(session, schedule, who, mine)
        return set()
    if isinstance(
        schedule.timing, SignalTiming
    ):  # a day's moments belong together: today's stay as they were drawn
        mine.append(col(Prompt.local_date) > today(now, who.time_zone))
    return {*session.execute(delete(Prompt).where(*mine).returning(col(Prompt.occasion))).scalars()}


def _move(session: Session, schedule: Schedule, who: Person, mine: Iterable[Any]) -> None:
    """Move the prompts that follow an entry to the new hour and zone: their days stay."""
    assert isinstance(schedule.timing, EntryTiming)  # noqa: S101 - the caller asked
    for prompt_id, day in session.execute(select(col(Prompt.id), col(Prompt.local_date)).where(*mine)).all():
        at = named(schedule, who, "-", day, schedule.timing.at)
        session.execute(
            update(Prompt)
            .where(col(Prompt.id) == prompt_id)
            .values(
                local_time=at.at,
                time_zone=who.time_zone,
                planned_at=at.planned_at,
                due_at=at.planned_at,
                expires_at=at.expires_at,
            )
        )


def _to_come(now: datetime) -> Iterable[ColumnElement[bool]]:
    return (
        col(Prompt.status) == PromptStatus.PLANNED,
        col(Prompt.step) == 0,
        col(Prompt.planned_at) > now,
    )
