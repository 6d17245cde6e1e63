"""Agreements over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.auth.verbs import Verb
from api.core.dependencies import DbSession
from api.releases.agreements import service
from api.studies.access import Access, may
from schemas.agreement import AgreementCreate, AgreementView

router = APIRouter(prefix="/v1/studies/{study_id}/agreements", tags=["releases"])
Reader = Annotated[Access, Depends(may(Verb.RELEASE_READ))]
Writer = Annotated[Access, Depends(may(Verb.RELEASE_CREATE))]


@router.get("")
def list_agreements(access: Reader, session: DbSession) -> list[AgreementView]:
    """List agreements with recipients, oldest first."""
    return service.listing(session, access.study)


@router.post("", status_code=201)
def record_agreement(body: AgreementCreate, access: Writer, session: DbSession) -> AgreementView:
    """Record an agreement with a recipient; from the first on, each safeguarded release needs one in force."""
    return service.record(session, access.actor, access.study, body)


@router.post("/{agreement_id}/end")
def end_agreement(agreement_id: UUID, access: Writer, session: DbSession) -> AgreementView:
    """End an agreement at once: no release is made or downloaded under it any more."""
    return service.end(session, access.actor, access.study, agreement_id)
