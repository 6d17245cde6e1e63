"""A prompt that has just been sent, as the engine leaves it."""

from datetime import timedelta
from uuid import UUID

from api.core import clock
from api.prompts.models import Prompt
from schemas.prompt import PromptStatus


def just_sent(study_id: UUID, participant_id: UUID, kind: str) -> Prompt:
    """Return a prompt for a kind of entry, sent now and open for an hour."""
    now = clock.now()
    return Prompt(
        study_id=study_id,
        participant_id=participant_id,
        occasion="monday",
        instrument="place_leadership_diary",
        kind=kind,
        time_zone="Europe/London",
        planned_at=now,
        sent_at=now,
        expires_at=now + timedelta(hours=1),
        status=PromptStatus.SENT,
    )
