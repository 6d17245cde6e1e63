"""Invites participants, and lets them join by a code and their consent."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth import sessions
from api.core import clock, crypto
from api.core.config import Settings
from api.core.db import columns_of
from api.participants import consents
from api.participants.models import Invitation, Participant
from api.participants.problems import CodeNotValid
from api.participants.service import lock_welcome
from api.participants.telling import Asked, tells
from api.studies import service as studies
from api.studies.models import Study
from api.studies.problems import StudyNotOpen
from schemas.participant import (
    InvitationPreview,
    InvitationRedeem,
    InvitationView,
    Joined,
    ParticipantStatus,
)
from schemas.study import StudyStatus

_REPEAT_WITHIN = timedelta(hours=24)


def invite(session: Session, actor: Actor, study: Study, count: int, days: int) -> list[InvitationView]:
    """Make participants and a code for each."""
    if study.status != StudyStatus.OPEN:
        raise StudyNotOpen("Open the study before inviting people.")
    return [_invite_one(session, actor, study, days) for _ in range(count)]


def preview(session: Session, code: str) -> InvitationPreview:
    """Show what a valid code leads to, without using it."""
    study = studies.get(session, _open_invitation(session, code).study_id)
    return InvitationPreview(
        study_title=study.title, languages=study.languages, documents=studies.documents(session, study.id)
    )


def redeem(session: Session, settings: Settings, wanted: InvitationRedeem) -> Joined:
    """Record consent, enrol the participant and sign the device in; a repeated attempt is answered again."""
    invitation = _by_code(session, wanted.code)
    repeated = invitation.used_at is not None and invitation.attempt == wanted.attempt
    if repeated and invitation.used_at and clock.now() - invitation.used_at < _REPEAT_WITHIN:
        lock_welcome(session, invitation.participant_id)
        sign_in = sessions.start_again
    else:
        _enrol(session, invitation, wanted)
        sign_in = sessions.start
    tokens = sign_in(session, settings, invitation.participant_id, invitation.study_id, wanted.device_name)
    return Joined(participant_id=invitation.participant_id, study_id=invitation.study_id, session=tokens)


@tells("invitations")
def _tell_invitations(asked: Asked) -> Iterable[dict[str, Any]]:
    mine = select(Invitation).where(Invitation.participant_id == asked.participant_id)
    secret = {"code_hash", "attempt", "study_id", "participant_id"}
    yield from (columns_of(row, but=secret) for row in asked.session.exec(mine))


def _invite_one(session: Session, actor: Actor, study: Study, days: int) -> InvitationView:
    participant = Participant(study_id=study.id)
    session.add(participant)
    session.flush()
    code = crypto.new_code()
    invitation = Invitation(
        study_id=study.id,
        participant_id=participant.id,
        code_hash=crypto.digest(code),
        expires_at=clock.now() + timedelta(days=days),
    )
    session.add(invitation)
    audit.record(session, Event.PARTICIPANT_INVITED, actor, study_id=study.id, object_id=participant.id)
    return InvitationView(participant_id=participant.id, code=code, expires_at=invitation.expires_at)


def _by_code(session: Session, code: str) -> Invitation:
    hashed = crypto.digest(crypto.normalise_code(code))
    invitation = session.exec(select(Invitation).where(Invitation.code_hash == hashed)).one_or_none()
    if invitation is None or invitation.expires_at <= clock.now():
        raise CodeNotValid
    return invitation


def _open_invitation(session: Session, code: str) -> Invitation:
    invitation = _by_code(session, code)
    if invitation.used_at is not None:
        raise CodeNotValid
    return invitation


def _enrol(session: Session, invitation: Invitation, wanted: InvitationRedeem) -> None:
    if studies.get(session, invitation.study_id).status != StudyStatus.OPEN:
        raise StudyNotOpen
    consents.check(session, invitation.study_id, wanted.consent, "/consent")
    participant = lock_welcome(session, invitation.participant_id)  # withdrawn by phone before they joined
    now = clock.now()
    # The database decides who of two was first: never check, then write.
    claimed = session.execute(
        update(Invitation)
        .where(col(Invitation.id) == invitation.id, col(Invitation.used_at).is_(None))
        .values(used_at=now, attempt=wanted.attempt)
    )
    assert isinstance(claimed, CursorResult)  # noqa: S101 - narrows the type
    if claimed.rowcount != 1:
        raise CodeNotValid
    participant.status, participant.enrolled_at = ParticipantStatus.ENROLLED, now
    consents.record(session, participant.id, wanted.consent, how="app")
    audit.record(
        session,
        Event.PARTICIPANT_ENROLLED,
        Actor("participant", participant.id),
        study_id=participant.study_id,
        object_id=participant.id,
    )
