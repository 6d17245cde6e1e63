"""Writes down what a prompt has become once it was sent, or could not be."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from api.core import db
from api.prompts.channels.base import Fate, Outcome
from api.prompts.claiming import Errand
from api.prompts.deciding import next_due
from api.prompts.models import Prompt, PromptSending, PushSubscription, Reminders
from schemas.prompt import PromptStatus, SkipReason
from schemas.reminders import ChannelName, RemindersPut

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""Until a server that said "later", or did not answer, is asked again."""
_NO_SUCH_MAILBOX = {550, 551, 553}
"""What a server says of an address; by other numbers it refuses the sender or the mail."""


def conclude(
    session: Session, errand: Errand, outcomes: Sequence[tuple[ChannelName, Outcome]], now: datetime
) -> None:
    """Write down what a prompt has become by its outcomes, and when it is looked at again."""
    prompt = session.get(Prompt, errand.prompt_id, with_for_update=True)
    if prompt is None:  # its participant was erased meanwhile
        return
    fates = {outcome.fate for _, outcome in outcomes}
    if Fate.SENT in fates:
        prompt.sent_at = prompt.sent_at or now
        if prompt.status is PromptStatus.PLANNED:
            prompt.status = _arrived(prompt)
    _note_refusals(session, prompt, outcomes, now)
    if prompt.status is PromptStatus.PLANNED and fates == {Fate.REFUSED}:
        prompt.status, prompt.skipped, prompt.due_at = PromptStatus.SKIPPED, SkipReason.UNDELIVERABLE, None
    elif prompt.step != errand.step:
        return  # its participant asked for it later while it went out
    elif Fate.LATER in fates:
        prompt.due_at = now + _pause(session, prompt.id, prompt.step)
    else:
        prompt.due_at = next_due(prompt, errand.remind_after, now)


def _arrived(prompt: Prompt) -> PromptStatus:
    """Return what a prompt has become: a phone may have shown or opened it before its sending was noted."""
    if prompt.opened_at is not None:
        return PromptStatus.OPENED
    return PromptStatus.CONFIRMED if prompt.confirmed_at is not None else PromptStatus.SENT


def _pause(session: Session, prompt_id: UUID, step: int) -> timedelta:
    mine = (col(PromptSending.prompt_id) == prompt_id, col(PromptSending.step) == step)
    attempts = max(session.execute(select(col(PromptSending.attempts)).where(*mine)).scalars())
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def _note_refusals(
    session: Session, prompt: Prompt, outcomes: Sequence[tuple[ChannelName, Outcome]], now: datetime
) -> None:
    """Note an address that is refused for good, and the devices that will never be reached again."""
    for name, outcome in outcomes:
        if name is ChannelName.EMAIL and outcome.fate is Fate.REFUSED and outcome.code in _NO_SUCH_MAILBOX:
            _refused(session, prompt, now)
        for dead in outcome.dead:
            session.execute(
                update(PushSubscription).where(col(PushSubscription.id) == dead).values(retired_at=now)
            )


def _refused(session: Session, prompt: Prompt, now: datetime) -> None:
    defaults = RemindersPut().model_dump(mode="json")
    row = {"participant_id": prompt.participant_id, "study_id": prompt.study_id, "settings": defaults}
    db.insert_new(
        session, Reminders, row | {"version": 0, "changed_at": now}
    )  # version 0: nothing to plan anew
    mine = col(Reminders.participant_id) == prompt.participant_id
    session.execute(update(Reminders).where(mine).values(email_refused_at=now))
