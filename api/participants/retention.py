"""Erases contact data once a study has been closed for as long as it said: a durable job, found by a sweep."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import SYSTEM
from api.core import clock, db
from api.core.jobs import JobContext, job, sweep
from api.participants.models import Contact, Participant
from api.studies import service as studies

JOB = "contact.expire"
BATCH = 100
RETRY = timedelta(minutes=10)


@sweep
def due(session: Session) -> Iterator[tuple[str, str, int]]:
    """Yield the studies whose contact data should be gone; every ten minutes anew, until it is."""
    attempt = clock.microseconds(clock.now()) // (RETRY // timedelta(microseconds=1))
    for study in studies.closed(session):
        if _is_due(session, study.id) and _held(session, study.id, 1):
            yield JOB, str(study.id), attempt


@job(JOB)
def expire(context: JobContext, study_id: str) -> None:
    """Erase a study's contact data in batches; run again after a crash it goes on, and run twice it does nothing."""
    engine = db.make_engine(context.settings)
    try:
        while True:
            with db.transaction(engine) as session:
                if not _expire_some(session, UUID(study_id)):
                    return
    finally:
        engine.dispose()


def _expire_some(session: Session, study_id: UUID) -> int:
    who = _held(session, study_id, BATCH) if _is_due(session, study_id) else []
    for participant_id in who:
        gone = session.execute(
            update(Contact)
            .where(col(Contact.participant_id) == participant_id, col(Contact.sealed).is_not(None))
            .values(wrapped_key=None, sealed=None, email_hash=None, changed_at=clock.now())
        )
        if gone.rowcount:  # type: ignore[attr-defined] # an UPDATE's result counts its rows
            audit.record(session, Event.CONTACT_EXPIRED, SYSTEM, study_id=study_id, object_id=participant_id)
    if who:
        db.shred(session)
    return len(who)


def _is_due(session: Session, study_id: UUID) -> bool:
    at = studies.contact_erased_from(studies.get(session, study_id))
    return at is not None and at <= clock.now()


def _held(session: Session, study_id: UUID, limit: int) -> Sequence[UUID]:
    return session.exec(
        select(Contact.participant_id)
        .join(Participant, col(Participant.id) == col(Contact.participant_id))
        .where(Participant.study_id == study_id, col(Contact.sealed).is_not(None))
        .order_by(col(Contact.participant_id))
        .limit(limit)
    ).all()
