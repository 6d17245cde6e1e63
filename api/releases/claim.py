"""Who builds a release, how far it is, and the one switch that publishes it."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import SYSTEM
from api.core import bulk, clock, db, ledger
from api.core.ledger import Line
from api.core.storage import Storage
from api.participants import service as participants
from api.releases.controls import held_back_since
from api.releases.gate import service as gate
from api.releases.gate.service import Passed
from api.releases.models import LOST, Release, ReleaseParticipant
from api.releases.problems import ReleaseNotStored
from api.releases.report.models import StoredReport
from api.releases.service import STALE
from api.studies.models import Study
from schemas.release import ReleaseFileView, ReleaseStatus
from schemas.report import ReportFigures

_RELEASED = str(ReleaseParticipant.__tablename__)
_FAILED = "Something went wrong on our side while it was made. Please ask for it again."


def take(engine: Engine, release_id: UUID, job_id: str) -> Release | None:
    """Claim a release for a job; None if another job is at it or it is done."""
    now = clock.now()
    queued = col(Release.status) == ReleaseStatus.QUEUED
    building = col(Release.status) == ReleaseStatus.BUILDING
    ours = building & (col(Release.claimed_by) == job_id)
    silent = building & (col(Release.heartbeat_at) < now - STALE)
    with db.transaction(engine) as session:
        taken = session.execute(
            update(Release)
            .where(col(Release.id) == release_id, queued | ours | silent)
            .values(
                status=ReleaseStatus.BUILDING,
                claimed_by=job_id,
                attempts=col(Release.attempts) + 1,
                heartbeat_at=now,
                progress=0,
            )
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined] # an UPDATE's result counts its rows
            return None
        return session.get_one(Release, release_id)


def beat(engine: Engine, release: Release, progress: int) -> None:
    """Say that the work goes on, and how far it is."""
    with db.transaction(engine) as session:
        session.execute(
            update(Release)
            .where(*_of_this_attempt(release))
            .values(heartbeat_at=clock.now(), progress=progress)
        )


def _of_this_attempt(release: Release) -> tuple[ColumnElement[bool], ...]:
    """Return what holds while this attempt is the latest: workers of one name run one job twice, under one id."""
    return (
        col(Release.id) == release.id,
        col(Release.status) == ReleaseStatus.BUILDING,
        col(Release.claimed_by) == release.claimed_by,
        col(Release.attempts) == release.attempts,
    )


def publish(
    engine: Engine,
    storage: Storage,
    release: Release,
    folder: Path,
    passed: Passed,
    files: Sequence[ReleaseFileView],
    figures: ReportFigures,
) -> None:
    """Put the files in their place, then switch the release to published; nobody sees one without the other."""
    clear(storage, release)
    name = _stored_under(release, release.attempts)
    try:
        storage.publish(folder, name)
    except Exception as error:
        with suppress(Exception):  # what could not be removed now goes with the next attempt
            storage.remove(name)
        raise ReleaseNotStored from error
    with db.transaction(engine) as session:
        done = _still_holds(session, release, passed) and _switch(session, release, name, passed, files)
        if done:
            session.add(StoredReport(release_id=release.id, figures=figures.model_dump(mode="json")))
    if not done:
        storage.remove(name)


def clear(storage: Storage, release: Release) -> None:
    """Remove what attempts that a crash cut off have stored: they may never be published, nor this release."""
    try:
        for number in range(1, release.attempts):
            storage.remove(_stored_under(release, number))
    except Exception as error:
        raise ReleaseNotStored from error


def _stored_under(release: Release, attempt: int) -> str:
    # By id, not by number: after a restore without a ledger the same number may be another release's.
    return f"{release.study_id}/{release.id}-{attempt}"


def is_being_made(engine: Engine, release_id: UUID) -> bool:
    """Say whether a job is at a release."""
    with db.reading(engine) as session:
        return session.get_one(Release, release_id).status == ReleaseStatus.BUILDING


def refuse(engine: Engine, release: Release, why: str) -> None:
    """Record that a release cannot be made, and why."""
    _end(engine, release, ReleaseStatus.REFUSED, why)


def fail(engine: Engine, release: Release, why: str = _FAILED) -> None:
    """Record that making a release went wrong, and what to do."""
    _end(engine, release, ReleaseStatus.FAILED, why)


def _still_holds(session: Session, release: Release, passed: Passed) -> bool:
    """Say whether the files still show only what they may: people who share, entries that nobody held back since.

    If somebody withdrew, deleted or kept back an entry, or another release was published that this one was not
    compared with, it is made anew.
    """
    people = passed.people.shown
    participants.lock_enrolled(session, release.study_id)
    if (
        participants.sharing(session, release.study_id, clock.now()) >= people.keys()
        and not held_back_since(session, release.study_id, release.heartbeat_at or release.cutoff)
        and gate.still_passes(session, release, passed)
    ):
        return True
    session.execute(
        update(Release).where(*_of_this_attempt(release)).values(status=ReleaseStatus.QUEUED, claimed_by=None)
    )
    return False


def _switch(
    session: Session, release: Release, name: str, passed: Passed, files: Sequence[ReleaseFileView]
) -> bool:
    switched = session.execute(
        update(Release)
        .where(*_of_this_attempt(release))
        .values(
            status=ReleaseStatus.PUBLISHED,
            folder=name,
            files=[file.model_dump() for file in files],
            gate=passed.gate.stored(),
            published_at=clock.now(),
        )
    )
    if switched.rowcount != 1:  # type: ignore[attr-defined] # as above
        return False
    keys = [identifier["key"] for identifier in release.policy["quasi_identifiers"]]
    shown = passed.people.shown
    text = {told: json.dumps(dict(zip(keys, told, strict=True))) for told in set(shown.values())}
    rows = ((release.id.hex, who.hex, text[told]) for who, told in shown.items())
    bulk.store(session, _RELEASED, ["release_id", "participant_id", "shown"], rows)
    audit.record(
        session,
        Event.RELEASE_PUBLISHED,
        SYSTEM,
        study_id=release.study_id,
        object_id=release.id,
        number=release.number,
    )
    ids = {"release_id": release.id, "study_id": release.study_id, "number": str(release.number)}
    ledger.note(session, Event.RELEASE_PUBLISHED, ids)
    return True


@ledger.redoes(Event.RELEASE_PUBLISHED)
def _reserve(session: Session, line: Line) -> bool:
    """Keep the number of a published release that a restore has lost: somebody holds files of that name."""
    release_id, study_id, number = line.id("release_id"), line.id("study_id"), int(line.ids["number"])
    same = select(Release).where(Release.study_id == study_id, Release.number == number)
    known = session.exec(same).one_or_none()
    if known is not None and (known.id != release_id or known.status == ReleaseStatus.PUBLISHED):
        return False
    if session.get(Study, study_id) is None:
        return False
    release = known or Release(
        id=release_id,
        study_id=study_id,
        number=number,
        tier="unknown",
        recipient="",
        purpose="",
        policy={},
        cutoff=line.at,
        seed="",
    )
    release.status, release.refusal = ReleaseStatus.FAILED, LOST
    session.add(release)
    return True


def _end(engine: Engine, release: Release, status: ReleaseStatus, why: str) -> None:
    with db.transaction(engine) as session:
        row = session.exec(select(Release).where(*_of_this_attempt(release)).with_for_update()).one_or_none()
        if row is not None:
            row.status, row.refusal = status, why[:1_000]
            audit.record(
                session,
                Event.RELEASE_REFUSED,
                SYSTEM,
                study_id=row.study_id,
                object_id=row.id,
                number=row.number,
            )
