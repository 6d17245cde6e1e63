"""Contact data: encrypted under a key per participant, shown to nobody else."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock, crypto, plain
from api.core.config import Settings
from api.core.ids import dashed
from api.participants import contact_index
from api.participants.models import Contact, Participant
from api.participants.problems import ContactNotKept
from api.participants.service import lock_welcome
from api.participants.telling import Asked, tells
from api.studies import service as studies
from schemas.participant import ContactPut


def replace(
    session: Session, settings: Settings, actor: Actor, participant_id: UUID, wanted: ContactPut
) -> None:
    """Store contact data, encrypted under a key of the participant's own."""
    participant = lock_welcome(session, participant_id)
    due = studies.contact_erased_from(studies.get(session, participant.study_id))
    if due is not None and due <= clock.now():
        raise ContactNotKept
    contact = session.get(Contact, participant_id) or Contact(participant_id=participant_id)
    contact.wrapped_key = contact.wrapped_key or crypto.new_wrapped_key(settings.master_keys)
    contact.sealed = crypto.encrypt(settings.master_keys, contact.wrapped_key, wanted.model_dump_json())
    contact.email_hash = contact_index.hash_of(session, settings, wanted.email)
    contact.changed_at = clock.now()
    session.add(contact)
    audit.record(
        session, Event.CONTACT_CHANGED, actor, study_id=participant.study_id, object_id=participant_id
    )


def read(session: Session, settings: Settings, participant_id: UUID) -> ContactPut:
    """Return a participant's contact data, to nobody but themselves and the reminders to come."""
    row = session.get(Contact, participant_id)
    if row is None or row.sealed is None:
        return ContactPut()
    return ContactPut.model_validate_json(crypto.decrypt(settings.master_keys, row.wrapped_key, row.sealed))


def several(
    session: Session, settings: Settings, participant_ids: Collection[UUID]
) -> dict[UUID, tuple[ContactPut, datetime]]:
    """Return the contact data of those of whom there is any, and since when it is so: for their reminders."""
    rows = session.exec(
        select(Contact).where(
            col(Contact.participant_id).in_(participant_ids), col(Contact.sealed).is_not(None)
        )
    )
    return {
        row.participant_id: (
            ContactPut.model_validate_json(
                crypto.decrypt(settings.master_keys, row.wrapped_key, row.sealed or b"")
            ),
            row.changed_at,
        )
        for row in rows
    }


def changed_at(session: Session, participant_id: UUID) -> datetime | None:
    """Return when a participant's contact data was last changed."""
    row = session.get(Contact, participant_id)
    return row.changed_at if row else None


@tells("contact")
def _tell_contact(asked: Asked) -> Iterable[dict[str, Any]]:
    row = asked.session.get(Contact, asked.participant_id)
    if row is not None:
        data = read(asked.session, asked.settings, asked.participant_id)
        yield data.model_dump() | {"changed_at": row.changed_at}


def readable(session: Session, settings: Settings) -> tuple[int, int]:
    """Count the stored contact records that open, and those that no key of ours opens."""
    opened = closed = 0
    sealed = select(Contact.wrapped_key, Contact.sealed).where(col(Contact.sealed).is_not(None))
    for wrapped_key, text in session.exec(sealed.execution_options(yield_per=200)):
        try:
            crypto.decrypt(settings.master_keys, wrapped_key, text or b"")
            opened += 1
        except crypto.KeyDestroyed:
            closed += 1
    return opened, closed


def identifiers(session: Session, settings: Settings, study_id: UUID) -> set[str]:
    """Return every direct identifier that we hold of a study's participants: what no release may contain."""
    found: set[str] = set()
    theirs = core_select(plain.hex_of(session, col(Participant.id)), col(Participant.external_ref))
    for digits, external_ref in session.execute(theirs.where(col(Participant.study_id) == study_id)):
        found.update((digits, dashed(digits), external_ref or ""))
    for data in of_study(session, settings, study_id):
        found |= {data.email or "", data.phone or ""}
        if data.name and " " in data.name.strip():  # one word may be anybody's, and an answer's too
            found.add(data.name)
    return found - {""}


def of_study(session: Session, settings: Settings, study_id: UUID) -> Iterator[ContactPut]:
    """Yield the contact data of a study's participants: what releases and texts are searched for."""
    rows = session.exec(
        select(Contact)
        .join(Participant, col(Participant.id) == col(Contact.participant_id))
        .where(Participant.study_id == study_id, col(Contact.sealed).is_not(None))
        .order_by(col(Contact.participant_id))
    ).all()
    for row in rows:
        yield read(session, settings, row.participant_id)
