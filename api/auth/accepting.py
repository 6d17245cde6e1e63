"""Turns an invitation into an account, in two steps, each of which may be repeated when its answer was lost."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import ANONYMOUS, Actor
from api.auth import factors, password_rules, service
from api.auth.account_models import StaffCredential, StaffInvitation, StaffSession
from api.auth.models import Staff
from api.auth.principals import SessionPrincipal
from api.auth.problems import InvitationNotValid, OneTimeCodeWrong, SignInFirst
from api.auth.tools import Tools
from api.core import clock, crypto
from api.core.config import Settings
from api.core.db import reading, transaction
from api.core.problems import Invalid
from schemas.base import FieldError
from schemas.staff import RecoveryCodes, StaffAccept, StaffConfirm, TotpEnrolment

_HELD_FOR = timedelta(minutes=30)
_REPEAT_WITHIN = timedelta(minutes=10)


def accept(tools: Tools, wanted: StaffAccept) -> TotpEnrolment:
    """Keep the chosen name and password until they are confirmed; return what the authenticator needs."""
    with reading(tools.engine) as session:
        invitation = _open(session, wanted.code, wanted.attempt)
        name = _name(session, invitation, wanted.name)
    password_rules.check(wanted.password, invitation.email, name)
    hashed = tools.passwords.hash(wanted.password)  # outside any transaction: it takes long
    with transaction(tools.engine) as session:
        invitation = _open(session, wanted.code, wanted.attempt)
        if invitation.attempt != wanted.attempt:
            _begin(session, tools.settings, invitation, wanted.attempt)
        invitation.name, invitation.password_hash = name, hashed
        invitation.attempted_at = clock.now()
        secret = _secret(tools.settings, invitation)
        return TotpEnrolment(secret=secret, uri=factors.totp_uri(secret, invitation.email))


def confirm(session: Session, settings: Settings, wanted: StaffConfirm) -> RecoveryCodes:
    """Activate the account by a first code from the authenticator; return its recovery codes."""
    invitation = _by_code(session, wanted.code)
    if invitation.attempt != wanted.attempt:
        raise InvitationNotValid
    if invitation.used_at is not None:
        return _again(session, settings, invitation, wanted.one_time_code)
    step = factors.totp_step(_secret(settings, invitation), wanted.one_time_code, clock.now())
    if step is None:
        raise OneTimeCodeWrong
    staff = _account(session, invitation)
    _store_credential(session, invitation, staff.id, step)
    _take_role(session, invitation, staff.id)
    return RecoveryCodes(recovery_codes=factors.renew_recovery_codes(session, staff.id))


def join(session: Session, principal: SessionPrincipal, code: str) -> None:
    """Give somebody who is signed in the role that an invitation offers; a second click changes nothing."""
    invitation = _by_code(session, code)
    staff = session.get_one(Staff, principal.staff_id)
    if invitation.used_at is not None and invitation.staff_id == staff.id:
        return
    # An invitation that the operator made for one person's own account carries no role to take.
    if invitation.email != staff.email or invitation.study_id is None or invitation.used_at is not None:
        raise InvitationNotValid
    _take_role(session, invitation, staff.id)


def _by_code(session: Session, code: str) -> StaffInvitation:
    """Return an invitation, locked until this transaction ends."""
    hashed = crypto.digest(crypto.normalise_code(code))
    invitation = session.exec(
        select(StaffInvitation).where(StaffInvitation.code_hash == hashed).with_for_update()
    ).one_or_none()
    if invitation is None or invitation.expires_at <= clock.now():
        raise InvitationNotValid
    return invitation


def _open(session: Session, code: str, attempt: UUID) -> StaffInvitation:
    """Return an invitation that this attempt may use; another attempt holds it for half an hour."""
    invitation = _by_code(session, code)
    held = invitation.attempted_at is not None and clock.now() - invitation.attempted_at < _HELD_FOR
    if invitation.used_at is not None or (held and invitation.attempt != attempt):
        raise InvitationNotValid
    # Who invites somebody learns the code: it must never open the account of somebody who is here already.
    if invitation.staff_id is None and service.find_staff(session, invitation.email):
        raise SignInFirst
    return invitation


def _name(session: Session, invitation: StaffInvitation, wanted: str | None) -> str:
    if invitation.staff_id is not None:
        return session.get_one(Staff, invitation.staff_id).name
    if wanted is None:
        raise Invalid(errors=[FieldError(pointer="/name", code="missing", message="Say who you are.")])
    return wanted


def _begin(session: Session, settings: Settings, invitation: StaffInvitation, attempt: UUID) -> None:
    key = crypto.new_wrapped_key(settings.master_keys)
    invitation.attempt, invitation.totp_key = attempt, key
    invitation.totp_sealed = crypto.encrypt(settings.master_keys, key, factors.new_totp())
    audit.record(
        session, Event.STAFF_ACCEPTED, ANONYMOUS, study_id=invitation.study_id, object_id=invitation.id
    )


def _secret(settings: Settings, invitation: StaffInvitation) -> str:
    if invitation.totp_sealed is None:
        raise InvitationNotValid
    return crypto.decrypt(settings.master_keys, invitation.totp_key, invitation.totp_sealed)


def _account(session: Session, invitation: StaffInvitation) -> Staff:
    if invitation.staff_id is not None:
        actor = Actor("staff", invitation.staff_id)
        audit.record(session, Event.STAFF_ACTIVATED, actor, object_id=invitation.staff_id)
        return session.get_one(Staff, invitation.staff_id)
    if service.find_staff(session, invitation.email):
        raise SignInFirst
    return service.add_staff(
        session,
        ANONYMOUS,
        invitation.email,
        invitation.name or "",
        administrator=invitation.is_administrator,
    )


def _store_credential(session: Session, invitation: StaffInvitation, staff_id: UUID, step: int) -> None:
    if invitation.password_hash is None or invitation.totp_key is None or invitation.totp_sealed is None:
        raise InvitationNotValid
    session.merge(
        StaffCredential(
            staff_id=staff_id,
            password_hash=invitation.password_hash,
            totp_key=invitation.totp_key,
            totp_sealed=invitation.totp_sealed,
            totp_last_step=step,
        )
    )
    invitation.password_hash = invitation.totp_key = invitation.totp_sealed = None


def _take_role(session: Session, invitation: StaffInvitation, staff_id: UUID) -> None:
    invitation.used_at, invitation.staff_id = clock.now(), staff_id
    if invitation.study_id is None or invitation.role is None:
        return
    if service.role_of(session, invitation.study_id, staff_id) is None:  # an invitation lowers nobody's role
        actor = Actor("staff", staff_id)
        service.set_role(session, actor, invitation.study_id, staff_id, invitation.role)


def _again(session: Session, settings: Settings, invitation: StaffInvitation, code: str) -> RecoveryCodes:
    """Answer a confirmation whose answer was lost: soon after, with the authenticator, before any sign-in."""
    used_at, staff_id = invitation.used_at, invitation.staff_id
    if used_at is None or staff_id is None or clock.now() - used_at > _REPEAT_WITHIN:
        raise InvitationNotValid
    signed_in = select(func.count()).where(
        StaffSession.staff_id == staff_id, col(StaffSession.created_at) >= used_at
    )
    credential = session.get(StaffCredential, staff_id)
    if credential is None or session.exec(signed_in).one():
        raise InvitationNotValid
    step = factors.totp_step(factors.totp_secret(settings, credential), code, clock.now())
    if step is None or step < credential.totp_last_step:
        raise OneTimeCodeWrong
    credential.totp_last_step = step
    audit.record(session, Event.RECOVERY_CODES_RENEWED, Actor("staff", staff_id), object_id=staff_id)
    return RecoveryCodes(recovery_codes=factors.renew_recovery_codes(session, staff_id))
