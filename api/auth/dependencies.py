"""Finds out who calls."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from api.auth import service, sessions, staff_sessions
from api.auth.principals import ParticipantPrincipal, SessionPrincipal, SignedIn, StaffPrincipal
from api.auth.problems import CrossSite, StepUpNeeded, WrongCredential
from api.auth.tools import Tools
from api.auth.verbs import STEP_UP, Verb
from api.core.db import transaction
from api.core.dependencies import AppSettings, DbSession, Place
from api.core.problems import Forbidden, Unauthenticated
from schemas.session import SessionTokens

ACCESS_COOKIE = "__Host-daybook-access"
REFRESH_COOKIE = "__Host-daybook-refresh"
STAFF_COOKIE = "__Host-daybook-staff"
KNOWN_COOKIE = "__Host-daybook-known"
_COOKIE_DAYS = 400

_staff_scheme = HTTPBearer(scheme_name="staffToken", description="A personal access token.", auto_error=False)
_participant_scheme = HTTPBearer(
    scheme_name="participantToken",
    bearerFormat="JWT",
    description="A device's access token.",
    auto_error=False,
)
_staff_cookie_scheme = APIKeyCookie(name=STAFF_COOKIE, scheme_name="staffCookie", auto_error=False)
_cookie_scheme = APIKeyCookie(name=ACCESS_COOKIE, scheme_name="participantCookie", auto_error=False)


def refuse_cross_site(request: Request) -> None:
    """Refuse a change that comes with a cookie and from another site's page."""
    safe = request.method in {"GET", "HEAD"}
    if not safe and request.headers.get("sec-fetch-site") != "same-origin":
        raise CrossSite


def refuse_other_pages(request: Request) -> None:
    """Refuse what another site's page has led a browser to: our own page, or the person, must have asked for it."""
    if request.headers.get("sec-fetch-site") not in {"same-origin", "none"}:
        raise CrossSite


def staff(
    request: Request,
    session: DbSession,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_staff_scheme)],
    cookie: Annotated[str | None, Security(_staff_cookie_scheme)],
) -> StaffPrincipal:
    """Return the member of staff who calls, by a token or from a signed-in browser."""
    if credentials is None:
        signed_in = _by_cookie(request, session, cookie)
        return StaffPrincipal(signed_in.staff_id, signed_in.session)
    principal, stale = service.staff_by_token(session, _staff_token(credentials.credentials))
    if stale:
        _note(request, session, service.note_use, principal.by.id)
    return principal


def staff_session(
    request: Request, session: DbSession, cookie: Annotated[str | None, Security(_staff_cookie_scheme)]
) -> SessionPrincipal:
    """Return the member of staff who is signed in in a browser; a token will not do."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        service.staff_by_token(session, _staff_token(secret))
        raise WrongCredential
    return _by_cookie(request, session, cookie)


def _by_cookie(request: Request, session: Session, cookie: str | None) -> SessionPrincipal:
    if cookie is None:
        raise Unauthenticated
    refuse_cross_site(request)
    principal, stale = staff_sessions.find(session, cookie)
    if stale:
        _note(request, session, staff_sessions.note_use, principal.session.id)
    return principal


def _note(request: Request, session: Session, note: Callable[[Session, UUID], None], what: UUID) -> None:
    session.rollback()  # gives SQLite's write lock back before the short transaction below takes it
    with transaction(request.app.state.engine) as own:
        note(own, what)


def _staff_token(secret: str) -> str:
    if not secret.startswith(service.PREFIX + "_"):
        raise WrongCredential if secret.count(".") == 2 else Unauthenticated
    return secret


def administrator(principal: Annotated[SessionPrincipal, Depends(staff_session)]) -> SessionPrincipal:
    """Return the site administrator who is signed in."""
    if not principal.session.is_administrator:
        raise Forbidden
    return principal


def require_step_up(principal: StaffPrincipal | SessionPrincipal, verb: Verb | None = None) -> None:
    """Refuse what is weighty to a session that has shown no second factor lately; tokens were made under one."""
    by = principal.session if isinstance(principal, SessionPrincipal) else principal.by
    if isinstance(by, SignedIn) and (verb is None or verb in STEP_UP) and not by.is_stepped_up:
        raise StepUpNeeded


async def participant_claims(
    request: Request,
    settings: AppSettings,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_participant_scheme)],
    cookie: Annotated[str | None, Security(_cookie_scheme)],
) -> ParticipantPrincipal:
    """Return whom a token names, without the database: the writer sees whether the device is signed in."""
    if credentials is not None:
        if credentials.credentials.startswith(service.PREFIX + "_"):
            raise WrongCredential
        return sessions.claims(settings, credentials.credentials)
    if cookie is None:
        raise Unauthenticated
    refuse_cross_site(request)
    return sessions.claims(settings, cookie)


def participant(
    session: DbSession, principal: Annotated[ParticipantPrincipal, Depends(participant_claims)]
) -> ParticipantPrincipal:
    """Return the participant who calls, if the device is still signed in."""
    return sessions.require_signed_in(session, principal)


def into_cookies(response: Response, tokens: SessionTokens) -> SessionTokens:
    """Move a session from the answer's body into cookies that no script can read."""
    for name, value in ((ACCESS_COOKIE, tokens.access_token), (REFRESH_COOKIE, tokens.refresh_token)):
        response.set_cookie(
            name,
            value or "",
            max_age=_COOKIE_DAYS * 86_400,
            path="/",
            secure=True,
            httponly=True,
            samesite="strict",
        )
    return tokens.model_copy(update={"access_token": None, "refresh_token": None})


def into_staff_cookie(response: Response, secret: str) -> None:
    """Let a browser keep a staff session, until it is closed or the session ends."""
    response.set_cookie(STAFF_COOKIE, secret, path="/", secure=True, httponly=True, samesite="strict")


def into_known_cookie(response: Response, known: str) -> None:
    """Let a browser be known again, so that strangers' failures do not count against it."""
    response.set_cookie(
        KNOWN_COOKIE,
        known,
        max_age=_COOKIE_DAYS * 86_400,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )


def clear_staff_cookie(response: Response) -> None:
    """Take a staff session from a browser."""
    response.delete_cookie(STAFF_COOKIE, path="/", secure=True, httponly=True, samesite="strict")


def clear_cookies(response: Response) -> None:
    """Sign a browser out."""
    for name in (ACCESS_COOKIE, REFRESH_COOKIE):
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="strict")


async def get_tools(request: Request, settings: AppSettings, _place: Place) -> Tools:
    """Give what signing in works with."""
    return Tools(request.app.state.engine, settings, request.app.state.passwords)


AppTools = Annotated[Tools, Depends(get_tools, scope="function")]
CurrentStaff = Annotated[StaffPrincipal, Depends(staff)]
CurrentSession = Annotated[SessionPrincipal, Depends(staff_session)]
CurrentAdministrator = Annotated[SessionPrincipal, Depends(administrator)]
CurrentParticipant = Annotated[ParticipantPrincipal, Depends(participant)]
ClaimedParticipant = Annotated[ParticipantPrincipal, Depends(participant_claims)]
