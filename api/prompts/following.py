"""Plans the prompts that follow an entry: when its author wanted to look back at it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import ColumnElement, and_, case, delete, or_, update
from sqlmodel import Session, col

from api.prompts.models import Prompt, PromptSchedule
from api.prompts.planning.days import Person
from api.prompts.planning.occasions import Occasion, named
from api.prompts.rows import insert_prompts, prompt_row
from schemas.prompt import PromptStatus, SkipReason
from schemas.schedule import EntryTiming, Schedule, Source

_DAYS = re.compile(r"([0-9]{1,4})d")
_MOST = 20
_ON_ITS_WAY = (PromptStatus.SENT, PromptStatus.CONFIRMED, PromptStatus.OPENED)


@dataclass(frozen=True)
class Followed:
    """An entry as it is now."""

    id: UUID
    kind: str
    day: date
    follows: UUID | None
    answers: Mapping[str, JsonValue]
    created_at: datetime

    @property
    def subject(self) -> UUID:
        """The decision that is looked back at: what a follow-up followed, or the entry itself."""
        return self.follows or self.id


Rule = tuple[PromptSchedule, Schedule]


def forget(session: Session, rules: Sequence[Rule], who: Person, entry_id: UUID, now: datetime) -> None:
    """Take back what was planned because of an entry, or about it: it changed, or is gone."""
    for row, schedule in rules:
        names = [f"{schedule.key}:{entry_id}:{number}" for number in range(_MOST)]
        session.execute(delete(Prompt).where(*_planned(row, who, now), col(Prompt.occasion).in_(names)))


def forget_subject(
    session: Session, rules: Sequence[Rule], who: Person, entry_id: UUID, now: datetime
) -> None:
    """Take back what was planned about a decision that is gone."""
    for row, _ in rules:
        session.execute(delete(Prompt).where(*_planned(row, who, now), col(Prompt.follows) == entry_id))


def plan(
    session: Session, rules: Sequence[Rule], who: Person, study_id: UUID, entry: Followed, now: datetime
) -> int:
    """Plan what follows an entry as it is now; return how many prompts were made."""
    forget(session, rules, who, entry.id, now)
    rows = []
    for row, schedule in rules:
        if entry.follows and entry.kind == schedule.kind:
            _answer(session, row, who, entry)
        ids = (study_id, who.id, row.id)
        rows += [
            prompt_row(ids, schedule, who.time_zone, occasion, entry.subject)
            for occasion in _occasions(schedule, who, entry)
            if occasion.expires_at > now
        ]
    return insert_prompts(session, rows)


def _occasions(schedule: Schedule, who: Person, entry: Followed) -> list[Occasion]:
    timing = schedule.timing
    assert isinstance(timing, EntryTiming)  # noqa: S101 - the caller gives only such schedules
    return [
        named(schedule, who, f"{entry.id}:{number}", day, timing.at)
        for source in timing.sources
        if source.kind == entry.kind
        for number, day in enumerate(_days(source, timing, entry))
    ]


def _days(source: Source, timing: EntryTiming, entry: Followed) -> list[date]:
    if source.answer is None:
        return [entry.day + timedelta(days=number) for number in timing.days]
    wanted = entry.answers.get(source.answer)
    if wanted == "date" and source.date_answer:
        chosen = entry.answers.get(source.date_answer)
        return [date.fromisoformat(chosen)] if isinstance(chosen, str) else []
    found = _DAYS.fullmatch(wanted) if isinstance(wanted, str) else None
    return [entry.day + timedelta(days=int(found[1]))] if found else []


def _answer(session: Session, row: PromptSchedule, who: Person, entry: Followed) -> None:
    """Let a follow-up answer what waited for it, also if it was written without a prompt."""
    earlier = (
        col(Prompt.participant_id) == who.id,
        col(Prompt.schedule_id) == row.id,
        col(Prompt.follows) == entry.follows,
        col(Prompt.entry_id).is_(None),
        or_(col(Prompt.status) == PromptStatus.PLANNED, col(Prompt.status).in_(_ON_ITS_WAY)),
    )
    unsent = col(Prompt.status) == PromptStatus.PLANNED
    session.execute(
        update(Prompt)
        .where(*earlier)
        .values(
            entry_id=entry.id,
            answered_at=case((unsent, None), else_=entry.created_at),
            due_at=None,
            skipped=case((unsent, SkipReason.ANSWERED.value), else_=None),
            status=case((unsent, PromptStatus.SKIPPED.value), else_=PromptStatus.ANSWERED.value),
        )
        .execution_options(synchronize_session=False)
    )


def _planned(row: PromptSchedule, who: Person, now: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        and_(
            col(Prompt.participant_id) == who.id,
            col(Prompt.schedule_id) == row.id,
            col(Prompt.status) == PromptStatus.PLANNED,
            col(Prompt.step) == 0,
            col(Prompt.planned_at) > now,
        ),
    )
