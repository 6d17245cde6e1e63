"""A participant's device sessions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Request, Response

from api.auth import sessions
from api.auth.dependencies import (
    REFRESH_COOKIE,
    CurrentParticipant,
    clear_cookies,
    into_cookies,
    refuse_cross_site,
)
from api.core.dependencies import AppSettings, DbSession
from api.core.problems import Unauthenticated
from schemas.session import DeviceView, RefreshRequest, SessionTokens

router = APIRouter(prefix="/v1", tags=["session"])


@router.post("/session/refresh")
def refresh_session(
    body: RefreshRequest,
    request: Request,
    response: Response,
    session: DbSession,
    settings: AppSettings,
    cookie: Annotated[str | None, Cookie(alias=REFRESH_COOKIE, max_length=200)] = None,
) -> SessionTokens:
    """Give a signed-in device a new access token."""
    if body.refresh_token is None and cookie is not None:
        refuse_cross_site(request)
        return into_cookies(response, sessions.refresh(session, settings, cookie))
    if body.refresh_token is None:
        raise Unauthenticated
    return sessions.refresh(session, settings, body.refresh_token)


@router.delete("/session", status_code=204)
def sign_out(principal: CurrentParticipant, session: DbSession, response: Response) -> None:
    """Sign this device out."""
    sessions.revoke(session, principal, principal.device_id)
    clear_cookies(response)


@router.get("/me/devices")
def list_devices(principal: CurrentParticipant, session: DbSession) -> list[DeviceView]:
    """List the devices on which I am signed in."""
    return sessions.device_views(session, principal)


@router.delete("/me/devices/{device_id}", status_code=204)
def revoke_device(device_id: UUID, principal: CurrentParticipant, session: DbSession) -> None:
    """Sign one of my devices out, at once."""
    sessions.revoke(session, principal, device_id)
