"""Calendars over HTTP: a private address for calendar programs, and a file to keep."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from api.auth.dependencies import CurrentParticipant
from api.core import crypto
from api.core.dependencies import AppSettings, ClientAddress, DbSession
from api.prompts import feeds, guessing
from schemas.reminders import CalendarAddress

router = APIRouter(prefix="/v1", tags=["reminders"])
_ASK_ANEW = "private, no-cache"
_AS_FILE = {"Content-Disposition": 'attachment; filename="diary.ics"'}


class Calendar(Response):
    """A calendar as it crosses the wire."""

    media_type = "text/calendar"


@router.post("/me/reminders/calendar", status_code=201)
def make_calendar_address(
    principal: CurrentParticipant, session: DbSession, settings: AppSettings
) -> CalendarAddress:
    """Make a private address of my calendar; it is shown this once, and ends the one before."""
    return feeds.make_address(session, settings, principal)


@router.delete("/me/reminders/calendar", status_code=204)
def end_calendar_address(principal: CurrentParticipant, session: DbSession) -> None:
    """End the private address of my calendar."""
    feeds.end_address(session, principal)


@router.get("/me/reminders/calendar.ics", response_class=Calendar)
def download_my_calendar(
    principal: CurrentParticipant, session: DbSession, settings: AppSettings
) -> Calendar:
    """Give my planned reminders as a file for a calendar."""
    content = feeds.calendar(session, settings, principal.participant_id)
    return Calendar(content, headers=_AS_FILE | {"Cache-Control": _ASK_ANEW})


@router.get("/calendar/{token}.ics", response_class=Calendar)
def read_calendar(
    token: str,
    request: Request,
    address: ClientAddress,
    session: DbSession,
    settings: AppSettings,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Give somebody's calendar to who knows its private address."""
    participant_id = feeds.whose(session, token)
    if participant_id is None:
        session.rollback()  # before the attempt is counted in a transaction of its own
        guessing.refuse(request.app.state.engine, settings, address)
    content = feeds.calendar(session, settings, participant_id)
    headers = {"Cache-Control": _ASK_ANEW, "ETag": f'"{crypto.content_hash(content)}"'}
    if headers["ETag"] in {one.strip().removeprefix("W/") for one in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    return Calendar(content, headers=headers)
