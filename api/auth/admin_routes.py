"""What the site administrator, and everybody with their own tokens, does over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Depends

from api.auth import administration, inviting, tokens
from api.auth.dependencies import CurrentAdministrator, CurrentSession, administrator, require_step_up
from api.auth.inviting import Offer
from api.core.dependencies import DbSession
from schemas.staff import (
    StaffChange,
    StaffInvitationMade,
    StaffInvite,
    StaffView,
    TokenCreate,
    TokenMade,
    TokenView,
)

router = APIRouter(prefix="/v1/staff", tags=["staff"])


@router.get("", dependencies=[Depends(administrator)])
def list_staff(session: DbSession) -> list[StaffView]:
    """List everybody who runs studies here."""
    return administration.all_staff(session)


@router.post("/invitations", status_code=201)
def invite_staff(
    body: StaffInvite, principal: CurrentAdministrator, session: DbSession
) -> StaffInvitationMade:
    """Invite somebody to this site; roles in studies are for the studies' owners to give."""
    require_step_up(principal)
    return inviting.invite(session, principal.actor, Offer(body.email), body.days)


@router.patch("/{staff_id:uuid}")
def change_staff(
    staff_id: UUID, body: StaffChange, principal: CurrentAdministrator, session: DbSession
) -> StaffView:
    """Keep a member of staff out, at once and everywhere, or let them in again."""
    require_step_up(principal)
    return administration.set_disabled(session, principal.actor, staff_id, disabled=body.disabled)


@router.get("/tokens")
def list_own_tokens(principal: CurrentSession, session: DbSession) -> list[TokenView]:
    """List my personal access tokens, with last use."""
    return tokens.own(session, principal.staff_id)


@router.post("/tokens", status_code=201)
def create_token(body: TokenCreate, principal: CurrentSession, session: DbSession) -> TokenMade:
    """Make a personal access token within my role in a study; its secret is shown this once."""
    require_step_up(principal)
    return tokens.make(session, principal, body)


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(token_id: UUID, principal: CurrentSession, session: DbSession) -> None:
    """Make a token useless at once: my own, or one of a study that I own."""
    tokens.revoke(session, principal, token_id)
