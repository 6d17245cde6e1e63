"""Profiles: attributes with their history."""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import ColumnElement
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock, plain
from api.core.db import columns_of
from api.core.problems import Invalid
from api.instruments import service as instruments
from api.participants.models import Participant, ParticipantAttribute
from api.participants.problems import NoProfile
from api.participants.service import lock_welcome
from api.participants.telling import Asked, tells
from schemas.participant import ProfileView


def read(session: Session, participant_id: UUID) -> ProfileView:
    """Show a participant's current profile."""
    participant = session.get_one(Participant, participant_id)
    found = instruments.profile_definition(session, participant.study_id)
    labels = {question.key: question.label for question in found[1].questions} if found else {}
    rows = _current_attributes(session, [participant_id])
    return ProfileView(answers={row.key: row.value for row in rows}, labels=labels)


def replace(
    session: Session, actor: Actor, participant_id: UUID, answers: dict[str, JsonValue]
) -> ProfileView:
    """Replace a participant's profile; what changed is kept as history."""
    participant = lock_welcome(session, participant_id)
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
    return read(session, participant_id)


def attributes(
    session: Session, participant_ids: Collection[UUID], keys: Collection[str] | None = None
) -> dict[UUID, dict[str, JsonValue]]:
    """Return the current attributes of a few participants: those of some keys, or None: all."""
    return _told(
        session, participant_ids, col(ParticipantAttribute.participant_id).in_(participant_ids), keys
    )


def attributes_in_study(
    session: Session, study_id: UUID, participant_ids: Collection[UUID], keys: Collection[str] | None = None
) -> dict[UUID, dict[str, JsonValue]]:
    """Return the same of many of a study's: to name them takes longer than to read the few others."""
    theirs = core_select(col(Participant.id)).where(col(Participant.study_id) == study_id)
    return _told(session, participant_ids, col(ParticipantAttribute.participant_id).in_(theirs), keys)


def _told(
    session: Session, people: Collection[UUID], which: ColumnElement[bool], keys: Collection[str] | None
) -> dict[UUID, dict[str, JsonValue]]:
    found: dict[UUID, dict[str, JsonValue]] = {who: {} for who in people}
    row, named = ParticipantAttribute, {who.hex: told for who, told in found.items()}
    text = plain.json_of(session, col(row.value))
    query = core_select(plain.hex_of(session, col(row.participant_id)), col(row.key), text)
    query = query.where(which, col(row.valid_to).is_(None))
    if keys is not None:
        query = query.where(col(row.key).in_(list(keys)))
    read: dict[str, JsonValue] = {}
    for who, key, value in session.execute(query):
        if who in named:
            if value not in read:
                read[value] = json.loads(value)
            named[who][key] = read[value]
    return found


@tells("profile")
def _tell_profile(asked: Asked) -> Iterable[dict[str, Any]]:
    mine = col(ParticipantAttribute.participant_id) == asked.participant_id
    rows = asked.session.exec(select(ParticipantAttribute).where(mine).order_by(col(ParticipantAttribute.id)))
    yield from (columns_of(row, but={"id", "participant_id"}) for row in rows)


def _current_attributes(session: Session, participant_ids: Iterable[UUID]) -> Sequence[ParticipantAttribute]:
    return session.exec(select(ParticipantAttribute).where(*_current(participant_ids))).all()


def _current(participant_ids: Iterable[UUID]) -> tuple[ColumnElement[bool], ...]:
    mine = col(ParticipantAttribute.participant_id).in_(list(participant_ids))
    return mine, col(ParticipantAttribute.valid_to).is_(None)


def _differs(old: JsonValue, new: JsonValue) -> bool:
    return json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True)
