"""Who takes part, and on which day of their own calendar they enrolled."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Select, func, literal, select
from sqlmodel import Session, col

from api.participants import service as participants
from api.prompts.models import Reminders
from api.studies.models import Study


def people(
    session: Session, study: Study, after: UUID | None = None, limit: int | None = None
) -> Mapping[UUID, date]:
    """Return who takes part, by id; all of them or, in that order, a page.

    Whoever left the study, however far, is not among them: what is kept of them is used no more. The zone is that of
    their reminders, else the study's, as the planner has it.
    """
    rows = session.execute(taking_part(study, after, limit))
    return {row.participant_id: local_day(row.enrolled_at, row.time_zone) for row in rows}


def taking_part(study: Study, after: UUID | None, limit: int | None) -> Select[Any]:
    """Return the query for a page of those who take part, with their zone and how they are reminded."""
    who = participants.taking_part(study.id).subquery("who")
    zone = func.coalesce(col(Reminders.settings)["time_zone"].as_string(), literal(study.time_zone))
    query = (
        select(
            who,
            zone.label("time_zone"),
            col(Reminders.settings),
            col(Reminders.email_refused_at),
        )
        .outerjoin(Reminders, col(Reminders.participant_id) == who.c.participant_id)
        .order_by(who.c.participant_id)
        .limit(limit)
    )
    return query.where(who.c.participant_id > after) if after else query


def local_day(at: datetime, zone: str) -> date:
    """Return the day of an instant in a zone; a zone that is no longer known counts as UTC."""
    return at.astimezone(_zone(zone)).date()


@lru_cache(maxsize=1_000)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
