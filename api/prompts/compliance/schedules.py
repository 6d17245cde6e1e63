"""A study's schedules, the retired ones too, as figures name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from api.prompts.models import PromptSchedule
from schemas.schedule import Schedule


@dataclass(frozen=True)
class Known:
    """A schedule as it is now."""

    id: UUID
    key: str
    definition: Schedule


def schedules(session: Session, study_id: UUID) -> Mapping[UUID, Known]:
    """Return a study's schedules by id, in the order of their keys."""
    rows = session.exec(
        select(PromptSchedule).where(PromptSchedule.study_id == study_id).order_by(col(PromptSchedule.key))
    )
    return {row.id: Known(row.id, row.key, Schedule.model_validate_json(row.definition)) for row in rows}
