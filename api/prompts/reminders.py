"""How a participant wants to be reminded, and what that can do for them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.config import Settings
from api.participants import contacts
from api.participants import service as participants
from api.prompts import schedules
from api.prompts.channels import CHANNELS
from api.prompts.models import Prompt, PushSubscription, Reminders
from api.prompts.push_key import push_public_key
from schemas.prompt import PromptStatus
from schemas.reminders import RemindersPut, RemindersView

_HOURLY = {"interval", "after_enrolment", "after_entry"}
AT_ONCE = 5_000
"""People of one statement: it takes 32,766 values on SQLite and 65,535 on PostgreSQL."""


def of(session: Session, participant_ids: Iterable[UUID]) -> dict[UUID, RemindersPut]:
    """Return how some participants want to be reminded; who never said has the defaults."""
    asked = list(participant_ids)
    found = {who: RemindersPut() for who in asked}
    for first in range(0, len(asked), AT_ONCE):
        mine = col(Reminders.participant_id).in_(asked[first : first + AT_ONCE])
        for who, settings in session.exec(
            select(Reminders.participant_id, Reminders.settings).where(mine)
        ).all():
            found[who] = _read(settings)
    return found


def show(session: Session, settings: Settings, participant_id: UUID) -> RemindersView:
    """Show a participant their reminders; those that a withdrawal stopped are stopped whatever they say."""
    row = session.get(Reminders, participant_id)
    me = participants.me(session, participant_id)
    wanted = _read(row.settings) if row else RemindersPut()
    wanted.stopped = wanted.stopped or me.prompts_stopped
    contact = contacts.read(session, settings, participant_id)
    return RemindersView(
        **wanted.model_dump(),
        offered=[name for name, channel in CHANNELS.items() if channel.is_offered(settings)],
        email_known=contact.email is not None,
        phone_known=contact.phone is not None,
        email_refused=_email_refused(session, row),
        push_devices=_push_devices(session, participant_id),
        push_key=push_public_key(session, settings),
        movable=_is_movable(session, me.study_id),
        next_at=_next_at(session, participant_id, wanted),
    )


def replace(
    session: Session, settings: Settings, actor: Actor, participant_id: UUID, wanted: RemindersPut
) -> RemindersView:
    """Replace how a participant wants to be reminded; what changes nothing is no new version to plan by."""
    participant = participants.lock_welcome(session, participant_id)
    row = session.get(Reminders, participant_id)  # the lock lets one phone of a participant in at a time
    before = _read(row.settings) if row else RemindersPut()
    if before != wanted:
        if row is None:
            row = Reminders(
                participant_id=participant_id, study_id=participant.study_id, version=0, settings={}
            )
        row.settings, row.version, row.changed_at = (
            wanted.model_dump(mode="json"),
            row.version + 1,
            clock.now(),
        )
        session.add(row)
        audit.record(
            session,
            Event.REMINDERS_CHANGED,
            actor,
            study_id=participant.study_id,
            object_id=participant_id,
        )
        session.flush()
    return show(session, settings, participant_id)


def _read(settings: Mapping[str, Any]) -> RemindersPut:
    return RemindersPut.model_validate(settings)


def _email_refused(session: Session, row: Reminders | None) -> bool:
    """Say whether the address was refused for good, and is still the one that was."""
    if row is None or row.email_refused_at is None:
        return False
    changed = contacts.changed_at(session, row.participant_id)
    return changed is None or changed <= row.email_refused_at


def _push_devices(session: Session, participant_id: UUID) -> int:
    mine = (PushSubscription.participant_id == participant_id, col(PushSubscription.retired_at).is_(None))
    return session.exec(select(func.count()).select_from(PushSubscription).where(*mine)).one()


def _is_movable(session: Session, study_id: UUID) -> bool:
    """Say whether a schedule of the study asks at an hour that participants may choose."""
    live = [schedule for _, schedule in schedules.live(session, study_id)]
    return any(one.movable and one.timing.type in _HOURLY for one in live)


def _next_at(session: Session, participant_id: UUID, wanted: RemindersPut) -> datetime | None:
    """Return when the next prompt is planned that will be sent, as far as one can know now."""
    if wanted.stopped:
        return None
    after = max(clock.now(), wanted.paused_until or clock.now())
    coming = (
        select(Prompt)
        .where(
            Prompt.participant_id == participant_id,
            Prompt.status == PromptStatus.PLANNED,
            Prompt.planned_at > after,
        )
        .order_by(col(Prompt.planned_at))
        .limit(200)
    )
    for prompt in session.exec(coming):
        day = prompt.local_date
        if day is None or not any(one.first <= day <= one.last for one in wanted.absences):
            return prompt.planned_at
    return None
