"""A study's members, invitations of staff and tokens over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.auth import inviting, members, tokens
from api.auth import service as auth
from api.auth.inviting import Offer
from api.auth.verbs import Verb
from api.core.dependencies import DbSession
from api.studies.access import Access, may
from schemas.staff import (
    MemberChange,
    MemberInvite,
    MemberView,
    StaffInvitationMade,
    StaffInvitationView,
    TokenView,
)

router = APIRouter(prefix="/v1/studies/{study_id}", tags=["staff"])
MayRead = Annotated[Access, Depends(may(Verb.MEMBER_READ))]
MayWrite = Annotated[Access, Depends(may(Verb.MEMBER_WRITE))]


@router.get("/members")
def list_members(access: MayRead, session: DbSession) -> list[MemberView]:
    """List a study's members and their roles."""
    return members.listing(session, access.study.id)


@router.put("/members/{staff_id:uuid}")
def change_member(staff_id: UUID, body: MemberChange, access: MayWrite, session: DbSession) -> MemberView:
    """Give a member another role, at once."""
    return members.change_role(session, access.actor, access.study.id, staff_id, body.role)


@router.delete("/members/{staff_id:uuid}", status_code=204)
def remove_member(staff_id: UUID, access: MayWrite, session: DbSession) -> None:
    """Take a member out of a study, at once, with their tokens for it."""
    members.remove(session, access.actor, access.study.id, staff_id)


@router.get("/members/invitations")
def list_member_invitations(access: MayRead, session: DbSession) -> list[StaffInvitationView]:
    """List the invitations that somebody may still accept."""
    return inviting.pending(session, access.study.id)


@router.post("/members/invitations", status_code=201)
def invite_member(body: MemberInvite, access: MayWrite, session: DbSession) -> StaffInvitationMade:
    """Invite somebody to be a member, with a role; the code is shown this once."""
    offer = Offer(body.email, access.study.id, body.role)
    return inviting.invite(session, access.actor, offer, body.days)


@router.delete("/members/invitations/{invitation_id}", status_code=204)
def revoke_member_invitation(invitation_id: UUID, access: MayWrite, session: DbSession) -> None:
    """Make an invitation useless, at once."""
    inviting.revoke(session, access.actor, access.study.id, invitation_id)


@router.get("/tokens")
def list_study_tokens(
    access: Annotated[Access, Depends(may(Verb.TOKEN_READ))], session: DbSession
) -> list[TokenView]:
    """List the personal access tokens that open a study, with last use."""
    return tokens.views(auth.tokens(session, access.study.id))
