"""Studies over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.audit import listing
from api.auth import service as auth
from api.auth.dependencies import CurrentStaff
from api.auth.verbs import Verb
from api.core.dependencies import DbSession
from api.studies import service
from api.studies.access import Access, may
from schemas.audit import AuditPage, AuditQuery
from schemas.study import DocumentCreate, DocumentView, StudyStatusChange, StudyUpdate, StudyView

router = APIRouter(prefix="/v1/studies", tags=["studies"])


@router.get("")
def list_studies(principal: CurrentStaff, session: DbSession) -> list[StudyView]:
    """List the studies that my token opens."""
    return [service.view(study) for study in service.several(session, auth.studies_of(session, principal))]


@router.get("/{study_id}")
def read_study(access: Annotated[Access, Depends(may(Verb.STUDY_READ))]) -> StudyView:
    """Show one study."""
    return service.view(access.study)


@router.patch("/{study_id}")
def update_study(
    body: StudyUpdate, access: Annotated[Access, Depends(may(Verb.STUDY_UPDATE))], session: DbSession
) -> StudyView:
    """Change a study's title, edit window or contact retention."""
    return service.view(service.update(session, access.actor, access.study, body))


@router.post("/{study_id}/status")
def change_study_status(
    body: StudyStatusChange, access: Annotated[Access, Depends(may(Verb.STUDY_UPDATE))], session: DbSession
) -> StudyView:
    """Open, pause or close a study."""
    return service.view(service.change_status(session, access.actor, access.study, body.status))


@router.get("/{study_id}/documents")
def list_documents(
    access: Annotated[Access, Depends(may(Verb.STUDY_READ))], session: DbSession
) -> list[DocumentView]:
    """Show the latest information sheet and consent form."""
    return service.documents(session, access.study.id)


@router.post("/{study_id}/documents", status_code=201)
def publish_document(
    body: DocumentCreate, access: Annotated[Access, Depends(may(Verb.STUDY_UPDATE))], session: DbSession
) -> DocumentView:
    """Publish a new version of the information sheet or consent form."""
    return service.publish_document(session, access.actor, access.study.id, body)


@router.get("/{study_id}/audit")
def list_audit(
    asked: Annotated[AuditQuery, Query()],
    access: Annotated[Access, Depends(may(Verb.AUDIT_READ))],
    session: DbSession,
) -> AuditPage:
    """List who did what in the study, newest first, in pages."""
    return listing.page(session, access.study.id, asked)
