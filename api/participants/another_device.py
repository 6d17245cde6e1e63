"""Signs a participant in on another device, by a one-time code that a signed-in device shows."""

from sqlmodel import Session

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.auth import device_codes, sessions
from api.auth.principals import ParticipantPrincipal
from api.core import clock
from api.core.config import Settings
from api.participants.problems import CodeNotValid
from api.participants.service import lock_welcome
from schemas.session import CodeSignIn, DeviceCodeView, SessionTokens


def make_code(session: Session, principal: ParticipantPrincipal) -> DeviceCodeView:
    """Make a code for another device of mine; it is shown this once, and ends the one before."""
    lock_welcome(session, principal.participant_id)
    made, code = device_codes.make(session, principal.participant_id, principal.study_id)
    audit.record(
        session,
        Event.DEVICE_CODE_MADE,
        principal.actor,
        study_id=principal.study_id,
        object_id=principal.device_id,
    )
    return DeviceCodeView(code=code, expires_at=made.expires_at)


def sign_in(session: Session, settings: Settings, wanted: CodeSignIn) -> SessionTokens:
    """Use a code to sign a device in, once; a repeated attempt is answered again."""
    participant_id = device_codes.owner(session, wanted.code)
    if participant_id is None:
        raise CodeNotValid
    lock_welcome(session, participant_id)
    code = device_codes.lock(session, wanted.code)
    if code is None:
        raise CodeNotValid
    if device_codes.is_repeat(code, wanted.attempt):
        again = code.device_id and sessions.start_instead(
            session, settings, code.device_id, wanted.device_name
        )
        if not again:
            raise CodeNotValid
        code.device_id = again.device_id
        return again
    if not device_codes.is_open(code):
        raise CodeNotValid
    tokens = sessions.start(session, settings, participant_id, code.study_id, wanted.device_name)
    code.used_at, code.attempt, code.device_id = clock.now(), wanted.attempt, tokens.device_id
    audit.record(
        session,
        Event.DEVICE_ADDED,
        Actor("participant", participant_id),
        study_id=code.study_id,
        object_id=tokens.device_id,
    )
    return tokens
