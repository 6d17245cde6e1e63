"""A participant's own calendar: at a private address that a calendar program asks for, or as a file."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.auth.principals import ParticipantPrincipal
from api.core import clock, crypto
from api.core.config import Settings
from api.participants import service as participants
from api.prompts.calendars import Occasion, feed
from api.prompts.models import Prompt, PromptPlan, PromptSchedule, Reminders
from api.prompts.own_reminders import lock_reminders
from api.prompts.words import words_for
from schemas.prompt import PromptStatus
from schemas.reminders import CalendarAddress, RemindersPut

AHEAD, BEHIND = timedelta(days=90), timedelta(days=1)


def make_address(session: Session, settings: Settings, principal: ParticipantPrincipal) -> CalendarAddress:
    """Make the address of my calendar; it is shown this once, and ends the one before."""
    token = crypto.new_secret("dbc")
    lock_reminders(session, principal.participant_id).feed_hash = crypto.digest(token)
    _record(session, Event.CALENDAR_ADDRESS_MADE, principal)
    return CalendarAddress(url=f"{settings.public_url.rstrip('/')}/v1/calendar/{token}.ics")


def end_address(session: Session, principal: ParticipantPrincipal) -> None:
    """End the address of my calendar, if there is one."""
    mine = session.get(Reminders, principal.participant_id, with_for_update=True, populate_existing=True)
    if mine is not None and mine.feed_hash is not None:
        mine.feed_hash = None
        _record(session, Event.CALENDAR_ADDRESS_ENDED, principal)


def whose(session: Session, token: str) -> UUID | None:
    """Return the participant whose calendar this is the address of."""
    known = select(Reminders.participant_id).where(Reminders.feed_hash == crypto.digest(token))
    return session.exec(known).first()


def calendar(session: Session, settings: Settings, participant_id: UUID) -> bytes:
    """Write a participant's calendar; it is empty for who wants no reminders or has left."""
    reminders = session.get(Reminders, participant_id)
    wanted = RemindersPut.model_validate(reminders.settings) if reminders else RemindersPut()
    shown = (
        []
        if wanted.stopped or not participants.is_prompted(session, participant_id)
        else _occasions(session, participant_id, reminders)
    )
    words = words_for(participants.language(session, participant_id))
    return feed(shown, words, urlsplit(settings.public_url).hostname or "daybook")


def _occasions(session: Session, participant_id: UUID, reminders: Reminders | None) -> list[Occasion]:
    """Return what is planned from yesterday on: what was moved has a higher sequence, what is gone is not there."""
    now = clock.now()
    rows = session.exec(
        select(Prompt, PromptSchedule, PromptPlan)
        .join(PromptSchedule, col(PromptSchedule.id) == col(Prompt.schedule_id), isouter=True)
        .join(
            PromptPlan,
            (col(PromptPlan.schedule_id) == col(Prompt.schedule_id))
            & (col(PromptPlan.participant_id) == col(Prompt.participant_id)),
            isouter=True,
        )
        .where(
            Prompt.participant_id == participant_id,
            Prompt.status != PromptStatus.SKIPPED,
            Prompt.planned_at >= now - BEHIND,
            Prompt.planned_at < now + AHEAD,
        )
        .order_by(col(Prompt.planned_at), col(Prompt.id))
    )
    return [_occasion(prompt, schedule, plan, reminders) for prompt, schedule, plan in rows]


def _occasion(
    prompt: Prompt,
    schedule: PromptSchedule | None,
    plan: PromptPlan | None,
    reminders: Reminders | None,
) -> Occasion:
    """Count the versions of what a prompt was planned by: they rise with every move, and never fall."""
    changes = [one.changed_at for one in (schedule, reminders) if one is not None]
    versions = plan.schedule_version + plan.reminders_version if plan else 0
    return Occasion(
        prompt.id,
        prompt.planned_at,
        prompt.time_zone,
        stamp=max(changes, default=prompt.planned_at - AHEAD),
        sequence=versions,
    )


def _record(session: Session, event: Event, principal: ParticipantPrincipal) -> None:
    audit.record(
        session,
        event,
        principal.actor,
        study_id=principal.study_id,
        object_id=principal.participant_id,
    )
