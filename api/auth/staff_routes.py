"""Accounts and sessions of staff over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Response

from api.auth import accepting, known_devices, sign_in, staff_sessions
from api.auth.dependencies import (
    KNOWN_COOKIE,
    STAFF_COOKIE,
    AppTools,
    CurrentSession,
    clear_staff_cookie,
    into_known_cookie,
    into_staff_cookie,
    refuse_cross_site,
)
from api.auth.problems import InvitationNotValid
from api.auth.proving import Proof
from api.core import limits
from api.core.dependencies import AppSettings, ClientAddress, DbSession
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
_SIGN_IN = limits.Limit(
    "staff-sign-in", minutes=5, per_account=10, per_address=10, overall=1_000, under_attack=3
)
_CODES = limits.Limit("staff-code", minutes=5, per_address=100, overall=2_000, under_attack=20)


@router.post("/invitations/accept")
def accept_staff_invitation(
    body: StaffAccept, address: ClientAddress, session: DbSession, tools: AppTools
) -> TotpEnrolment:
    """Choose a name and a password; the account begins when a code from the authenticator confirms them."""
    with limits.attempt(session, tools.settings, _CODES, address=address, failures=InvitationNotValid):
        return accepting.accept(tools, body)


@router.post("/invitations/confirm", status_code=201)
def confirm_staff_invitation(
    body: StaffConfirm, address: ClientAddress, session: DbSession, settings: AppSettings
) -> RecoveryCodes:
    """Activate the account by a first code from the authenticator."""
    with limits.attempt(session, settings, _CODES, address=address, failures=InvitationNotValid):
        return accepting.confirm(session, settings, body)


@router.post("/invitations/join", status_code=204)
def join_by_staff_invitation(
    body: StaffJoin, principal: CurrentSession, session: DbSession, within: Proof
) -> None:
    """Accept an invitation into another study with the account that I have."""
    with within:
        accepting.join(session, principal, body.code)


@router.post("/session", status_code=204, dependencies=[Depends(refuse_cross_site)])
def sign_in_staff(
    body: StaffSignIn,
    address: ClientAddress,
    session: DbSession,
    tools: AppTools,
    response: Response,
    cookie: Annotated[str | None, Cookie(alias=STAFF_COOKIE, include_in_schema=False)] = None,
    known: Annotated[str | None, Cookie(alias=KNOWN_COOKIE, include_in_schema=False)] = None,
) -> None:
    """Sign in; the session is kept in a cookie that no script can read."""
    where, account = known_devices.scope(tools.settings, known, body.email, address)
    with limits.attempt(session, tools.settings, _SIGN_IN, address=where, account=account):
        secret = sign_in.sign_in(tools, body, cookie)
    into_staff_cookie(response, secret)
    into_known_cookie(response, known_devices.issue(tools.settings, body.email))


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
    body: StepUp, principal: CurrentSession, tools: AppTools, within: Proof, response: Response
) -> None:
    """Show a second factor again, before something weighty."""
    with within:
        into_staff_cookie(response, sign_in.step_up(tools, principal, body.one_time_code))


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
    body: PasswordChange, principal: CurrentSession, tools: AppTools, within: Proof, response: Response
) -> None:
    """Change my password and sign out everywhere else."""
    with within:
        into_staff_cookie(response, sign_in.change_password(tools, principal, body))
