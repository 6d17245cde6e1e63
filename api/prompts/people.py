"""What the planner knows of the people it plans for."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from api.participants import service as participants
from api.prompts.models import Reminders
from api.prompts.planning.days import Person
from api.prompts.planning.wallclock import today
from api.studies import service as studies
from schemas.reminders import RemindersPut


def person(
    participant_id: UUID, enrolled_at: datetime, study_zone: str, chosen: Mapping[str, object] | None
) -> Person:
    """Return a person, with what they chose or the defaults; their zone is their own, else the study's."""
    reminders = RemindersPut.model_validate(chosen or {})
    zone = reminders.time_zone or study_zone
    return Person(participant_id, today(enrolled_at, zone), zone, reminders)


def people(session: Session, ids: Collection[UUID]) -> dict[UUID, Person]:
    """Return those of some participants who may be reminded."""
    who, home = participants.REMINDED.subquery(), studies.HOMES.subquery()
    rows = session.execute(
        select(who.c.participant_id, who.c.enrolled_at, home.c.time_zone, col(Reminders.settings))
        .join(home, home.c.study_id == who.c.study_id)
        .outerjoin(Reminders, col(Reminders.participant_id) == who.c.participant_id)
        .where(who.c.participant_id.in_(ids))
    )
    return {row[0]: person(*row) for row in rows}
