"""Instruments over HTTP, for staff and for phones."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import JsonValue

from api.auth.dependencies import CurrentParticipant
from api.auth.verbs import Verb
from api.core.dependencies import DbSession
from api.core.problems import NotFound
from api.instruments import service
from api.studies.access import Access, may
from schemas.base import Key
from schemas.instrument import InstrumentDefinition
from schemas.instrument_diff import InstrumentDiff
from schemas.instrument_version import InstrumentVersionView, PublishedVersionView

router = APIRouter(tags=["instruments"])
Version = Annotated[int, Path(ge=1, le=100_000)]
Against = Annotated[
    int | None,
    Query(ge=1, le=100_000, description="The other version; without it, the one published before."),
]
Writer = Annotated[Access, Depends(may(Verb.INSTRUMENT_WRITE))]
Reader = Annotated[Access, Depends(may(Verb.INSTRUMENT_READ))]


@router.get("/v1/studies/{study_id}/instruments")
def list_instruments(access: Reader, session: DbSession) -> list[InstrumentVersionView]:
    """List a study's instrument versions."""
    return [service.view(row) for row in service.versions(session, access.study.id)]


@router.post("/v1/studies/{study_id}/instruments", status_code=201)
def draft_instrument(body: InstrumentDefinition, access: Writer, session: DbSession) -> InstrumentVersionView:
    """Store a draft version of an instrument."""
    return service.view(service.draft(session, access.actor, access.study.id, body))


@router.get("/v1/studies/{study_id}/instruments/{key}/{version}")
def read_instrument(key: Key, version: Version, access: Reader, session: DbSession) -> InstrumentDefinition:
    """Show one version with its questions."""
    return service.parse(service.get(session, access.study.id, key, version))


@router.post("/v1/studies/{study_id}/instruments/{key}/{version}/publish")
def publish_instrument(
    key: Key, version: Version, access: Writer, session: DbSession
) -> PublishedVersionView:
    """Make a draft immutable and offer it to phones; the answer shows how each question changed."""
    row = service.get(session, access.study.id, key, version)
    return service.published_view(session, service.publish(session, access.actor, row))


@router.get("/v1/studies/{study_id}/instruments/{key}/{version}/diff")
def compare_instrument(
    key: Key, version: Version, access: Reader, session: DbSession, against: Against = None
) -> InstrumentDiff:
    """Show how each question of a version, a draft too, stands to another version."""
    return service.compared(session, access.study.id, key, version, against)


@router.post("/v1/studies/{study_id}/instruments/{key}/{version}/retire")
def retire_instrument(
    key: Key, version: Version, access: Writer, session: DbSession
) -> InstrumentVersionView:
    """Offer a version to phones no longer."""
    row = service.get(session, access.study.id, key, version)
    return service.view(service.retire(session, access.actor, row))


@router.get("/v1/me/instruments")
def list_my_instruments(principal: CurrentParticipant, session: DbSession) -> list[InstrumentVersionView]:
    """List the instruments that my phone should offer."""
    return [service.view(row) for row in service.current(session, principal.study_id)]


@router.get("/v1/me/instruments/{key}/{version}")
def read_my_instrument(
    key: Key, version: Version, principal: CurrentParticipant, session: DbSession, response: Response
) -> InstrumentDefinition:
    """Show one published version, which never changes."""
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return service.parse(service.published(session, principal.study_id, key, version))


@router.get("/v1/me/instruments/{key}/{version}/schema/{kind}")
def read_answer_schema(
    key: Key, version: Version, kind: Key, principal: CurrentParticipant, session: DbSession
) -> dict[str, JsonValue]:
    """Describe one kind of entry's answers as JSON Schema."""
    definition = service.parse(service.published(session, principal.study_id, key, version))
    if definition.form(kind) is None:
        raise NotFound
    return definition.answer_schema(kind)
