"""The schedules that come with Daybook, for the questionnaires that do."""

from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import Session

import schemas
from api.audit.service import Actor
from api.prompts import schedules
from schemas.schedule import Schedule, ScheduleView

FILE = Path(schemas.__file__).parent / "schedules" / "place-leadership.json"
_SEVERAL = TypeAdapter(list[Schedule])


def definitions() -> list[Schedule]:
    """Return the shipped schedules."""
    return _SEVERAL.validate_json(FILE.read_bytes())


def put_all(session: Session, actor: Actor, study_id: UUID) -> list[ScheduleView]:
    """Give a study the shipped schedules."""
    return [schedules.put(session, actor, study_id, one) for one in definitions()]
