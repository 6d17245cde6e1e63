"""Lets staff renew their recovery codes and replace their authenticator; each step may be repeated."""

from sqlmodel import Session, select

from api.audit import service as audit
from api.audit.events import Event
from api.auth import factors, staff_sessions
from api.auth.account_models import StaffCredential
from api.auth.models import Staff
from api.auth.principals import SessionPrincipal
from api.auth.problems import OfferNotValid, OneTimeCodeWrong
from api.core import clock, crypto
from api.core.config import Settings
from schemas.staff import AuthenticatorConfirm, AuthenticatorOffer, RecoveryCodes

_OFFER, _MINUTES = "authenticator", 15


def recovery_codes(session: Session, principal: SessionPrincipal) -> RecoveryCodes:
    """Make new recovery codes; whoever lost the answer asks again, and gets others."""
    audit.record(session, Event.RECOVERY_CODES_RENEWED, principal.actor, object_id=principal.staff_id)
    return RecoveryCodes(recovery_codes=factors.renew_recovery_codes(session, principal.staff_id))


def offer(session: Session, settings: Settings, principal: SessionPrincipal) -> AuthenticatorOffer:
    """Return a secret for another authenticator, signed, so that nothing needs to be stored until it is confirmed."""
    secret, staff = factors.new_totp(), session.get_one(Staff, principal.staff_id)
    key = settings.signing_key.get_secret_value()
    signed = crypto.sign(key, _OFFER, principal.staff_id, _MINUTES, secret=secret)
    return AuthenticatorOffer(secret=secret, uri=factors.totp_uri(secret, staff.email), offer=signed)


def replace(
    session: Session, settings: Settings, principal: SessionPrincipal, wanted: AuthenticatorConfirm
) -> None:
    """Put the offered authenticator in the place of the old one; a repeat finds it there and changes nothing.

    The session keeps its secret: a browser that lost the answer must be able to repeat the request.
    """
    secret = _offered(settings, principal, wanted.offer)
    step = factors.totp_step(secret, wanted.one_time_code, clock.now())
    if step is None:
        raise OneTimeCodeWrong
    mine = select(StaffCredential).where(StaffCredential.staff_id == principal.staff_id)
    credential = session.exec(mine.with_for_update()).one()
    if factors.totp_secret(settings, credential) == secret:
        return
    key = crypto.new_wrapped_key(settings.master_keys)
    credential.totp_key, credential.totp_last_step = key, step
    credential.totp_sealed = crypto.encrypt(settings.master_keys, key, secret)
    staff_sessions.end_all(session, principal.staff_id, but=principal.session.id)
    audit.record(session, Event.AUTHENTICATOR_REPLACED, principal.actor, object_id=principal.staff_id)


def _offered(settings: Settings, principal: SessionPrincipal, signed: str) -> str:
    try:
        claims = crypto.verify(settings.signing_keys, _OFFER, signed)
    except crypto.BadToken as error:
        raise OfferNotValid from error
    if claims["sub"] != str(principal.staff_id):
        raise OfferNotValid
    return str(claims["secret"])
