"""Stops the mails of a participant who followed the link in one of them, or whose mail program did."""

from uuid import UUID

from sqlmodel import Session

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.config import Settings
from api.core.service_keys import known_service_key
from api.participants import service as participants
from api.participants.problems import ParticipantWithdrawn
from api.prompts import stop_links
from api.prompts.own_reminders import lock_reminders
from schemas.reminders import ChannelName, RemindersPut


def whose(session: Session, settings: Settings, token: str) -> UUID | None:
    """Return the participant whose mail a link came from, or None if no mail of ours held it."""
    key = known_service_key(session, settings, stop_links.KEY)
    participant_id = stop_links.read(key, token) if key else None
    if participant_id is None or not participants.exists(session, participant_id):
        return None
    return participant_id


def stop_mails(session: Session, participant_id: UUID) -> None:
    """Take e-mail from a participant's reminders; once they are stopped, or withdrawn, there is nothing to do."""
    try:
        reminders = lock_reminders(session, participant_id)
    except ParticipantWithdrawn:
        return
    settings = RemindersPut.model_validate(reminders.settings)
    if ChannelName.EMAIL not in settings.channels:
        return
    left = [one for one in settings.channels if one != ChannelName.EMAIL]
    reminders.settings = settings.model_copy(update={"channels": left}).model_dump(mode="json")
    reminders.version += 1
    reminders.changed_at = clock.now()
    audit.record(
        session,
        Event.MAILS_STOPPED,
        Actor("participant", participant_id),
        study_id=reminders.study_id,
        object_id=participant_id,
    )
