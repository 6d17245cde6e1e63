"""Profiles: attributes with their history."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.core.db import columns_of
from api.core.problems import Invalid
from api.instruments import service as instruments
from api.participants.models import Participant, ParticipantAttribute
from api.participants.problems import NoProfile
from api.participants.service import lock_welcome
from api.participants.telling import Asked, tells
from schemas.participant import ProfileView

_AT_ONCE = 5_000  # a statement takes 32,766 values on SQLite and 65,535 on PostgreSQL


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


def attributes(session: Session, participant_ids: Sequence[UUID]) -> dict[UUID, dict[str, JsonValue]]:
    """Return the current attributes of some participants."""
    found: dict[UUID, dict[str, JsonValue]] = {who: {} for who in participant_ids}
    for first in range(0, len(participant_ids), _AT_ONCE):
        for row in _current_attributes(session, participant_ids[first : first + _AT_ONCE]):
            found[row.participant_id][row.key] = row.value
    return found


@tells("profile")
def _tell_profile(asked: Asked) -> Iterable[dict[str, Any]]:
    mine = col(ParticipantAttribute.participant_id) == asked.participant_id
    rows = asked.session.exec(select(ParticipantAttribute).where(mine).order_by(col(ParticipantAttribute.id)))
    yield from (columns_of(row, but={"id", "participant_id"}) for row in rows)


def _current_attributes(session: Session, participant_ids: Iterable[UUID]) -> Sequence[ParticipantAttribute]:
    mine = col(ParticipantAttribute.participant_id).in_(list(participant_ids))
    return session.exec(
        select(ParticipantAttribute).where(mine, col(ParticipantAttribute.valid_to).is_(None))
    ).all()


def _differs(old: JsonValue, new: JsonValue) -> bool:
    return json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True)
