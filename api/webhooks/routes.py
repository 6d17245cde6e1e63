"""Sources over HTTP, for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from api.auth.verbs import Verb
from api.core.dependencies import AppJobs, AppSettings, DbSession
from api.studies.access import Access, may
from api.webhooks import codes, maps, reconciling, service
from schemas.inbox import (
    FieldMapView,
    Instructions,
    ParticipantLink,
    Reconcile,
    Reconciled,
    Rotation,
    SourceChange,
    SourceCreate,
    SourceMade,
    SourceStatusChange,
    SourceView,
)
from schemas.source import FieldMap

router = APIRouter(prefix="/v1/studies/{study_id}/sources", tags=["inbox"])
Reader = Annotated[Access, Depends(may(Verb.SOURCE_READ))]
Manager = Annotated[Access, Depends(may(Verb.SOURCE_WRITE))]
Inviter = Annotated[Access, Depends(may(Verb.PARTICIPANT_INVITE))]


@router.get("")
def list_sources(access: Reader, session: DbSession, settings: AppSettings) -> list[SourceView]:
    """List the sources of a study."""
    return [service.view(session, settings, one) for one in service.listing(session, access.study.id)]


@router.post("", status_code=201)
def create_source(
    body: SourceCreate, access: Manager, session: DbSession, settings: AppSettings
) -> SourceMade:
    """Make a source; its address and secret are shown this once."""
    return service.create(session, settings, access.actor, access.study.id, body)


@router.get("/{source_id}")
def read_source(source_id: UUID, access: Reader, session: DbSession, settings: AppSettings) -> SourceView:
    """Show a source."""
    return service.view(session, settings, service.get(session, access.study.id, source_id))


@router.patch("/{source_id}")
def change_source(
    source_id: UUID, body: SourceChange, access: Manager, session: DbSession, settings: AppSettings
) -> SourceView:
    """Change a source's name or options; what is left out stays."""
    source = service.get(session, access.study.id, source_id, lock=True)
    return service.view(session, settings, service.change(session, settings, access.actor, source, body))


@router.post("/{source_id}/status")
def change_source_status(
    source_id: UUID, body: SourceStatusChange, access: Manager, session: DbSession, settings: AppSettings
) -> SourceView:
    """Let a source live, pause or be tested."""
    source = service.get(session, access.study.id, source_id, lock=True)
    return service.view(session, settings, service.change_status(session, access.actor, source, body.status))


@router.post("/{source_id}/rotation")
def rotate_source(
    source_id: UUID, body: Rotation, access: Manager, session: DbSession, settings: AppSettings
) -> SourceMade:
    """Give a source a new secret or address, shown this once."""
    source = service.get(session, access.study.id, source_id, lock=True)
    return service.rotate(session, settings, access.actor, source, body)


@router.get("/{source_id}/instructions")
def read_instructions(source_id: UUID, access: Reader, session: DbSession) -> Instructions:
    """Say what to click and what to paste in the tool."""
    return Instructions(text=service.instructions(service.get(session, access.study.id, source_id)))


@router.get("/{source_id}/map")
def read_field_map(source_id: UUID, access: Reader, session: DbSession) -> FieldMapView:
    """Show how a source's answers become an entry's."""
    return maps.current(session, service.get(session, access.study.id, source_id))


@router.put("/{source_id}/map")
def put_field_map(source_id: UUID, body: FieldMap, access: Manager, session: DbSession) -> FieldMapView:
    """Store a new version of a source's map."""
    source = service.get(session, access.study.id, source_id, lock=True)
    return maps.put(session, access.actor, source, body)


@router.post("/{source_id}/reconciliation")
def reconcile_source(
    source_id: UUID,
    body: Reconcile,
    access: Manager,
    session: DbSession,
    settings: AppSettings,
    jobs: AppJobs,
) -> Reconciled:
    """Ask the tool what it holds, and say what of it has not come here; take that in if asked."""
    source = service.get(session, access.study.id, source_id)
    return reconciling.reconcile(session, settings, jobs, access.actor, source, body)


@router.get("/{source_id}/codes")
def list_codes(
    source_id: UUID, access: Inviter, session: DbSession, settings: AppSettings
) -> list[ParticipantLink]:
    """List the participants' links of a source."""
    return codes.links(session, settings, service.get(session, access.study.id, source_id))


@router.post("/{source_id}/codes")
def make_codes(
    source_id: UUID, access: Inviter, session: DbSession, settings: AppSettings
) -> list[ParticipantLink]:
    """Give everybody who takes part a link of this source; whoever has one keeps it."""
    source = service.get(session, access.study.id, source_id, lock=True)
    return codes.make(session, settings, access.actor, source)
