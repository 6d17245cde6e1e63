"""What a phone tells of a prompt: shown, opened, or to come again later; a status never moves backwards."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from api.core import clock
from api.core.problems import NotFound
from api.prompts.models import Prompt, PromptSending
from api.prompts.problems import PromptNotOpen
from schemas.prompt import PromptStatus, PromptView

_DELIVERED = (PromptStatus.SENT, PromptStatus.CONFIRMED, PromptStatus.OPENED)


def confirmed(session: Session, participant_id: UUID, prompt_id: UUID) -> PromptView:
    """Note that a phone showed a prompt. It may say so before the engine has noted that it was sent."""
    prompt = _mine(session, participant_id, prompt_id)
    prompt.confirmed_at = prompt.confirmed_at or clock.now()
    if prompt.status == PromptStatus.SENT:
        prompt.status = PromptStatus.CONFIRMED
    return _view(session, prompt)


def opened(session: Session, participant_id: UUID, prompt_id: UUID) -> PromptView:
    """Note that a prompt was opened; one that was not sent yet is still sent, if nothing comes of it."""
    prompt = _mine(session, participant_id, prompt_id)
    prompt.opened_at = prompt.opened_at or clock.now()
    if prompt.status in _DELIVERED:
        prompt.status = PromptStatus.OPENED
    return _view(session, prompt)


def snoozed(session: Session, participant_id: UUID, prompt_id: UUID, minutes: int) -> PromptView:
    """Let a prompt come again later, but not after it expires; asked again, it is moved and still comes once."""
    prompt = _mine(session, participant_id, prompt_id)
    now = clock.now()
    over = prompt.expires_at is not None and prompt.expires_at <= now
    if prompt.status not in _DELIVERED or over:
        raise PromptNotOpen
    later = now + timedelta(minutes=minutes)
    prompt.due_at = min(later, prompt.expires_at) if prompt.expires_at else later
    if _went_out(session, prompt):
        prompt.step += 1
    return _view(session, prompt)


def _mine(session: Session, participant_id: UUID, prompt_id: UUID) -> Prompt:
    """Return a prompt of this participant, kept for this transaction, or raise NotFound."""
    mine = (Prompt.id == prompt_id, Prompt.participant_id == participant_id)
    prompt = session.exec(select(Prompt).where(*mine).with_for_update()).one_or_none()
    if prompt is None:
        raise NotFound
    return prompt


def _went_out(session: Session, prompt: Prompt) -> bool:
    """Say whether the step that the prompt stands at was begun to be sent: a snooze asks for the one after it."""
    begun = (PromptSending.prompt_id == prompt.id, PromptSending.step == prompt.step)
    return prompt.step == 0 or session.exec(select(PromptSending.id).where(*begun)).first() is not None


def _view(session: Session, prompt: Prompt) -> PromptView:
    session.add(prompt)
    session.flush()
    return PromptView.model_validate(prompt, from_attributes=True)
