"""Finds out who calls."""

from typing import Annotated

from fastapi import Depends, Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from api.auth import service, sessions
from api.auth.principals import ParticipantPrincipal, StaffPrincipal
from api.auth.problems import CrossSite, WrongCredential
from api.core.db import transaction
from api.core.dependencies import AppSettings, DbSession
from api.core.problems import Unauthenticated
from schemas.session import SessionTokens

ACCESS_COOKIE = "__Host-daybook-access"
REFRESH_COOKIE = "__Host-daybook-refresh"
_COOKIE_DAYS = 400

_staff_scheme = HTTPBearer(scheme_name="staffToken", description="A personal access token.", auto_error=False)
_participant_scheme = HTTPBearer(
    scheme_name="participantToken",
    bearerFormat="JWT",
    description="A device's access token.",
    auto_error=False,
)
_cookie_scheme = APIKeyCookie(name=ACCESS_COOKIE, scheme_name="participantCookie", auto_error=False)


def refuse_cross_site(request: Request) -> None:
    """Refuse a change that comes with a cookie and from another site's page."""
    safe = request.method in {"GET", "HEAD"}
    if not safe and request.headers.get("sec-fetch-site") != "same-origin":
        raise CrossSite


def staff(
    request: Request,
    session: DbSession,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_staff_scheme)],
) -> StaffPrincipal:
    """Return the member of staff who calls."""
    if credentials is None:
        raise Unauthenticated
    if not credentials.credentials.startswith(service.PREFIX + "_"):
        raise WrongCredential if credentials.credentials.count(".") == 2 else Unauthenticated
    principal, stale = service.staff_by_token(session, credentials.credentials)
    if stale:
        session.rollback()  # gives SQLite's write lock back before the short transaction below takes it
        with transaction(request.app.state.engine) as own:
            service.note_use(own, principal.token_id)
    return principal


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


def clear_cookies(response: Response) -> None:
    """Sign a browser out."""
    for name in (ACCESS_COOKIE, REFRESH_COOKIE):
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="strict")


CurrentStaff = Annotated[StaffPrincipal, Depends(staff)]
CurrentParticipant = Annotated[ParticipantPrincipal, Depends(participant)]
ClaimedParticipant = Annotated[ParticipantPrincipal, Depends(participant_claims)]
