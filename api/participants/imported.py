"""Enrols participants whom another tool enrolled before: found again by a reference, never made twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.participants import consents
from api.participants.models import Participant
from api.participants.service import current_consent
from api.studies.models import Study
from api.studies.problems import StudyNotOpen
from schemas.participant import ConsentGiven, ParticipantStatus
from schemas.study import StudyStatus

HOW = "import"


@dataclass(frozen=True)
class Imported:
    """Somebody as another tool knew them: a keyed reference, an id, and what they agreed to, when."""

    id: UUID
    external_ref: str
    consent: ConsentGiven
    given_at: datetime


def enrol_imported(
    session: Session, actor: Actor, study: Study, person: Imported
) -> tuple[Participant, bool]:
    """Return the participant and whether they are new; somebody who withdrew or was erased stays so."""
    found = session.exec(
        select(Participant).where(
            Participant.study_id == study.id,
            # Erasure forgets the reference; the id stays, so that an erased person is not enrolled again.
            or_(col(Participant.external_ref) == person.external_ref, col(Participant.id) == person.id),
        )
    ).one_or_none()
    if found:
        _note_wider_consent(session, actor, found, person)
        return found, False
    if study.status != StudyStatus.OPEN:
        raise StudyNotOpen("Open the study before importing people into it.")
    consents.check(session, study.id, person.consent)
    participant = Participant(
        id=person.id,
        study_id=study.id,
        status=ParticipantStatus.ENROLLED,
        external_ref=person.external_ref,
        enrolled_at=person.given_at,
    )
    session.add(participant)
    session.flush()
    consents.record(session, participant.id, person.consent, HOW, person.given_at)
    audit.record(session, Event.PARTICIPANT_IMPORTED, actor, study_id=study.id, object_id=participant.id)
    session.flush()
    return participant, True


def _note_wider_consent(session: Session, actor: Actor, found: Participant, person: Imported) -> None:
    """Record that an import's consent covered more than was said at first; never anybody's own later word."""
    known = current_consent(session, found.id)
    if found.status != ParticipantStatus.ENROLLED or known is None or known.how != HOW:
        return
    if known.document_version != person.consent.document_version:
        return
    if any(agreed and not known.statements.get(key) for key, agreed in person.consent.statements.items()):
        consents.check(session, found.study_id, person.consent)
        consents.end(session, found.id)
        consents.record(session, found.id, person.consent, HOW, person.given_at)
        audit.record(
            session, Event.CONSENT_CHANGED, actor, study_id=found.study_id, object_id=found.id, how=HOW
        )
