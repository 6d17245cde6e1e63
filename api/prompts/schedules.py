"""Keeps a study's schedules: each change is a new version, which the planner follows from now on."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.problems import NotFound
from api.instruments import service as instruments
from api.prompts.models import PromptSchedule
from api.prompts.problems import ScheduleWithoutForm
from api.prompts.replan import take_back
from api.studies import service as studies
from schemas.base import FieldError
from schemas.schedule import EntryTiming, Schedule, ScheduleView


def put(session: Session, actor: Actor, study_id: UUID, wanted: Schedule) -> ScheduleView:
    """Make a schedule or change it; the same again changes nothing."""
    _require_form(session, study_id, wanted)
    studies.lock(session, study_id)
    row = _find(session, study_id, wanted.key)
    definition = wanted.model_dump_json(exclude_none=True)
    if row is not None and row.definition == definition and row.retired_at is None:
        return view(row)
    if row is None:
        row = PromptSchedule(
            study_id=study_id, key=wanted.key, version=0, seed=secrets.token_hex(16), definition=""
        )
    row.version, row.definition = row.version + 1, definition
    row.changed_at, row.retired_at = clock.now(), None
    session.add(row)
    session.flush()
    _note_followed(session, study_id)
    audit.record(
        session, Event.SCHEDULE_CHANGED, actor, study_id=study_id, object_id=row.id, version=row.version
    )
    return view(row)


def retire(session: Session, actor: Actor, study_id: UUID, key: str) -> ScheduleView:
    """End a schedule: what it has planned and not sent is taken back, the past stays."""
    studies.lock(session, study_id)
    row = get(session, study_id, key)
    if row.retired_at is None:
        row.retired_at = clock.now()
        session.flush()
        take_back(session, row.id, row.retired_at)
        _note_followed(session, study_id)
        audit.record(session, Event.SCHEDULE_RETIRED, actor, study_id=study_id, object_id=row.id)
    return view(row)


def get(session: Session, study_id: UUID, key: str) -> PromptSchedule:
    """Return a schedule of a study, or raise NotFound."""
    row = _find(session, study_id, key)
    if row is None:
        raise NotFound
    return row


def listing(session: Session, study_id: UUID) -> Sequence[PromptSchedule]:
    """Return a study's schedules, the retired ones too, by key."""
    mine = select(PromptSchedule).where(PromptSchedule.study_id == study_id)
    return session.exec(mine.order_by(col(PromptSchedule.key))).all()


def live(session: Session, study_id: UUID) -> list[tuple[PromptSchedule, Schedule]]:
    """Return the schedules that are followed, with what they say."""
    return [(row, parse(row)) for row in listing(session, study_id) if row.retired_at is None]


def parse(row: PromptSchedule) -> Schedule:
    """Return what a schedule says."""
    return Schedule.model_validate_json(row.definition)


def view(row: PromptSchedule) -> ScheduleView:
    """Show a schedule to staff."""
    return ScheduleView(**parse(row).model_dump(), version=row.version, retired=row.retired_at is not None)


def _find(session: Session, study_id: UUID, key: str) -> PromptSchedule | None:
    mine = (PromptSchedule.study_id == study_id, PromptSchedule.key == key)
    return session.exec(select(PromptSchedule).where(*mine)).one_or_none()


def _require_form(session: Session, study_id: UUID, wanted: Schedule) -> None:
    for row in instruments.current(session, study_id):
        if row.key == wanted.instrument and instruments.parse(row).form(wanted.kind):
            return
    message = "Publish the questionnaire first, or name another kind of entry."
    raise ScheduleWithoutForm(errors=[FieldError(pointer="/kind", code="unknown_kind", message=message)])


def _note_followed(session: Session, study_id: UUID) -> None:
    """Tell the study which kinds of entry its schedules follow: the diary reads it with every batch."""
    kinds = {
        source.kind
        for _, schedule in live(session, study_id)
        if isinstance(schedule.timing, EntryTiming)
        for source in schedule.timing.sources
    }
    studies.get(session, study_id).followed_kinds = " ".join(sorted(kinds))
