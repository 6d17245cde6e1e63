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
from api.core import limits
from api.core.dependencies import AppSettings, ClientAddress, DbSession
from api.core.problems import Unauthenticated
from schemas.session import DeviceView, RefreshRequest, SessionTokens

router = APIRouter(prefix="/v1", tags=["session"])
# Generous, because a whole organisation may share one address; a token has 256 bits, so no guessing gets anywhere.
_REFRESHING = limits.Limit("refresh", minutes=5, per_address=300, overall=6_000, under_attack=50)


@router.post("/session/refresh")
def refresh_session(
    body: RefreshRequest,
    request: Request,
    response: Response,
    session: DbSession,
    settings: AppSettings,
    address: ClientAddress,
    cookie: Annotated[str | None, Cookie(alias=REFRESH_COOKIE)] = None,
) -> SessionTokens:
    """Give a signed-in device a new access token and, in place of the one it sends, a new refresh token."""
    by_cookie = body.refresh_token is None
    token = cookie if by_cookie else body.refresh_token
    if token is None:
        raise Unauthenticated
    if by_cookie:
        refuse_cross_site(request)
    with limits.attempt(session, settings, _REFRESHING, address=address):
        tokens = sessions.refresh(session, settings, token)
    return into_cookies(response, tokens) if by_cookie else tokens


@router.delete("/session", status_code=204)
def sign_out(principal: CurrentParticipant, session: DbSession, response: Response) -> None:
    """Sign this device out."""
    sessions.revoke(session, principal.actor, principal.participant_id, principal.device_id)
    clear_cookies(response)


@router.get("/me/devices")
def list_devices(principal: CurrentParticipant, session: DbSession) -> list[DeviceView]:
    """List the devices on which I am signed in."""
    return sessions.device_views(session, principal)


@router.delete("/me/devices/{device_id}", status_code=204)
def revoke_device(device_id: UUID, principal: CurrentParticipant, session: DbSession) -> None:
    """Sign one of my devices out, at once."""
    sessions.revoke(session, principal.actor, principal.participant_id, device_id)
