"""Instruments as workbooks over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Response

from api.auth.verbs import Verb
from api.core.dependencies import DbSession
from api.instruments.xlsform import service
from api.studies.access import Access, may
from schemas.base import Key
from schemas.instrument_version import ImportedVersionView

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
router = APIRouter(prefix="/v1/studies/{study_id}/instruments", tags=["instruments"])
Version = Annotated[int, Path(ge=1, le=100_000)]
Workbook = Annotated[bytes, Body(media_type=XLSX, description="An XLSForm workbook (.xlsx), as bytes.")]
Named = Annotated[Key | None, Query(description="The instrument's key, where the workbook has no form_id.")]


class Xlsx(Response):
    """A workbook."""

    media_type = XLSX


@router.post("/xlsform", status_code=201)
def import_xlsform(
    body: Workbook,
    access: Annotated[Access, Depends(may(Verb.INSTRUMENT_WRITE))],
    session: DbSession,
    key: Named = None,
) -> ImportedVersionView:
    """Store an XLSForm workbook as the draft of its instrument's next version."""
    return service.imported(session, access.actor, access.study.id, body, key)


@router.get("/{key}/{version}/xlsform", response_class=Xlsx)
def export_xlsform(
    key: Key,
    version: Version,
    access: Annotated[Access, Depends(may(Verb.INSTRUMENT_READ))],
    session: DbSession,
) -> Xlsx:
    """Download a version as an XLSForm workbook."""
    headers = {"Content-Disposition": f'attachment; filename="{key}.v{version}.xlsx"'}
    return Xlsx(service.workbook(session, access.study.id, key, version), headers=headers)
