"""Gives the row of a participant's reminders to whoever changes it, one at a time."""

from uuid import UUID

from sqlmodel import Session

from api.core import clock
from api.core.db import insert_new
from api.participants import service as participants
from api.prompts.models import Reminders
from schemas.reminders import RemindersPut


def lock_reminders(session: Session, participant_id: UUID) -> Reminders:
    """Return how a participant is reminded, made of the defaults if need be; or raise ParticipantWithdrawn."""
    participant = participants.lock_welcome(session, participant_id)
    insert_new(
        session,
        Reminders,
        {
            "participant_id": participant_id,
            "study_id": participant.study_id,
            "version": 1,
            "settings": RemindersPut().model_dump(mode="json"),
            "changed_at": clock.now(),
        },
    )
    return session.get_one(Reminders, participant_id, with_for_update=True, populate_existing=True)
