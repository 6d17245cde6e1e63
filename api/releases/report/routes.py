"""The reports of releases over HTTP; for recipients there is DISCLOSURE.md among a release's files."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from api.auth.verbs import Verb
from api.core.dependencies import DbSession
from api.releases.report import page, service
from api.releases.routes import Number
from api.studies.access import Access, may
from schemas.report import ReleaseReport

router = APIRouter(prefix="/v1/studies/{study_id}/releases", tags=["releases"])
Team = Annotated[Access, Depends(may(Verb.RELEASE_CREATE))]


@router.get("/{number}/report")
def read_release_report(number: Number, access: Team, session: DbSession) -> ReleaseReport:
    """Show the disclosure-risk report of a published release, in full: for the team alone."""
    return service.report_of(session, access.study.id, number)


@router.get("/{number}/report.html", response_class=HTMLResponse)
def read_release_report_page(number: Number, access: Team, session: DbSession) -> HTMLResponse:
    """Show the same report as a page that needs nothing else and can be printed."""
    found = service.report_of(session, access.study.id, number)
    return HTMLResponse(page.html(found), headers={"Content-Security-Policy": page.POLICY})
