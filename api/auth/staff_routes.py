"""Accounts and sessions of staff over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Response

from api.auth import accepting, sign_in, staff_sessions
from api.auth.dependencies import (
    STAFF_COOKIE,
    CurrentSession,
    CurrentSessionAlone,
    clear_staff_cookie,
    into_staff_cookie,
    refuse_cross_site,
)
from api.core.dependencies import AppEngine, AppPasswords, AppSettings, DbSession
from schemas.staff import (
    OwnSessionView,
    PasswordChange,
    RecoveryCodes,
    StaffAccept,
    StaffConfirm,
    StaffJoin,
    StaffSessionView,
    StaffSignIn,
    StepUp,
    TotpEnrolment,
)

router = APIRouter(prefix="/v1/staff", tags=["staff"])


@router.post("/invitations/accept")
def accept_staff_invitation(
    body: StaffAccept, engine: AppEngine, settings: AppSettings, passwords: AppPasswords
) -> TotpEnrolment:
    """Choose a name and a password; the account begins when a code from the authenticator confirms them."""
    return accepting.accept(engine, settings, passwords, body)


@router.post("/invitations/confirm", status_code=201)
def confirm_staff_invitation(body: StaffConfirm, session: DbSession, settings: AppSettings) -> RecoveryCodes:
    """Activate the account by a first code from the authenticator."""
    return accepting.confirm(session, settings, body)


@router.post("/invitations/join", status_code=204)
def join_by_staff_invitation(body: StaffJoin, principal: CurrentSession, session: DbSession) -> None:
    """Accept an invitation into another study with the account that I have."""
    accepting.join(session, principal, body.code)


@router.post("/session", status_code=204, dependencies=[Depends(refuse_cross_site)])
def sign_in_staff(
    body: StaffSignIn,
    engine: AppEngine,
    settings: AppSettings,
    passwords: AppPasswords,
    response: Response,
    cookie: Annotated[str | None, Cookie(alias=STAFF_COOKIE, include_in_schema=False)] = None,
) -> None:
    """Sign in; the session is kept in a cookie that no script can read."""
    into_staff_cookie(response, sign_in.sign_in(engine, settings, passwords, body, cookie))


@router.get("/session")
def read_staff_session(principal: CurrentSession, session: DbSession) -> StaffSessionView:
    """Show who is signed in and what for."""
    return staff_sessions.view(session, principal.session.id)


@router.delete("/session", status_code=204)
def sign_out_staff(principal: CurrentSession, session: DbSession, response: Response) -> None:
    """Sign this browser out."""
    staff_sessions.end(session, principal, principal.session.id)
    clear_staff_cookie(response)


@router.post("/session/step-up", status_code=204)
def step_up(
    body: StepUp,
    principal: CurrentSessionAlone,
    engine: AppEngine,
    settings: AppSettings,
    response: Response,
) -> None:
    """Show a second factor again, before something weighty."""
    into_staff_cookie(response, sign_in.step_up(engine, settings, principal, body.one_time_code))


@router.get("/sessions")
def list_staff_sessions(principal: CurrentSession, session: DbSession) -> list[OwnSessionView]:
    """List the browsers in which I am signed in."""
    return staff_sessions.listing(session, principal)


@router.delete("/sessions/{session_id}", status_code=204)
def end_staff_session(session_id: UUID, principal: CurrentSession, session: DbSession) -> None:
    """Sign one of my browsers out, at once."""
    staff_sessions.end(session, principal, session_id)


@router.put("/password", status_code=204)
def change_password(
    body: PasswordChange,
    principal: CurrentSessionAlone,
    engine: AppEngine,
    passwords: AppPasswords,
    response: Response,
) -> None:
    """Change my password and sign out everywhere else."""
    into_staff_cookie(response, sign_in.change_password(engine, passwords, principal, body))
