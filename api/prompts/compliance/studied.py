"""What the checklist is made of: the schedules, the people and the prompts, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import polars as pl
from sqlalchemy import func, select
from sqlmodel import Session, col

from api.participants import service as participants
from api.prompts.compliance.figures import total
from api.prompts.compliance.ledger import ledger
from api.prompts.compliance.people import people
from api.prompts.compliance.schedules import Known, schedules
from api.prompts.compliance.service import NOTES
from api.prompts.models import Prompt, PromptSending
from api.studies.models import Study
from schemas.compliance import Figures
from schemas.participant import ParticipantStatus


@dataclass(frozen=True)
class Studied:
    """A study as its checklist sees it."""

    study: Study
    known: Mapping[UUID, Known]
    prompts: pl.DataFrame
    total: Figures
    standing: Mapping[ParticipantStatus, int]
    channels: Mapping[str, int]
    notes: Sequence[str] = NOTES

    @property
    def unscheduled(self) -> int:
        """Return how many prompts came without a schedule of ours."""
        return self.prompts["schedule"].null_count()


def studied(session: Session, study: Study, now: datetime) -> Studied:
    """Read a study."""
    prompts = ledger(session, study, now, people(session, study))
    return Studied(
        study=study,
        known=schedules(session, study.id),
        prompts=prompts,
        total=total(prompts),
        standing=participants.standing(session, study.id),
        channels=_channels(session, study.id),
    )


def _channels(session: Session, study_id: UUID) -> dict[str, int]:
    """Count the prompts that went out, by channel, without their repetitions."""
    rows = session.execute(
        select(col(PromptSending.channel), func.count())
        .join(Prompt, col(Prompt.id) == col(PromptSending.prompt_id))
        .join(
            who := participants.taking_part(study_id).subquery("who"),
            who.c.participant_id == col(PromptSending.participant_id),
        )
        .where(
            col(Prompt.study_id) == study_id, col(PromptSending.step) == 0, col(PromptSending.state) == "sent"
        )
        .group_by(col(PromptSending.channel))
        .order_by(col(PromptSending.channel))
    )
    return {channel.value: number for channel, number in rows}
