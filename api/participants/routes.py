"""Participants over HTTP: joining, and what they may see and change of themselves."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from api.auth.dependencies import ClaimedParticipant, CurrentParticipant, into_cookies
from api.auth.verbs import Verb
from api.core import limits
from api.core.db import transaction
from api.core.dependencies import AppSettings, ClientAddress, DbSession
from api.participants import consents, contacts, invitations, profiles, service, telling, withdrawal
from api.participants.guessing import CODES
from api.participants.problems import CodeNotValid
from api.studies import service as studies
from api.studies.access import Access, may
from schemas.participant import (
    ConsentGiven,
    ContactPut,
    InvitationCreate,
    InvitationOpen,
    InvitationPreview,
    InvitationRedeem,
    InvitationView,
    Joined,
    Me,
    ParticipantView,
    ProfilePut,
    ProfileView,
    WithdrawalReceipt,
    WithdrawalRequest,
)
from schemas.session import SignedInDevice
from schemas.study import DocumentView

router = APIRouter(prefix="/v1", tags=["participants"])
_AS_FILE = {"Content-Disposition": 'attachment; filename="daybook.json"'}
_EXPORT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object", "required": ["complete"]}}}}
}


@router.post("/studies/{study_id}/invitations", status_code=201)
def invite(
    body: InvitationCreate,
    access: Annotated[Access, Depends(may(Verb.PARTICIPANT_INVITE))],
    session: DbSession,
) -> list[InvitationView]:
    """Make participants and a one-time code for each; a code is shown this once."""
    return invitations.invite(session, access.actor, access.study, body.count, body.days)


@router.get("/studies/{study_id}/participants")
def list_participants(
    access: Annotated[Access, Depends(may(Verb.PARTICIPANT_READ))],
    session: DbSession,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[ParticipantView]:
    """List participants by their pseudonymous ids, in pages."""
    return service.listing(session, access.study.id, after, limit)


@router.post("/studies/{study_id}/participants/{participant_id}/withdrawal")
def withdraw_participant(
    participant_id: UUID,
    body: WithdrawalRequest,
    access: Annotated[Access, Depends(may(Verb.PARTICIPANT_WITHDRAW))],
    session: DbSession,
) -> WithdrawalReceipt:
    """Withdraw a participant who asked the team to; the same receipt is theirs."""
    return withdrawal.withdraw_for(session, access.actor, access.study.id, participant_id, body.scope)


@router.get("/studies/{study_id}/participants/{participant_id}/withdrawals")
def list_withdrawals(
    participant_id: UUID,
    access: Annotated[Access, Depends(may(Verb.PARTICIPANT_WITHDRAW))],
    session: DbSession,
) -> list[WithdrawalReceipt]:
    """Show the receipts of a participant's withdrawals, to give them again."""
    return withdrawal.receipts(session, access.study.id, participant_id)


@router.get("/studies/{study_id}/participants/{participant_id}/devices")
def list_devices_of_participant(
    participant_id: UUID,
    access: Annotated[Access, Depends(may(Verb.PARTICIPANT_READ))],
    session: DbSession,
) -> list[SignedInDevice]:
    """List the devices on which a participant is signed in, without their names."""
    return service.devices(session, access.study.id, participant_id)


@router.delete("/studies/{study_id}/participants/{participant_id}/devices/{device_id}", status_code=204)
def sign_participant_out(
    participant_id: UUID,
    device_id: UUID,
    access: Annotated[Access, Depends(may(Verb.PARTICIPANT_SIGN_OUT))],
    session: DbSession,
) -> None:
    """Sign a participant's device out, at once: their phone was lost."""
    service.sign_out(session, access.actor, access.study.id, participant_id, device_id)


@router.post("/join/preview")
def preview_invitation(
    body: InvitationOpen, address: ClientAddress, session: DbSession, settings: AppSettings
) -> InvitationPreview:
    """Show what a code leads to, without using it."""
    with limits.attempt(session, settings, CODES, address=address, failures=CodeNotValid):
        return invitations.preview(session, body.code)


@router.post("/join", status_code=201)
def join(
    body: InvitationRedeem,
    response: Response,
    address: ClientAddress,
    session: DbSession,
    settings: AppSettings,
) -> Joined:
    """Consent, enrol and sign this device in."""
    with limits.attempt(session, settings, CODES, address=address, failures=CodeNotValid):
        joined = invitations.redeem(session, settings, body)
    if body.cookies:
        joined.session = into_cookies(response, joined.session)
    return joined


@router.get("/me")
def read_me(principal: CurrentParticipant, session: DbSession) -> Me:
    """Show my study and where I stand in it."""
    return service.me(session, principal.participant_id)


@router.get("/me/documents")
def list_my_documents(principal: CurrentParticipant, session: DbSession) -> list[DocumentView]:
    """Show the latest information sheet and consent form, so that a new version can be read and agreed to."""
    return studies.documents(session, principal.study_id)


@router.get("/me/profile")
def read_my_profile(principal: CurrentParticipant, session: DbSession) -> ProfileView:
    """Show my profile."""
    return profiles.read(session, principal.participant_id)


@router.put("/me/profile")
def replace_my_profile(body: ProfilePut, principal: CurrentParticipant, session: DbSession) -> ProfileView:
    """Replace my profile; earlier values are kept as history."""
    return profiles.replace(session, principal.actor, principal.participant_id, body.answers)


@router.get("/me/contact")
def read_my_contact(principal: CurrentParticipant, session: DbSession, settings: AppSettings) -> ContactPut:
    """Show my contact data."""
    return contacts.read(session, settings, principal.participant_id)


@router.put("/me/contact", status_code=204)
def replace_my_contact(
    body: ContactPut, principal: CurrentParticipant, session: DbSession, settings: AppSettings
) -> None:
    """Replace my contact data."""
    contacts.replace(session, settings, principal.actor, principal.participant_id, body)


@router.get("/me/export", response_class=Response, responses=_EXPORT)
def export_me(
    request: Request, principal: CurrentParticipant, session: DbSession, settings: AppSettings
) -> Response:
    """Give me everything that is held about me, as one JSON object that ends with `"complete": true`."""
    file = telling.export(session, settings, principal.participant_id)
    with transaction(request.app.state.engine) as own:
        telling.note(own, principal.actor, principal.participant_id)
    return StreamingResponse(telling.sent(file), media_type="application/json", headers=_AS_FILE)


@router.put("/me/consent", status_code=204)
def replace_my_consent(body: ConsentGiven, principal: CurrentParticipant, session: DbSession) -> None:
    """Consent anew: to a new version of the form, or with another answer about sharing."""
    consents.give(session, principal.actor, principal.participant_id, body, how="app")


@router.post("/me/withdrawal")
def withdraw(body: WithdrawalRequest, principal: ClaimedParticipant, session: DbSession) -> WithdrawalReceipt:
    """Withdraw: stop reminders, stay out of later releases, or erase everything."""
    return withdrawal.withdraw_oneself(session, principal, body.scope)
