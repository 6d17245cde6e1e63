"""The rows of planned prompts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from api.core import db
from api.core.ids import new_id
from api.prompts.models import Prompt
from api.prompts.planning.occasions import Occasion
from schemas.prompt import PromptStatus
from schemas.schedule import Schedule

ROWS_AT_ONCE = 1_000
Row = dict[str, Any]


def insert_prompts(session: Session, rows: Sequence[Row]) -> int:
    """Add prompts, each occasion once; return how many were new."""
    return sum(
        db.insert_new(session, Prompt, *rows[first : first + ROWS_AT_ONCE])
        for first in range(0, len(rows), ROWS_AT_ONCE)
    )


def prompt_row(
    ids: tuple[UUID, UUID, UUID],
    schedule: Schedule,
    zone: str,
    occasion: Occasion,
    follows: UUID | None = None,
) -> Row:
    """Return the row of an occasion; `ids` are the study's, the participant's and the schedule's."""
    return {
        "id": new_id(),
        "study_id": ids[0],
        "participant_id": ids[1],
        "schedule_id": ids[2],
        "occasion": occasion.name,
        "instrument": schedule.instrument,
        "kind": schedule.kind,
        "time_zone": zone,
        "local_date": occasion.day,
        "local_time": occasion.at,
        "fold": occasion.fold,
        "planned_at": occasion.planned_at,
        "expires_at": occasion.expires_at,
        "due_at": occasion.planned_at,
        "status": PromptStatus.PLANNED,
        "step": 0,
        "follows": follows,
    }
