"""Takes the prompts whose time has come, decides on each, and claims what is to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import Session, col

from api.core import clock
from api.core.config import Settings
from api.prompts import schedules, sendings
from api.prompts.channels.base import Address, Fate, Reminder
from api.prompts.deciding import Circumstances, End, Rest, Send, Wait, decide, next_due
from api.prompts.models import Prompt, PromptSchedule, PromptSending
from api.prompts.recipients import Recipient, recipients
from api.prompts.slots import Slot, filled
from schemas.prompt import PromptStatus
from schemas.reminders import ChannelName
from schemas.schedule import IntervalTiming, Schedule

AT_ONCE = 50
LEASE = timedelta(minutes=3)
"""How long a worker may take over what it claimed; then another one takes it."""


@dataclass(frozen=True)
class Errand:
    """One prompt to send, by one or more channels."""

    prompt_id: UUID
    step: int
    remind_after: Sequence[int]
    by: list[tuple[ChannelName, UUID, UUID, Reminder, list[Address]]] = field(repr=False)
    """The channel, the sending, its claim, what is sent and to where."""


def take(session: Session, settings: Settings) -> list[Errand] | None:
    """Decide on some of the prompts that are due; return what is to be sent, or None if nothing was due."""
    now = clock.now()
    due = session.execute(
        select(Prompt)
        .where(col(Prompt.due_at) <= now)
        .order_by(col(Prompt.due_at), col(Prompt.id))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).scalars()
    prompts = [*due]
    if not prompts:
        return None
    facts = _Facts(session, settings, prompts, now)
    return [errand for prompt in prompts if (errand := facts.settle(prompt)) is not None]


class _Facts:
    """What decides on a batch, read at once."""

    def __init__(
        self, session: Session, settings: Settings, prompts: Sequence[Prompt], now: datetime
    ) -> None:
        self._session, self._settings, self._now = session, settings, now
        self._who = recipients(session, settings, {one.participant_id: one.study_id for one in prompts})
        self._sendings, self._left = sendings.of_prompts(session, [one.id for one in prompts])
        self._overtaken = _overtaken(session, [one.id for one in prompts], now)
        self._schedules = _schedules(session, {one.schedule_id for one in prompts if one.schedule_id})
        self._filled = filled(session, [slot for one in prompts if (slot := self._slot(one))])

    def settle(self, prompt: Prompt) -> Errand | None:
        """Decide on a prompt, write it down, and return what is to be sent of it."""
        recipient = self._who[prompt.participant_id]
        given = self._given(prompt, recipient)
        decision = decide(prompt, given, self._now)
        if isinstance(decision, Wait):
            prompt.moves_to(decision.planned_at)
        elif isinstance(decision, End):
            prompt.status, prompt.skipped, prompt.due_at = decision.status, decision.skipped, None
            if decision.answered and prompt.entry_id is None:
                prompt.entry_id, at = decision.answered
                prompt.answered_at = at if decision.status is PromptStatus.ANSWERED else None
        elif isinstance(decision, Rest):
            prompt.due_at = next_due(prompt, given.remind_after, self._now)
        elif isinstance(decision, Send):
            return self._errand(prompt, recipient, given.remind_after)
        return None

    def _given(self, prompt: Prompt, recipient: Recipient) -> Circumstances:
        return Circumstances(
            status=recipient.status,
            stopped=recipient.stopped,
            study_runs=recipient.study_runs,
            reminders=recipient.reminders,
            answered=self._filled.get(prompt.id),
            newer_waits=prompt.id in self._overtaken,
            has_channel=bool(recipient.addresses),
            maybe_sent=any(one.state == Fate.UNKNOWN.value for one in self._sendings.get(prompt.id, ())),
            remind_after=schedule.remind_after if (schedule := self._schedule(prompt)) else (),
        )

    def _schedule(self, prompt: Prompt) -> Schedule | None:
        return self._schedules.get(prompt.schedule_id) if prompt.schedule_id else None

    def _slot(self, prompt: Prompt) -> Slot | None:
        """Return the slot of a prompt that asks for the one entry of its day: any entry of that day fills it."""
        timing = schedule.timing if (schedule := self._schedule(prompt)) else None
        if prompt.local_date is None or not isinstance(timing, IntervalTiming) or len(timing.times) > 1:
            return None
        return Slot(prompt.id, prompt.participant_id, prompt.kind, prompt.local_date)

    def _errand(self, prompt: Prompt, recipient: Recipient, remind_after: Sequence[int]) -> Errand | None:
        earlier = self._sendings.get(prompt.id, [])
        of_step = [one for one in earlier if one.step == prompt.step]
        if of_step and all(one.state in sendings.SETTLED for one in of_step):
            if prompt.id in self._left:  # a worker died over it: it is not time for a repetition
                prompt.due_at = next_due(prompt, remind_after, self._now)
                return None
            prompt.step += 1
        claimed: list[tuple[ChannelName, PromptSending, list[Address]]] = []
        for channel, addresses in recipient.addresses.items():
            sending = sendings.claim(self._session, prompt, channel, earlier)
            if sending is not None:
                claimed.append((channel, sending, addresses))
        prompt.due_at = self._now + LEASE
        by = [
            (channel, row.id, row.claim, self._reminder(prompt, row.id, recipient), to)
            for channel, row, to in claimed
        ]
        return Errand(prompt.id, prompt.step, remind_after, by) if by else None

    def _reminder(self, prompt: Prompt, sending_id: UUID, recipient: Recipient) -> Reminder:
        return Reminder(
            prompt_id=prompt.id,
            sending_id=sending_id,
            participant_id=prompt.participant_id,
            step=prompt.step,
            language=recipient.language,
            planned_at=prompt.planned_at,
            expires_at=prompt.expires_at or prompt.planned_at + timedelta(days=1),
            time_zone=prompt.time_zone,
            url=f"{self._settings.public_url.rstrip('/')}/#/prompt/{prompt.id}",
        )


def _overtaken(session: Session, prompt_ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Return those of which a later prompt of the same schedule waits for the same person already."""
    prompt = Prompt.__table__  # type: ignore[attr-defined] # SQLModel hides __table__
    newer = prompt.alias("newer")
    waits = exists().where(
        newer.c.participant_id == prompt.c.participant_id,
        newer.c.schedule_id == prompt.c.schedule_id,
        newer.c.planned_at > prompt.c.planned_at,
        newer.c.due_at <= now,
    )
    mine = (prompt.c.id.in_(prompt_ids), prompt.c.follows.is_(None), waits)  # each decision is looked back at
    return {*session.execute(select(prompt.c.id).where(*mine)).scalars()}


def _schedules(session: Session, ids: set[UUID]) -> Mapping[UUID, Schedule]:
    rows = session.execute(select(PromptSchedule).where(col(PromptSchedule.id).in_(ids))).scalars()
    return {row.id: schedules.parse(row) for row in rows}
