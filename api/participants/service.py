"""A participant's own view: profile, consent and contact data."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import Connection, Select, bindparam
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock, crypto
from api.core.config import Settings
from api.core.problems import Invalid
from api.instruments import service as instruments
from api.participants.models import Consent, Contact, Participant, ParticipantAttribute
from api.participants.problems import NoProfile, ParticipantWithdrawn
from api.studies import service as studies
from schemas.participant import ContactPut, Me, ParticipantStatus, ParticipantView, ProfileView


def me(session: Session, participant_id: UUID) -> Me:
    """Show a participant what is known of them, without their diary."""
    participant = session.get_one(Participant, participant_id)
    study = studies.get(session, participant.study_id)
    consent = current_consent(session, participant_id)
    return Me(
        participant_id=participant.id,
        study_id=study.id,
        study_title=study.title,
        study_status=study.status.value,
        time_zone=study.time_zone,
        languages=study.languages,
        edit_window_hours=study.edit_window_hours,
        status=participant.status,
        consent_version=consent.document_version if consent else None,
        sharing=participant_id in sharing(session, study.id, clock.now()),
        prompts_stopped=participant.prompts_stopped_at is not None,
    )


def listing(session: Session, study_id: UUID, after: UUID | None, limit: int) -> list[ParticipantView]:
    """List participants in the order in which they were invited."""
    query = (
        select(Participant).where(Participant.study_id == study_id).order_by(col(Participant.id)).limit(limit)
    )
    found = session.exec(query.where(col(Participant.id) > after) if after else query).all()
    return [view(participant) for participant in found]


def view(participant: Participant) -> ParticipantView:
    """Show a participant to coordinators."""
    return ParticipantView(
        id=participant.id,
        status=participant.status,
        enrolled_at=participant.enrolled_at,
        withdrawn_at=participant.withdrawn_at,
        prompts_stopped=participant.prompts_stopped_at is not None,
    )


def current_consent(session: Session, participant_id: UUID) -> Consent | None:
    """Return the consent that is in force."""
    mine = (Consent.participant_id == participant_id, col(Consent.withdrawn_at).is_(None))
    return session.exec(select(Consent).where(*mine).order_by(col(Consent.id).desc())).first()


def sharing(session: Session, study_id: UUID, at: datetime) -> set[UUID]:
    """Return who, at a time, took part and had agreed to share: the people a release may hold."""
    allowing = studies.sharing_statements(session, study_id)
    rows = session.exec(
        select(Participant, Consent)
        .join(Consent, col(Consent.participant_id) == col(Participant.id))
        .where(
            Participant.study_id == study_id,
            Participant.status == ParticipantStatus.ENROLLED,
            col(Consent.withdrawn_at).is_(None),
            col(Consent.given_at) <= at,
        )
        .order_by(col(Consent.id))
    ).all()
    latest = {participant.id: consent for participant, consent in rows}
    return {
        who
        for who, consent in latest.items()
        if (keys := allowing.get(consent.document_version))
        and all(consent.statements.get(key) for key in keys)
    }


# Where participants stand; locked, so that they stay there until the transaction ends. Asked by every batch of entries.
STANDING: Select[*tuple[Any, ...]] = (
    core_select(
        col(Participant.id).label("participant_id"), col(Participant.status), col(Participant.study_id)
    )
    .where(col(Participant.id).in_(bindparam("participants", expanding=True)))
    .order_by(col(Participant.id))  # one order of locking for all: no deadlock
    .with_for_update(key_share=True)
)


def lock_statuses(connection: Connection, participant_ids: Collection[UUID]) -> dict[UUID, ParticipantStatus]:
    """Return where participants stand, and keep them there until this transaction ends."""
    rows = connection.execute(STANDING, {"participants": [*participant_ids]})
    return {row.participant_id: row.status for row in rows}


def profile(session: Session, participant_id: UUID) -> ProfileView:
    """Show a participant's current profile."""
    participant = session.get_one(Participant, participant_id)
    found = instruments.profile_definition(session, participant.study_id)
    labels = {question.key: question.label for question in found[1].questions} if found else {}
    rows = _current_attributes(session, [participant_id])
    return ProfileView(answers={row.key: row.value for row in rows}, labels=labels)


def set_profile(
    session: Session, actor: Actor, participant_id: UUID, answers: dict[str, JsonValue]
) -> ProfileView:
    """Replace a participant's profile; what changed is kept as history."""
    participant = _lock_welcome(session, participant_id)
    found = instruments.profile_definition(session, participant.study_id)
    if found is None:
        raise NoProfile
    if errors := found[1].validate_answers(instruments.PROFILE, answers):
        raise Invalid(errors=errors)
    now = clock.now()
    rows = {row.key: row for row in _current_attributes(session, [participant_id])}
    changed = {
        key: value for key, value in answers.items() if key not in rows or _differs(rows[key].value, value)
    }
    for key, row in rows.items():
        if key in changed or key not in answers:
            row.valid_to = now
    session.flush()  # an old value ends before a new one begins: the index allows one current value
    for key, value in changed.items():
        session.add(ParticipantAttribute(participant_id=participant_id, key=key, value=value, valid_from=now))
    if changed or rows.keys() - answers.keys():
        audit.record(
            session,
            Event.PROFILE_CHANGED,
            actor,
            study_id=participant.study_id,
            object_id=participant_id,
            count=len(changed),
        )
    session.flush()
    return profile(session, participant_id)


def attributes(session: Session, participant_ids: Sequence[UUID]) -> dict[UUID, dict[str, JsonValue]]:
    """Return the current attributes of some participants."""
    found: dict[UUID, dict[str, JsonValue]] = {who: {} for who in participant_ids}
    for row in _current_attributes(session, participant_ids):
        found[row.participant_id][row.key] = row.value
    return found


def set_contact(
    session: Session, settings: Settings, actor: Actor, participant_id: UUID, wanted: ContactPut
) -> None:
    """Store contact data, encrypted under a key of the participant's own."""
    participant = _lock_welcome(session, participant_id)
    master = settings.master_key.get_secret_value()
    contact = session.get(Contact, participant_id) or Contact(participant_id=participant_id)
    contact.wrapped_key = contact.wrapped_key or crypto.new_wrapped_key(master)
    contact.sealed = crypto.encrypt(master, contact.wrapped_key, wanted.model_dump_json())
    contact.changed_at = clock.now()
    session.add(contact)
    audit.record(
        session, Event.CONTACT_CHANGED, actor, study_id=participant.study_id, object_id=participant_id
    )


def contact(session: Session, settings: Settings, participant_id: UUID) -> ContactPut:
    """Return a participant's contact data, to nobody but themselves and the reminders to come."""
    row = session.get(Contact, participant_id)
    if row is None or row.sealed is None:
        return ContactPut()
    master = settings.master_key.get_secret_value()
    return ContactPut.model_validate_json(crypto.decrypt(master, row.wrapped_key, row.sealed))


def _lock_welcome(session: Session, participant_id: UUID) -> Participant:
    """Return a participant who has not withdrawn, and cannot until what follows is stored."""
    participant = session.get_one(Participant, participant_id, with_for_update={"key_share": True})
    if participant.status == ParticipantStatus.WITHDRAWN:
        raise ParticipantWithdrawn
    return participant


def _current_attributes(session: Session, participant_ids: Iterable[UUID]) -> Sequence[ParticipantAttribute]:
    mine = col(ParticipantAttribute.participant_id).in_(list(participant_ids))
    return session.exec(
        select(ParticipantAttribute).where(mine, col(ParticipantAttribute.valid_to).is_(None))
    ).all()


def _differs(old: JsonValue, new: JsonValue) -> bool:
    return json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True)


def identifiers(session: Session, settings: Settings, study_id: UUID) -> set[str]:
    """Return every direct identifier that we hold of a study's participants: what no release may contain."""
    found: set[str] = set()
    mine = select(Participant).where(Participant.study_id == study_id)
    for participant in session.exec(mine):
        found |= {str(participant.id), participant.id.hex, participant.external_ref or ""}
    rows = session.exec(
        select(Contact)
        .join(Participant, col(Participant.id) == col(Contact.participant_id))
        .where(Participant.study_id == study_id, col(Contact.sealed).is_not(None))
    ).all()
    for row in rows:
        data = contact(session, settings, row.participant_id)
        found |= {data.name or "", data.email or "", data.phone or ""}
    return found - {""}
