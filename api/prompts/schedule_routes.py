"""Schedules over HTTP, for staff."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.auth.verbs import Verb
from api.core.dependencies import DbSession
from api.core.problems import Invalid
from api.prompts import schedules
from api.studies.access import Access, may
from schemas.base import FieldError, Key
from schemas.schedule import Schedule, ScheduleView

router = APIRouter(prefix="/v1/studies/{study_id}/schedules", tags=["prompts"])
Reader = Annotated[Access, Depends(may(Verb.SCHEDULE_READ))]
Writer = Annotated[Access, Depends(may(Verb.SCHEDULE_WRITE))]


@router.get("")
def list_schedules(access: Reader, session: DbSession) -> list[ScheduleView]:
    """List a study's schedules, the retired ones too."""
    return [schedules.view(row) for row in schedules.listing(session, access.study.id)]


@router.get("/{key}")
def read_schedule(key: Key, access: Reader, session: DbSession) -> ScheduleView:
    """Show a schedule."""
    return schedules.view(schedules.get(session, access.study.id, key))


@router.put("/{key}")
def put_schedule(key: Key, body: Schedule, access: Writer, session: DbSession) -> ScheduleView:
    """Make a schedule or change it; what is planned and still to come follows it, the past stays."""
    return schedules.put(session, access.actor, access.study.id, _of(key, body))


@router.delete("/{key}")
def retire_schedule(key: Key, access: Writer, session: DbSession) -> ScheduleView:
    """End a schedule; what it planned and has not sent is taken back."""
    return schedules.retire(session, access.actor, access.study.id, key)


def _of(key: str, body: Schedule) -> Schedule:
    if body.key != key:
        message = "The key must be the one in the address."
        raise Invalid(errors=[FieldError(pointer="/key", code="other_key", message=message)])
    return body
