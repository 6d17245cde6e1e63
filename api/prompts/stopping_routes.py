"""Stopping mails by the link in them (RFC 8058): looking changes nothing, as mail scanners look at every link."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from api.core.dependencies import AppSettings, ClientAddress, DbSession
from api.core.templates import fill
from api.participants import service as participants
from api.prompts import guessing, stopping
from api.prompts.words import words_for

router = APIRouter(prefix="/v1/reminders", tags=["reminders"])
_PAGES = Path(__file__).parent / "pages"


def get_stopper(
    token: str, request: Request, session: DbSession, settings: AppSettings, address: ClientAddress
) -> UUID:
    """Return the participant whose link this is, or refuse who made it up."""
    found = stopping.whose(session, settings, token)
    if found is None:
        session.rollback()  # gives SQLite's write lock back before the attempt is counted
        guessing.refuse(request.app.state.engine, settings, address)
    return found


Stopper = Annotated[UUID, Depends(get_stopper, scope="function")]


@router.get("/stop/{token}", response_class=HTMLResponse)
def ask_to_stop(stopper: Stopper, session: DbSession) -> str:
    """Show a page with a button that stops the mails."""
    words = words_for(participants.language(session, stopper))
    given = {"title": words.stop_title, "about": words.stop_about, "button": words.stop_button}
    return fill(_PAGES, "stop.html", words=words, **given)


@router.post("/stop/{token}", response_class=HTMLResponse)
def stop(stopper: Stopper, session: DbSession) -> str:
    """Stop the mails; a mail program asks for it by itself, in one click, and may ask again."""
    stopping.stop_mails(session, stopper)
    words = words_for(participants.language(session, stopper))
    given = {"title": words.stopped_title, "about": words.stopped_about, "button": None}
    return fill(_PAGES, "stop.html", words=words, **given)
