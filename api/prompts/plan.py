"""Plans prompts a few days ahead, and again from now on where a schedule, a zone or a wish changed.

Past prompts, and those on their way, are never rewritten: only what is planned and still to come is.
"""

from collections.abc import Container, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from api.core import clock, db
from api.core.config import Settings
from api.core.jobs import chore
from api.prompts.models import PromptSchedule
from api.prompts.people import person
from api.prompts.planning.days import Person
from api.prompts.planning.occasions import Occasion, occasions
from api.prompts.planning.wallclock import today
from api.prompts.plans import keep_plan, lock_plans
from api.prompts.replan import replan
from api.prompts.rows import Row, insert_prompts, prompt_row
from api.prompts.unplanned import Unplanned, unplanned
from schemas.schedule import EntryTiming, EventTiming, Schedule, SignalTiming

_PLANNING = 230_340_631
_NEVER = date(2199, 12, 31)


@chore
def plan_ahead(engine: Engine, settings: Settings) -> None:
    """Plan what has to be planned, in each turn of the sweep."""
    plan(engine, settings)


def plan(engine: Engine, settings: Settings) -> int:
    """Plan what has to be planned; return how many prompts were made. Two workers plan everything once."""
    made, before = 0, None
    while True:
        with db.transaction(engine) as session:
            if not db.alone(session, _PLANNING):
                return made  # another worker plans
            found = unplanned(session, clock.now(), timedelta(days=settings.prompt_horizon_days))
            if not found or found == before:  # what did not change would be found for ever
                return made
            made += plan_some(session, found, settings.prompt_horizon_days)
            before = found


def plan_some(session: Session, found: Sequence[Unplanned], horizon_days: int) -> int:
    """Plan for some participants, in the caller's transaction; return how many prompts were made."""
    now = clock.now()
    locked = lock_plans(session, found)
    schedules = _schedules(session, {one.schedule_id for one in found})
    rows: list[Row] = []
    for one in found:
        if (one.participant_id, one.schedule_id) not in locked:
            continue  # another worker plans it
        schedule, seed, version = schedules[one.schedule_id]
        who = person(one.participant_id, one.enrolled_at, one.study_zone, one.chosen)
        changed = one.planned_by is not None and one.planned_by != (version, one.reminders_version)
        taken_back = replan(session, one.schedule_id, schedule, who, now) if changed else set()
        goes_on = one.next_on is not None and not changed
        first = one.next_on if one.next_on and goes_on else _first_day(schedule, who, now, again=changed)
        last = today(now, who.time_zone) + timedelta(days=horizon_days)
        ids = (one.study_id, one.participant_id, one.schedule_id)
        rows += [
            prompt_row(ids, schedule, who.time_zone, occasion)
            for number in range((last - first).days + 1)
            for occasion in occasions(schedule, who, first + timedelta(days=number), seed)
            if _wanted(occasion, now, taken_back, goes_on=goes_on)
        ]
        keep_plan(session, one, _next_on(schedule, last), version)
    return insert_prompts(session, rows)


def _wanted(occasion: Occasion, now: datetime, taken_back: Container[str], *, goes_on: bool) -> bool:
    """Say whether an occasion gets a row: not one of before a schedule began, or of before it was changed.

    One that lies back because nobody planned for a while is written down as missed; one that was taken back and now
    lies a little back is sent late rather than lost.
    """
    late = occasion.name in taken_back and occasion.expires_at > now
    return goes_on or late or occasion.planned_at >= now


def _first_day(schedule: Schedule, who: Person, now: datetime, *, again: bool) -> date:
    day = today(now, who.time_zone)
    return day + timedelta(days=1) if again and isinstance(schedule.timing, SignalTiming) else day


def _next_on(schedule: Schedule, last: date) -> date:
    waits = isinstance(schedule.timing, EntryTiming | EventTiming)
    return _NEVER if waits else last + timedelta(days=1)


def _schedules(session: Session, ids: set[UUID]) -> dict[UUID, tuple[Schedule, str, int]]:
    rows = session.execute(select(PromptSchedule).where(col(PromptSchedule.id).in_(ids))).scalars()
    return {row.id: (Schedule.model_validate_json(row.definition), row.seed, row.version) for row in rows}
