"""One-time codes by which a participant signs in on another device; kept as hashes, one at a time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.auth.models import DeviceCode
from api.core import clock, crypto
from api.core.db import columns_of
from api.core.ids import new_id

GOOD_FOR = timedelta(minutes=10)
_REPEAT_WITHIN = timedelta(minutes=10)


def make(
    session: Session,
    participant_id: UUID,
    study_id: UUID,
    *,
    code: str | None = None,
    code_id: UUID | None = None,
) -> tuple[DeviceCode, str]:
    """Make a participant's code, which ends the one before; the caller holds the participant's lock.

    One that goes by mail is drawn before, as it stands in the mail already, and has the id of what asked for it.
    """
    end(session, participant_id)
    code = code or crypto.new_code()
    made = DeviceCode(
        id=code_id or new_id(),
        participant_id=participant_id,
        study_id=study_id,
        code_hash=crypto.digest(code),
        expires_at=clock.now() + GOOD_FOR,
    )
    session.add(made)
    session.flush()
    return made, code


def open_code(session: Session, participant_id: UUID) -> DeviceCode | None:
    """Return a participant's code if somebody could still sign in with it."""
    mine = session.exec(select(DeviceCode).where(DeviceCode.participant_id == participant_id)).first()
    return mine if mine is not None and is_open(mine) else None


def owner(session: Session, code: str) -> UUID | None:
    """Return whose code this is, used or not."""
    return session.exec(select(DeviceCode.participant_id).where(DeviceCode.code_hash == _hash(code))).first()


def lock(session: Session, code: str) -> DeviceCode | None:
    """Return what is stored of a code as it is now, and keep it so until this transaction ends."""
    mine = select(DeviceCode).where(DeviceCode.code_hash == _hash(code)).with_for_update()
    return session.exec(mine).one_or_none()


def is_open(found: DeviceCode) -> bool:
    """Say whether a code was not used and has not expired."""
    return found.used_at is None and clock.now() < found.expires_at


def is_repeat(found: DeviceCode, attempt: UUID) -> bool:
    """Say whether this attempt used the code a moment ago: its answer was lost on the way."""
    used = found.used_at
    return used is not None and found.attempt == attempt and clock.now() - used < _REPEAT_WITHIN


def end(session: Session, participant_id: UUID) -> None:
    """Make a participant's code useless."""
    session.execute(delete(DeviceCode).where(col(DeviceCode.participant_id) == participant_id))


def told(session: Session, participant_id: UUID) -> list[dict[str, Any]]:
    """Tell a participant which code is held of them, without the code."""
    mine = select(DeviceCode).where(DeviceCode.participant_id == participant_id)
    secret = {"code_hash", "attempt", "participant_id", "study_id"}
    return [columns_of(row, but=secret) for row in session.exec(mine)]


def _hash(code: str) -> str:
    return crypto.digest(crypto.normalise_code(code))
