"""Compliance over HTTP: JSON, and the same as CSV."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Response

from api.auth.verbs import Verb
from api.core.dependencies import DbSession
from api.prompts.compliance import service
from api.prompts.compliance.checklist import cremas
from api.prompts.compliance.nudges import nudges
from api.prompts.compliance.tables import compliance_table, cremas_table, written
from api.studies.access import Access, may
from schemas.compliance import Compliance, Cremas, Grouping, Nudges

router = APIRouter(prefix="/v1/studies/{study_id}", tags=["compliance"])
Reader = Annotated[Access, Depends(may(Verb.PARTICIPANT_READ))]
By = Annotated[Grouping, Query(description="What a row is about.")]
Accept = Annotated[str, Header(include_in_schema=False)]
Limit = Annotated[int, Query(ge=1, le=500)]
_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/compliance", responses=_CSV)
def read_compliance(
    access: Reader,
    session: DbSession,
    by: By = Grouping.PARTICIPANT,
    after: UUID | None = None,
    limit: Limit = 100,
    accept: Accept = "",
) -> Compliance:
    """Count what became of the prompts; by participant in pages. `Accept: text/csv` gives all rows as CSV."""
    if _wants_csv(accept):
        return _csv(written(compliance_table(service.report(session, access.study, by))))  # type: ignore[return-value] # FastAPI sends a Response as it is
    return service.page(session, access.study, by, after, limit)


@router.get("/compliance.csv", response_class=Response, responses=_CSV)
def download_compliance(access: Reader, session: DbSession, by: By = Grouping.PARTICIPANT) -> Response:
    """Give all rows as CSV."""
    return _csv(written(compliance_table(service.report(session, access.study, by))))


@router.get("/compliance/cremas", responses=_CSV)
def read_cremas(access: Reader, session: DbSession, accept: Accept = "") -> Cremas:
    """Fill in the Checklist for Reporting EMA Studies as far as schedules and data go."""
    found = cremas(session, access.study)
    return _csv(written(cremas_table(found))) if _wants_csv(accept) else found  # type: ignore[return-value] # FastAPI sends a Response as it is


@router.get("/compliance/cremas.csv", response_class=Response, responses=_CSV)
def download_cremas(access: Reader, session: DbSession) -> Response:
    """Give the checklist as CSV."""
    return _csv(written(cremas_table(cremas(session, access.study))))


@router.get("/nudges")
def list_nudges(
    access: Reader,
    session: DbSession,
    days: Annotated[int, Query(ge=1, le=365, description="Days without an answer.")] = 3,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Nudges:
    """List who may need a word: not answering, not reachable, never opened, paused."""
    return nudges(session, access.study, days, after, limit)


def _wants_csv(accept: str) -> bool:
    return accept.split(",", maxsplit=1)[0].split(";", maxsplit=1)[0].strip().lower() == "text/csv"


def _csv(text: str) -> Response:
    return Response(text, media_type="text/csv")
