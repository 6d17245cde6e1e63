"""A participant's reminders over HTTP, and what their phone tells of a prompt."""

from uuid import UUID

from fastapi import APIRouter

from api.auth.dependencies import CurrentParticipant
from api.core.dependencies import AppSettings, DbSession
from api.prompts import opening, reminders
from schemas.prompt import PromptView, Snooze
from schemas.reminders import RemindersPut, RemindersView

router = APIRouter(prefix="/v1/me", tags=["prompts"])


@router.get("/reminders")
def read_my_reminders(
    principal: CurrentParticipant, session: DbSession, settings: AppSettings
) -> RemindersView:
    """Show how I am reminded, and what this service can do for me."""
    return reminders.show(session, settings, principal.participant_id)


@router.put("/reminders")
def replace_my_reminders(
    body: RemindersPut, principal: CurrentParticipant, session: DbSession, settings: AppSettings
) -> RemindersView:
    """Replace how I am reminded: a stop, a pause and days away count from now on."""
    return reminders.replace(session, settings, principal.actor, principal.participant_id, body)


@router.post("/prompts/{prompt_id}/confirmed")
def confirm_my_prompt(prompt_id: UUID, principal: CurrentParticipant, session: DbSession) -> PromptView:
    """Note that my phone has shown a prompt."""
    return opening.confirmed(session, principal.participant_id, prompt_id)


@router.post("/prompts/{prompt_id}/opened")
def open_my_prompt(prompt_id: UUID, principal: CurrentParticipant, session: DbSession) -> PromptView:
    """Note that I have opened a prompt."""
    return opening.opened(session, principal.participant_id, prompt_id)


@router.post("/prompts/{prompt_id}/snooze")
def snooze_my_prompt(
    prompt_id: UUID, body: Snooze, principal: CurrentParticipant, session: DbSession
) -> PromptView:
    """Ask me again later, as long as the prompt is open."""
    return opening.snoozed(session, principal.participant_id, prompt_id, body.minutes)
