"""Asks for releases, lists them, and says which hold a participant."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.jobs import Jobs, sweep
from api.core.problems import Invalid, NotFound
from api.participants.telling import Asked, tells
from api.participants.withdrawal import holds
from api.releases import policy
from api.releases.models import Release, ReleaseParticipant
from api.releases.problems import ReleaseNotReady
from api.studies.models import Study
from schemas.base import FieldError
from schemas.release import ReleaseCreate, ReleaseFileView, ReleaseStatus, ReleaseView

JOB = "release.build"
STALE = timedelta(seconds=60)


def request(session: Session, jobs: Jobs, actor: Actor, study: Study, wanted: ReleaseCreate) -> Release:
    """Ask for a release; a durable job makes it."""
    now = clock.now()
    if wanted.cutoff and wanted.cutoff > now:
        late = FieldError(pointer="/cutoff", code="future", message="The cutoff lies in the future.")
        raise Invalid(errors=[late])
    resolved = policy.resolve(session, study, wanted)
    latest = session.exec(select(func.max(Release.number)).where(Release.study_id == study.id)).one()
    release = Release(
        study_id=study.id,
        number=(latest or 0) + 1,
        tier=wanted.tier,
        recipient=wanted.recipient,
        purpose=wanted.purpose,
        policy=resolved.model_dump(),
        cutoff=wanted.cutoff or now,
        seed=secrets.token_hex(16),
        requested_by=actor.id,
    )
    session.add(release)
    session.flush()
    audit.record(session, Event.RELEASE_REQUESTED, actor, study_id=study.id, object_id=release.id)
    jobs.enqueue_after(session, JOB, str(release.id))
    return release


def listing(session: Session, study_id: UUID) -> list[ReleaseView]:
    """List a study's releases, oldest first."""
    found = session.exec(select(Release).where(Release.study_id == study_id).order_by(col(Release.number)))
    return [view(release) for release in found]


def by_number(session: Session, study_id: UUID, number: str) -> Release:
    """Return a release by its number, or the latest that is published."""
    query = select(Release).where(Release.study_id == study_id)
    if number == "latest":
        query = query.where(Release.status == ReleaseStatus.PUBLISHED).order_by(col(Release.number).desc())
    elif number.isascii() and number.isdigit() and len(number) < 10:
        query = query.where(Release.number == int(number))
    else:
        raise NotFound
    release = session.exec(query).first()
    if release is None:
        raise NotFound
    return release


def file_of(release: Release, name: str) -> ReleaseFileView:
    """Return a published release's file, or raise ReleaseNotReady or NotFound."""
    if release.status != ReleaseStatus.PUBLISHED:
        raise ReleaseNotReady(f"Its state is: {release.status.value}.")
    found = next((one for one in view(release).files if one.name == name), None)
    if found is None:
        raise NotFound
    return found


def view(release: Release) -> ReleaseView:
    """Show a release."""
    return ReleaseView.model_validate(
        release.model_dump(include=set(ReleaseView.model_fields) - {"files"}) | {"files": release.files}
    )


def stored_files(session: Session) -> Iterator[tuple[str, str]]:
    """Yield where every published file is stored, and its SHA-256."""
    published = select(Release).where(Release.status == ReleaseStatus.PUBLISHED).order_by(col(Release.id))
    for release in session.exec(published):
        yield from ((f"{release.folder}/{one.name}", one.sha256) for one in view(release).files)


@sweep
def waiting(session: Session) -> Iterator[tuple[str, str, int]]:
    """Yield the releases that were asked for, and those whose builder has fallen silent."""
    silent = col(Release.heartbeat_at) < clock.now() - STALE
    queued = col(Release.status) == ReleaseStatus.QUEUED
    stuck = (col(Release.status) == ReleaseStatus.BUILDING) & silent
    for release in session.exec(select(Release).where(queued | stuck)):
        yield JOB, str(release.id), release.attempts


@tells("releases")
def _tell_releases(asked: Asked) -> Iterator[dict[str, Any]]:
    mine = (
        select(Release)
        .join(ReleaseParticipant, col(ReleaseParticipant.release_id) == col(Release.id))
        .where(ReleaseParticipant.participant_id == asked.participant_id)
        .order_by(col(Release.number))
    )
    told = {"id", "number", "tier", "recipient", "purpose", "cutoff", "published_at"}
    yield from (row.model_dump(include=told) for row in asked.session.exec(mine))


@holds
def _releases_that_hold(session: Session, participant_id: UUID) -> list[int]:
    return list(
        session.exec(
            select(Release.number)
            .join(ReleaseParticipant, col(ReleaseParticipant.release_id) == col(Release.id))
            .where(ReleaseParticipant.participant_id == participant_id)
        )
    )
