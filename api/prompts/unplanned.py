"""Finds whom a schedule has still to be planned for: a large ledger of prompts costs no more than a small one."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlmodel import Session, col

from api.participants import service as participants
from api.prompts.models import PromptPlan, PromptSchedule, Reminders
from api.studies import service as studies

AT_ONCE = 200
_WHO = participants.REMINDED.subquery("who")
_STUDY = studies.RUNNING.subquery("running")
_VERSION = func.coalesce(col(Reminders.version), 0)


class Unplanned(NamedTuple):
    """A participant, a schedule, and what their plan was made by; None for what was never planned."""

    participant_id: UUID
    study_id: UUID
    enrolled_at: datetime
    study_zone: str
    chosen: dict[str, object] | None
    reminders_version: int
    schedule_id: UUID
    next_on: date | None
    planned_by: tuple[int, int] | None


def _query() -> Select[*tuple[Any, ...]]:
    schedule, plan, chosen = PromptSchedule, PromptPlan, Reminders
    return (
        select(
            _WHO.c.participant_id,
            _WHO.c.study_id,
            _WHO.c.enrolled_at,
            _STUDY.c.time_zone,
            col(chosen.settings),
            _VERSION,
            col(schedule.id),
            col(plan.next_on),
            col(plan.schedule_version),
            col(plan.reminders_version),
        )
        .select_from(_WHO)
        .join(_STUDY, _STUDY.c.study_id == _WHO.c.study_id)
        .join(schedule, col(schedule.study_id) == _WHO.c.study_id)
        .outerjoin(
            plan,
            and_(
                col(plan.participant_id) == _WHO.c.participant_id, col(plan.schedule_id) == col(schedule.id)
            ),
        )
        .outerjoin(chosen, col(chosen.participant_id) == _WHO.c.participant_id)
        .where(
            col(schedule.retired_at).is_(None),
            or_(
                col(plan.participant_id).is_(None),
                col(plan.next_on) <= bindparam("through"),
                col(plan.schedule_version) != col(schedule.version),
                col(plan.reminders_version) != _VERSION,
            ),
        )
        .order_by(_WHO.c.participant_id, col(schedule.id))
        .limit(AT_ONCE)
    )


_UNPLANNED = _query()


def unplanned(session: Session, now: datetime, horizon: timedelta) -> list[Unplanned]:
    """Return some that are to be planned.

    The day is UTC's: a zone is at most a day behind it, so that everybody named has at least one day to plan.
    """
    through = (now + horizon).date() - timedelta(days=1)
    return [_unplanned(*row) for row in session.execute(_UNPLANNED, {"through": through})]


def _unplanned(*values: Any) -> Unplanned:
    *known, by_schedule, by_reminders = values
    return Unplanned._make((*known, None if by_schedule is None else (by_schedule, by_reminders)))
