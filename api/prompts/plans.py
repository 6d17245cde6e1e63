"""How far each schedule is planned for each participant: the rows that two workers take turns by."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from api.core import db
from api.prompts.models import PromptPlan
from api.prompts.unplanned import Unplanned


def lock_plans(session: Session, found: Sequence[Unplanned]) -> set[tuple[UUID, UUID]]:
    """Make the plans that are missing, and lock those that nobody else works on and that are as they were found."""
    new = [
        {
            "participant_id": one.participant_id,
            "schedule_id": one.schedule_id,
            "next_on": date.min,
            "schedule_version": 0,
            "reminders_version": 0,
        }
        for one in found
        if one.planned_by is None
    ]
    db.insert_new(session, PromptPlan, *new)
    people = {one.participant_id for one in found}
    rows = session.execute(
        select(PromptPlan).where(col(PromptPlan.participant_id).in_(people)).with_for_update(skip_locked=True)
    ).scalars()
    now_is = {(row.participant_id, row.schedule_id): row for row in rows}
    return {
        (one.participant_id, one.schedule_id)
        for one in found
        if (row := now_is.get((one.participant_id, one.schedule_id)))
        and (row.next_on == one.next_on if one.planned_by else row.next_on == date.min)
    }


def keep_plan(session: Session, one: Unplanned, next_on: date, version: int) -> None:
    """Note up to where a schedule is planned, and by which versions."""
    session.execute(
        update(PromptPlan)
        .where(
            col(PromptPlan.participant_id) == one.participant_id,
            col(PromptPlan.schedule_id) == one.schedule_id,
        )
        .values(next_on=next_on, schedule_version=version, reminders_version=one.reminders_version)
    )
