"""What participants agree to: checked against the form, recorded, never overwritten."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock, ledger
from api.core.db import columns_of
from api.core.ledger import Line
from api.participants.models import Consent, Participant
from api.participants.problems import ConsentIncomplete, ParticipantWithdrawn
from api.participants.telling import Asked, tells
from api.studies import service as studies
from schemas.base import FieldError
from schemas.participant import ConsentGiven, ParticipantStatus


def give(session: Session, actor: Actor, participant_id: UUID, given: ConsentGiven, how: str) -> None:
    """Replace a participant's consent; the earlier one is kept as ended."""
    participant = session.get_one(Participant, participant_id, with_for_update={"key_share": True})
    if participant.status != ParticipantStatus.ENROLLED:
        raise ParticipantWithdrawn
    check(session, participant.study_id, given)
    end(session, participant_id)
    consent = record(session, participant_id, given, how)
    audit.record(
        session, Event.CONSENT_CHANGED, actor, study_id=participant.study_id, object_id=participant_id
    )
    ids = {"consent_id": consent.id, "participant_id": participant_id}
    ledger.note(session, Event.CONSENT_CHANGED, ids)


@ledger.redoes(Event.CONSENT_CHANGED)
def _end_again(session: Session, line: Line) -> bool:
    """End a consent that was replaced by one that is lost: what that allowed is not known, so nothing is allowed."""
    return session.get(Consent, line.id("consent_id")) is None and end(session, line.id("participant_id")) > 0


def record(
    session: Session, participant_id: UUID, given: ConsentGiven, how: str, at: datetime | None = None
) -> Consent:
    """Add a consent that was checked."""
    consent = Consent(
        participant_id=participant_id,
        document_version=given.document_version,
        statements=given.statements,
        how=how,
        given_at=at or clock.now(),
    )
    session.add(consent)
    return consent


def end(session: Session, participant_id: UUID) -> int:
    """End the consent in force; return how many there were."""
    ended = session.execute(
        update(Consent)
        .where(col(Consent.participant_id) == participant_id, col(Consent.withdrawn_at).is_(None))
        .values(withdrawn_at=clock.now())
    )
    count: int = ended.rowcount  # type: ignore[attr-defined] # an UPDATE's result counts its rows
    return count


@tells("consents")
def _tell_consents(asked: Asked) -> Iterable[dict[str, Any]]:
    mine = select(Consent).where(Consent.participant_id == asked.participant_id).order_by(col(Consent.id))
    yield from (columns_of(row, but={"id", "participant_id"}) for row in asked.session.exec(mine))


def check(session: Session, study_id: UUID, given: ConsentGiven, where: str = "") -> None:
    """Refuse a consent that leaves out a required statement or was given to another version of the form."""
    form = studies.consent_form(session, study_id)
    if form is None or form.version != given.document_version:
        raise ConsentIncomplete("The consent form has changed; please read the new version.")
    known = {statement.key for statement in form.statements}
    errors = [
        FieldError(
            pointer=f"{where}/statements/{key}", code="unknown", message="The form has no such statement."
        )
        for key in given.statements
        if key not in known
    ] + [
        FieldError(
            pointer=f"{where}/statements/{statement.key}",
            code="required",
            message="This statement is required.",
        )
        for statement in form.statements
        if statement.required and not given.statements.get(statement.key)
    ]
    if errors:
        raise ConsentIncomplete(errors=errors)
