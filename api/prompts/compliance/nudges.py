"""Finds who may need a word from a coordinator, by what became of their prompts: no name, no content.

Whoever asked for no more reminders, for now or for good, is left alone. Whoever paused them or is away is told of as
such and of nothing else: their silence is what they chose.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlmodel import Session, col

from api.core import clock
from api.prompts.compliance.figures import figures
from api.prompts.compliance.grouping import ByParticipant
from api.prompts.compliance.ledger import Outcome, ledger, outcome
from api.prompts.compliance.people import local_day, people, taking_part
from api.prompts.models import Prompt
from api.studies.models import Study
from schemas.compliance import Nudge, NudgeCause, NudgeReason, Nudges
from schemas.prompt import SkipReason
from schemas.reminders import RemindersPut

_NOT_SENT = {
    NudgeReason.UNDELIVERABLE: SkipReason.UNDELIVERABLE,
    NudgeReason.NO_CHANNEL: SkipReason.NO_CHANNEL,
    NudgeReason.PAUSED: SkipReason.PAUSED,
    NudgeReason.AWAY: SkipReason.AWAY,
}
_Found = tuple[UUID, list[NudgeCause]]


def nudges(session: Session, study: Study, days: int, after: UUID | None = None, limit: int = 100) -> Nudges:
    """Return a page of who has not answered for so many days, cannot be reached, or paused."""
    now = clock.now()
    # Closed at once: what PostgreSQL still holds ready for the rest of the people is given back.
    with closing(_found(session, study, now, timedelta(days=days), after)) as found:
        page = [*islice(found, limit + 1)]
    told = page[:limit]
    last = _last_answers(session, study, now, [who for who, _ in told])
    return Nudges(
        nudges=[
            Nudge(participant_id=who, causes=causes, last_answered_on=last.get(who)) for who, causes in told
        ],
        next=told[-1][0] if len(page) > limit else None,
    )


def _found(
    session: Session, study: Study, now: datetime, patience: timedelta, after: UUID | None
) -> Generator[_Found, None, None]:
    who = taking_part(study, after, None).subquery("people")
    ledgers = _ledgers(study, now)
    query = (
        select(who, ledgers)
        .outerjoin(ledgers, ledgers.c.whose == who.c.participant_id)
        .where(who.c.prompts_stopped_at.is_(None))
        .order_by(who.c.participant_id)
    )
    with session.execute(query.execution_options(yield_per=500)) as rows:
        for row in rows:
            chosen = RemindersPut.model_validate(row.settings or {})
            if not chosen.stopped and (causes := [*_causes(row, chosen, now, patience)]):
                yield row.participant_id, causes


def _causes(row: Any, chosen: RemindersPut, now: datetime, patience: timedelta) -> Iterator[NudgeCause]:
    if chosen.paused_until and chosen.paused_until > now:
        yield NudgeCause(reason=NudgeReason.PAUSED, since=row.paused, until=chosen.paused_until)
        return
    today = local_day(now, row.time_zone)
    if any(absence.first <= today <= absence.last for absence in chosen.absences):
        yield NudgeCause(reason=NudgeReason.AWAY, since=row.away)
        return
    if row.email_refused_at:
        yield NudgeCause(reason=NudgeReason.EMAIL_REFUSED, since=row.email_refused_at)
    for reason in (NudgeReason.UNDELIVERABLE, NudgeReason.NO_CHANNEL):
        if since := row._mapping[reason.value]:
            yield NudgeCause(reason=reason, since=since)
    if row.first_sent and not row.opened and row.first_sent <= now - patience:
        yield NudgeCause(reason=NudgeReason.NEVER_OPENED, since=row.first_sent)
    if row.unanswered and row.unanswered <= now - patience:
        yield NudgeCause(reason=NudgeReason.NOT_ANSWERING, since=row.unanswered)


def _ledgers(study: Study, now: datetime) -> Subquery:
    """Return of each participant since when what has been so, after the last that was otherwise."""
    whose = col(Prompt.participant_id)
    seen = (
        select(
            whose.label("whose"),
            col(Prompt.planned_at),
            col(Prompt.sent_at),
            col(Prompt.skipped),
            or_(col(Prompt.opened_at).is_not(None), col(Prompt.answered_at).is_not(None)).label("is_opened"),
            outcome(now).label("outcome"),
            func.max(col(Prompt.answered_at)).over(partition_by=whose).label("last_answered"),
            func.max(col(Prompt.sent_at)).over(partition_by=whose).label("last_sent"),
        )
        .where(col(Prompt.study_id) == study.id)
        .subquery("seen")
    )
    return (
        select(seen.c.whose, *_since(seen))
        .group_by(seen.c.whose)
        .subquery("ledgers")
    )  # fmt: skip


def _since(seen: Subquery) -> Iterator[ColumnElement[Any]]:
    silent = seen.c.outcome.in_([Outcome.MISSED.value, Outcome.OPEN.value])
    later = or_(seen.c.last_answered.is_(None), seen.c.sent_at > seen.c.last_answered)
    yield func.min(case((and_(silent, later), seen.c.sent_at))).label("unanswered")
    yield func.min(seen.c.sent_at).label("first_sent")
    yield func.max(case((seen.c.is_opened, 1), else_=0)).label("opened")
    unsent = or_(seen.c.last_sent.is_(None), seen.c.planned_at > seen.c.last_sent)
    for reason, skipped in _NOT_SENT.items():
        is_it = and_(seen.c.outcome == Outcome.SKIPPED.value, seen.c.skipped == skipped, unsent)
        yield func.min(case((is_it, seen.c.planned_at))).label(reason.value)


def _last_answers(session: Session, study: Study, now: datetime, told: list[UUID]) -> dict[UUID, date | None]:
    """Return the last day on which each of a page answered."""
    if not told:
        return {}
    enrolled = people(session, study)
    prompts = ledger(session, study, now, {one: enrolled[one] for one in told}, (told[0], told[-1]))
    keys = ByParticipant(study, {}).keys()
    return {UUID(one.key[0]): one.last_answered_on for one in figures(prompts, keys)}
