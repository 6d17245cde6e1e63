"""Decides what becomes of a prompt whose time has come; pure, so that every case can be tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from api.prompts.models import Prompt
from api.prompts.planning.wallclock import instant
from schemas.participant import ParticipantStatus
from schemas.prompt import PromptStatus, SkipReason
from schemas.reminders import RemindersPut

CATCHING_UP = timedelta(minutes=5)
"""How late a prompt may be until, of several that wait for one person, only the newest is sent."""
OPEN = {PromptStatus.PLANNED, PromptStatus.SENT, PromptStatus.CONFIRMED, PromptStatus.OPENED}


@dataclass(frozen=True)
class Circumstances:
    """What decides, besides the prompt itself."""

    status: ParticipantStatus
    stopped: bool
    study_runs: bool
    reminders: RemindersPut
    answered: tuple[UUID, datetime] | None = None
    """The entry that fills the occasion already, and since when."""
    newer_waits: bool = False
    """Whether a later prompt of the same schedule waits for the same person."""
    has_channel: bool = True
    maybe_sent: bool = False
    """Whether a sending was handed over without an answer."""
    remind_after: Sequence[int] = ()


@dataclass(frozen=True)
class Wait:
    """Nothing yet: a rule of the zone has changed, and the wall clock shows the time later."""

    planned_at: datetime


@dataclass(frozen=True)
class End:
    """Nothing any more."""

    status: PromptStatus
    skipped: SkipReason | None = None
    answered: tuple[UUID, datetime] | None = None


@dataclass(frozen=True)
class Send:
    """Send it, for the first time or again."""


@dataclass(frozen=True)
class Rest:
    """It was sent; what is repeated is not repeated now."""


Decision = Wait | End | Send | Rest


def decide(prompt: Prompt, given: Circumstances, now: datetime) -> Decision:
    """Decide on a prompt that is due; what was not sent is skipped with its reason, and never counts as missed."""
    if prompt.status not in OPEN:
        return End(prompt.status, prompt.skipped)
    unsent = prompt.status is PromptStatus.PLANNED
    planned_at = replanned(prompt)
    if unsent and prompt.step == 0 and planned_at > now:
        return Wait(planned_at)
    if given.answered is not None:
        return (
            End(PromptStatus.SKIPPED, SkipReason.ANSWERED, given.answered)
            if unsent
            else End(PromptStatus.ANSWERED, answered=given.answered)
        )
    if prompt.expires_at is not None and prompt.expires_at <= now:
        return _over(unsent, given)
    reason = _hindrance(prompt, given, now)
    if reason is None:
        return Send()
    return End(PromptStatus.SKIPPED, reason) if unsent else Rest()


def replanned(prompt: Prompt) -> datetime:
    """Return the instant of a prompt's wall-clock time by the rules of its zone as they are now."""
    if prompt.local_date is None or prompt.local_time is None:
        return prompt.planned_at
    return instant(prompt.local_date, prompt.local_time, prompt.time_zone, prompt.fold)


def next_due(prompt: Prompt, remind_after: Sequence[int], now: datetime) -> datetime | None:
    """Return when a prompt that was just sent is looked at again: to be repeated, or because it is over."""
    times = (prompt.planned_at + timedelta(minutes=minutes) for minutes in remind_after)
    return next((at for at in times if at > now), prompt.expires_at)


def _over(unsent: bool, given: Circumstances) -> End:
    if not unsent:
        return End(PromptStatus.EXPIRED)
    return End(PromptStatus.SKIPPED, SkipReason.UNCERTAIN if given.maybe_sent else SkipReason.TOO_LATE)


def _hindrance(prompt: Prompt, given: Circumstances, now: datetime) -> SkipReason | None:
    wishes = given.reminders
    today = now.astimezone(ZoneInfo(prompt.time_zone)).date()
    found = {
        SkipReason.WITHDRAWN: given.status is not ParticipantStatus.ENROLLED,
        SkipReason.STOPPED: given.stopped or wishes.stopped,
        SkipReason.STUDY_NOT_OPEN: not given.study_runs,
        SkipReason.PAUSED: wishes.paused_until is not None and now < wishes.paused_until,
        SkipReason.AWAY: any(one.first <= today <= one.last for one in wishes.absences),
        SkipReason.OVERTAKEN: given.newer_waits and now - prompt.planned_at > CATCHING_UP,
        SkipReason.NO_CHANNEL: not given.has_channel,
    }
    return next((reason for reason, hinders in found.items() if hinders), None)
