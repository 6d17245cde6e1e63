"""Second factors: an authenticator's codes and recovery codes, each good once."""

import hmac
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, update
from sqlmodel import Session, col

from api.auth.account_models import RecoveryCode, StaffCredential
from api.core import clock, crypto
from api.core.config import Settings

_SECONDS = 30
_EITHER_SIDE = 1  # steps by which a phone's clock may be off
_RECOVERY_CODES = 10
_RECOVERY_GROUPS = 6  # 117 bits: what is kept is a plain hash, from which a shorter code could be found


def new_totp() -> str:
    """Return a new secret for an authenticator, of 160 bits."""
    return pyotp.random_base32()


def totp_uri(secret: str, email: str) -> str:
    """Return what a QR code tells an authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Daybook")


def totp_step(secret: str, code: str, at: datetime) -> int | None:
    """Return the time step whose code this is, or None."""
    said, now = code.replace(" ", ""), int(at.timestamp()) // _SECONDS
    for step in range(now - _EITHER_SIDE, now + _EITHER_SIDE + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), said.encode()):
            return step
    return None


def totp_secret(settings: Settings, credential: StaffCredential) -> str:
    """Return the secret that a person's authenticator holds."""
    return crypto.decrypt(settings.master_keys, credential.totp_key, credential.totp_sealed)


def use(session: Session, settings: Settings, credential: StaffCredential, code: str) -> bool:
    """Use up a code of either kind; say whether it was good."""
    if len(code.replace(" ", "")) == 6:
        return _use_totp(session, settings, credential, code)
    return _use_recovery(session, credential.staff_id, code)


def _use_totp(session: Session, settings: Settings, credential: StaffCredential, code: str) -> bool:
    step = totp_step(totp_secret(settings, credential), code, clock.now())
    if step is None:
        return False
    # The database decides who of two was first: never check, then write.
    used = session.execute(
        update(StaffCredential)
        .where(
            col(StaffCredential.staff_id) == credential.staff_id, col(StaffCredential.totp_last_step) < step
        )
        .values(totp_last_step=step)
    )
    return bool(used.rowcount)  # type: ignore[attr-defined] # an UPDATE's result has one


def renew_recovery_codes(session: Session, staff_id: UUID) -> list[str]:
    """Make ten recovery codes in place of whatever is left of the old ones."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))
    codes = [crypto.new_code(_RECOVERY_GROUPS) for _ in range(_RECOVERY_CODES)]
    session.add_all(RecoveryCode(staff_id=staff_id, code_hash=crypto.digest(code)) for code in codes)
    return codes


def _use_recovery(session: Session, staff_id: UUID, code: str) -> bool:
    used = session.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.staff_id) == staff_id,
            col(RecoveryCode.code_hash) == crypto.digest(crypto.normalise_code(code)),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=clock.now())
    )
    return bool(used.rowcount)  # type: ignore[attr-defined] # as above
