"""Finds the report of a release, for its team."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from api.auth.models import Staff
from api.releases import service as releases
from api.releases.agreements import service as agreements
from api.releases.models import Release
from api.releases.problems import NoReport, ReleaseNotReady
from api.releases.report.models import StoredReport
from api.studies import service as studies
from schemas.release import ReleaseStatus
from schemas.report import ReleaseReport, ReportAgreement, ReportFigures


def report_of(session: Session, study_id: UUID, number: str) -> ReleaseReport:
    """Return a published release's report, or raise ReleaseNotReady or NoReport."""
    release = releases.by_number(session, study_id, number)
    if release.status != ReleaseStatus.PUBLISHED or release.published_at is None:
        raise ReleaseNotReady(f"Its state is: {release.status.value}.")
    stored = session.get(StoredReport, release.id)
    if stored is None:
        raise NoReport
    figures = ReportFigures.model_validate(stored.figures)
    return ReleaseReport.model_validate(
        figures.model_dump() | _released(session, release, release.published_at)
    )


def _released(session: Session, release: Release, published_at: datetime) -> dict[str, object]:
    asked_by = session.get(Staff, release.requested_by) if release.requested_by else None
    under = agreements.when_published(session, release)
    return {
        "study": studies.get(session, release.study_id).title,
        "number": release.number,
        "tier": release.tier,
        "recipient": release.recipient,
        "purpose": release.purpose,
        "agreement": under.model_dump(include=set(ReportAgreement.model_fields)) if under else None,
        "cutoff": release.cutoff,
        "requested_at": release.requested_at,
        "published_at": published_at,
        "operator": asked_by.name if asked_by else "the operator of this service, on the command line",
        "files": releases.view(release).files,
    }
