"""Asks for releases, lists them, and says which hold a participant."""

import secrets
from collections.abc import Iterator, Sequence
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
from api.instruments import service as instruments
from api.participants.telling import Asked, tells
from api.participants.withdrawal import holds
from api.releases.agreements import service as agreements
from api.releases.disclosure import service as disclosure
from api.releases.models import Release, ReleaseParticipant
from api.releases.problems import NothingToRelease, ReleaseNotReady
from api.studies import service as studies
from api.studies.models import Study
from schemas.base import FieldError
from schemas.disclosure import Tier
from schemas.release import ReleaseCreate, ReleaseFileView, ReleaseStatus, ReleaseView

JOB = "release.build"
STALE = timedelta(seconds=60)
OPEN_RECIPIENT, OPEN_PURPOSE = "the world", "any purpose"


def request(session: Session, jobs: Jobs, actor: Actor, study: Study, wanted: ReleaseCreate) -> Release:
    """Ask for a release; a durable job makes it. The same asked again while it is made is that one."""
    asked = _asked(session, study, wanted)
    studies.lock(session, study.id)
    going_on = _going_on(session, study.id)
    if same := next((one for one in going_on if _is_same(one, asked, wanted)), None):
        return same
    latest = session.exec(select(func.max(Release.number)).where(Release.study_id == study.id)).one()
    asked.number, asked.requested_by = (latest or 0) + 1, actor.id
    session.add(asked)
    session.flush()
    audit.record(session, Event.RELEASE_REQUESTED, actor, study_id=study.id, object_id=asked.id)
    jobs.enqueue_after(session, JOB, str(asked.id))
    return asked


def _asked(session: Session, study: Study, wanted: ReleaseCreate) -> Release:
    """Return what is asked for, without a number, or raise the problem that stands in its way."""
    if not instruments.versions(session, study.id, drafts=False):
        raise NothingToRelease
    now, is_open = clock.now(), wanted.tier is Tier.OPEN
    errors = []
    if wanted.cutoff and wanted.cutoff > now:
        errors += [FieldError(pointer="/cutoff", code="future", message="The cutoff lies in the future.")]
    for name in ("recipient", "purpose"):
        if getattr(wanted, name) is None and not is_open:
            message = f"A release of this tier names its {name}."
            errors += [FieldError(pointer=f"/{name}", code="missing", message=message)]
    if errors:
        raise Invalid(errors=errors)
    recipient, purpose = wanted.recipient or OPEN_RECIPIENT, wanted.purpose or OPEN_PURPOSE
    agreement = agreements.under(session, study, wanted.tier, recipient, purpose)
    return Release(
        study_id=study.id,
        number=0,
        tier=wanted.tier,
        recipient=agreement.recipient if agreement else recipient,
        purpose=agreement.purpose if agreement else purpose,
        policy=disclosure.for_release(session, study, wanted).model_dump(mode="json"),
        cutoff=wanted.cutoff or now,
        fit_earlier=wanted.fit_earlier,
        not_compared_reason=wanted.not_compared_reason,
        seed=secrets.token_hex(16),
    )


def _is_same(one: Release, asked: Release, wanted: ReleaseCreate) -> bool:
    named = one.tier == asked.tier and one.recipient == asked.recipient and one.purpose == asked.purpose
    made_alike = one.policy == asked.policy and one.fit_earlier == asked.fit_earlier
    alike = made_alike and one.not_compared_reason == asked.not_compared_reason
    return named and alike and wanted.cutoff in {None, one.cutoff}


def _going_on(session: Session, study_id: UUID) -> Sequence[Release]:
    states = (ReleaseStatus.QUEUED, ReleaseStatus.BUILDING)
    query = select(Release).where(Release.study_id == study_id, col(Release.status).in_(states))
    return session.exec(query.order_by(col(Release.number))).all()


def listing(session: Session, study_id: UUID) -> list[ReleaseView]:
    """List a study's releases, oldest first."""
    found = session.exec(select(Release).where(Release.study_id == study_id).order_by(col(Release.number)))
    waiting_for = [one.number for one in _going_on(session, study_id)]
    return [view(release, waiting_for) for release in found]


def shown(session: Session, release: Release) -> ReleaseView:
    """Show a release, and while it is queued how many are made before it."""
    return view(release, [one.number for one in _going_on(session, release.study_id)])


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


def note_download(session: Session, actor: Actor, release: Release, name: str) -> None:
    """Record that somebody takes a file of a release."""
    audit.record(
        session,
        Event.RELEASE_DOWNLOADED,
        actor,
        study_id=release.study_id,
        object_id=release.id,
        number=release.number,
        file=name,
    )


def view(release: Release, going_on: Sequence[int] = ()) -> ReleaseView:
    """Show a release; `going_on` are the numbers of those that are not made yet."""
    ahead = sum(number < release.number for number in going_on)
    columns = release.model_dump(include=set(ReleaseView.model_fields) - {"files", "ahead"})
    queued = release.status == ReleaseStatus.QUEUED
    return ReleaseView.model_validate(columns | {"files": release.files, "ahead": ahead if queued else 0})


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
        select(Release, ReleaseParticipant.shown)
        .join(ReleaseParticipant, col(ReleaseParticipant.release_id) == col(Release.id))
        .where(ReleaseParticipant.participant_id == asked.participant_id)
        .order_by(col(Release.number))
    )
    told = {"id", "number", "tier", "recipient", "purpose", "cutoff", "published_at"}
    for release, shown in asked.session.exec(mine):
        yield release.model_dump(include=told) | {"described_as": shown}


@holds
def _releases_that_hold(session: Session, participant_id: UUID) -> list[int]:
    return list(
        session.exec(
            select(Release.number)
            .join(ReleaseParticipant, col(ReleaseParticipant.release_id) == col(Release.id))
            .where(ReleaseParticipant.participant_id == participant_id)
        )
    )
