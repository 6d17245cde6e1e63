"""Participants' device sessions: start, refresh, list, revoke.

A refresh token is used once and answered with its successor. A phone that loses the answer on a train repeats the
same token and, within a grace, gets the same successor: it is kept sealed under the token itself, so that nobody can
read it from the database. Any other use of a spent token means that two hold it, and ends the session for both. All
tokens of a device begin with the same secret, so a spent one is known however old it is: `family` or `family.rest`.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, or_
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import ANONYMOUS, Actor
from api.auth import device_codes
from api.auth.models import Device
from api.auth.principals import ParticipantPrincipal
from api.auth.problems import SessionEnded
from api.core import clock, crypto, ledger
from api.core.config import Settings
from api.core.db import columns_of, transaction
from api.core.ledger import Line
from api.core.problems import NotFound
from schemas.session import DeviceView, SessionTokens, SignedInDevice

ACCESS = "access"
# The devices that are signed in. Asked by every batch of entries.
SIGNED_IN: Select[*tuple[Any, ...]] = core_select(
    col(Device.id).label("device_id"), col(Device.participant_id)
).where(col(Device.id).in_(bindparam("devices", expanding=True)), col(Device.revoked_at).is_(None))


def start(
    session: Session, settings: Settings, participant_id: UUID, study_id: UUID, name: str
) -> SessionTokens:
    """Sign a participant in on a new device."""
    refresh = crypto.new_secret("dbr")
    device = Device(
        participant_id=participant_id, study_id=study_id, name=name, refresh_hash=crypto.digest(refresh)
    )
    session.add(device)
    session.flush()
    return _tokens(settings, device, refresh)


def refresh(session: Session, settings: Settings, token: str) -> SessionTokens:
    """Give a device its next tokens; a repeat within the grace gets the same, a later one ends the session."""
    device, spent, now = _by_family(session, token), crypto.digest(token), clock.now()
    if device is None or device.revoked_at is not None:
        raise SessionEnded
    device.last_seen_at = now
    if spent == device.refresh_hash:
        return _tokens(settings, device, _rotate(device, token))
    grace = timedelta(seconds=settings.refresh_grace)
    if (
        spent == device.parent_hash
        and device.successor
        and device.rotated_at
        and now - device.rotated_at < grace
    ):
        return _tokens(settings, device, crypto.open_under(token, device.successor))
    if _was_restored_since(session, device):
        return _tokens(settings, device, _rotate(device, token))
    _end_reused(session, device.id)
    raise SessionEnded


def claims(settings: Settings, token: str) -> ParticipantPrincipal:
    """Return whom an access token names; whether the device is still signed in is for the caller to see."""
    try:
        found = crypto.verify(settings.signing_keys, ACCESS, token)
        return ParticipantPrincipal(UUID(found["sub"]), UUID(found["study"]), UUID(found["device"]))
    except (crypto.BadToken, KeyError, ValueError) as error:
        raise SessionEnded from error


def require_signed_in(session: Session, principal: ParticipantPrincipal) -> ParticipantPrincipal:
    """Refuse a device that was signed out since its token was made."""
    device = session.get(Device, principal.device_id)
    if device is None or device.revoked_at is not None or device.participant_id != principal.participant_id:
        raise SessionEnded
    return principal


def devices(session: Session, participant_id: UUID) -> Sequence[Device]:
    """List the devices on which a participant is signed in, oldest first."""
    mine = col(Device.participant_id) == participant_id
    return session.exec(
        select(Device).where(mine, col(Device.revoked_at).is_(None)).order_by(col(Device.id))
    ).all()


def device_views(session: Session, principal: ParticipantPrincipal) -> list[DeviceView]:
    """Show a participant their devices."""
    return [
        DeviceView(
            id=device.id,
            name=device.name,
            signed_in_at=device.created_at,
            last_seen_at=device.last_seen_at,
            this_device=device.id == principal.device_id,
        )
        for device in devices(session, principal.participant_id)
    ]


def signed_in(session: Session, participant_id: UUID) -> list[SignedInDevice]:
    """Show a coordinator a participant's devices."""
    return [
        SignedInDevice(id=device.id, signed_in_at=device.created_at, last_seen_at=device.last_seen_at)
        for device in devices(session, participant_id)
    ]


def revoke(session: Session, actor: Actor, participant_id: UUID, device_id: UUID) -> None:
    """Sign one of a participant's devices out, at once; a code that it may have made is worth nothing any more."""
    device_codes.end(session, participant_id)
    device = session.get(Device, device_id, with_for_update=True, populate_existing=True)
    if device is None or device.participant_id != participant_id:
        raise NotFound
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        audit.record(session, Event.DEVICE_REVOKED, actor, study_id=device.study_id, object_id=device_id)
        ledger.note(session, Event.DEVICE_REVOKED, {"device_id": device_id})


@ledger.redoes(Event.DEVICE_REVOKED)
def _revoke_again(session: Session, line: Line) -> bool:
    device = session.get(Device, line.id("device_id"))
    if device is None or device.revoked_at is not None:
        return False
    device_codes.end(session, device.participant_id)
    device.revoked_at = line.at
    return True


def start_again(
    session: Session, settings: Settings, participant_id: UUID, study_id: UUID, name: str
) -> SessionTokens:
    """Sign a participant in whose phone never got what signed it in; that serves nobody any more."""
    device_codes.end(session, participant_id)
    return _replace(session, settings, devices(session, participant_id), participant_id, study_id, name)


def start_instead(session: Session, settings: Settings, device_id: UUID, name: str) -> SessionTokens | None:
    """Sign in on a phone that never got what signed it in as this device; None if that was signed out since."""
    lost = session.get(Device, device_id, with_for_update=True, populate_existing=True)
    if lost is None or lost.revoked_at is not None:
        return None
    return _replace(session, settings, [lost], lost.participant_id, lost.study_id, name)


def _replace(
    session: Session,
    settings: Settings,
    lost: Sequence[Device],
    participant_id: UUID,
    study_id: UUID,
    name: str,
) -> SessionTokens:
    for device in lost:
        device.revoked_at = clock.now()
    tokens = start(session, settings, participant_id, study_id, name)
    audit.record(
        session,
        Event.DEVICE_REPLACED,
        Actor("participant", participant_id),
        study_id=study_id,
        object_id=tokens.device_id,
        count=len(lost),
    )
    ledger.note(session, Event.DEVICE_REVOKED, *({"device_id": device.id} for device in lost))
    return tokens


def told(session: Session, participant_id: UUID) -> list[dict[str, Any]]:
    """Tell a participant every device that is held of them, those signed out too."""
    mine = select(Device).where(Device.participant_id == participant_id).order_by(col(Device.id))
    secret = {"refresh_hash", "family_hash", "parent_hash", "successor", "participant_id", "study_id"}
    return [columns_of(row, but=secret) for row in session.exec(mine)]


def erase_all(session: Session, participant_id: UUID) -> int:
    """Forget a participant's devices, which signs them out; return how many there were."""
    device_codes.end(session, participant_id)
    gone = session.execute(delete(Device).where(col(Device.participant_id) == participant_id))
    count: int = gone.rowcount  # type: ignore[attr-defined] # a DELETE's result counts its rows
    return count


def _by_family(session: Session, token: str) -> Device | None:
    """Return the device that a token was made for, spent or not; who refreshes at the same moment waits."""
    family = crypto.digest(token.partition(".")[0])
    # Until its first refresh a device's token is the family's secret and nothing more.
    named = or_(col(Device.family_hash) == family, col(Device.refresh_hash) == family)
    return session.exec(select(Device).where(named).with_for_update()).one_or_none()


def _was_restored_since(session: Session, device: Device) -> bool:
    """Say whether a restore took away what became of a device's tokens: then any of them is believed once."""
    restored = audit.last_at(session, Event.BACKUP_RESTORED)
    return restored is not None and restored >= (device.rotated_at or device.created_at)


def _rotate(device: Device, token: str) -> str:
    """Spend a device's token, and return the successor."""
    family = token.partition(".")[0]
    successor = crypto.new_successor(family)
    device.family_hash, device.parent_hash = crypto.digest(family), crypto.digest(token)
    device.refresh_hash, device.successor = crypto.digest(successor), crypto.seal_under(token, successor)
    device.rotated_at = clock.now()
    return successor


def _end_reused(session: Session, device_id: UUID) -> None:
    session.rollback()  # gives the row and SQLite's write lock back before the short transaction below takes them
    with transaction(session.get_bind().engine) as own:
        if known := own.get(Device, device_id):
            device_codes.end(own, known.participant_id)  # before the device: one order of locking for all
        device = own.get(Device, device_id, with_for_update=True, populate_existing=True)
        if device is not None and device.revoked_at is None:
            device.revoked_at = clock.now()
            audit.record(
                own, Event.DEVICE_TOKEN_REUSED, ANONYMOUS, study_id=device.study_id, object_id=device_id
            )
            ledger.note(own, Event.DEVICE_REVOKED, {"device_id": device_id})


def _tokens(settings: Settings, device: Device, refresh_token: str) -> SessionTokens:
    access = crypto.sign(
        settings.signing_key.get_secret_value(),
        ACCESS,
        device.participant_id,
        settings.session_minutes,
        study=str(device.study_id),
        device=str(device.id),
    )
    return SessionTokens(
        access_token=access,
        expires_in=settings.session_minutes * 60,
        refresh_token=refresh_token,
        device_id=device.id,
    )
