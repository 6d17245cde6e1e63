"""Participants' device sessions: start, refresh, list, revoke."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.auth.models import Device
from api.auth.principals import ParticipantPrincipal
from api.auth.problems import SessionEnded
from api.core import clock, crypto, ledger
from api.core.config import Settings
from api.core.db import columns_of
from api.core.ledger import Line
from api.core.problems import NotFound
from schemas.session import DeviceView, SessionTokens

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
    """Give a signed-in device a new access token."""
    device = session.exec(select(Device).where(Device.refresh_hash == crypto.digest(token))).one_or_none()
    if device is None or device.revoked_at is not None:
        raise SessionEnded
    device.last_seen_at = clock.now()
    return _tokens(settings, device, token)


def claims(settings: Settings, token: str) -> ParticipantPrincipal:
    """Return whom an access token names; whether the device is still signed in is for the caller to see."""
    try:
        found = crypto.verify(settings.signing_key.get_secret_value(), ACCESS, token)
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


def revoke(session: Session, principal: ParticipantPrincipal, device_id: UUID) -> None:
    """Sign one of a participant's own devices out, at once."""
    device = session.get(Device, device_id)
    if device is None or device.participant_id != principal.participant_id:
        raise NotFound
    if device.revoked_at is None:
        device.revoked_at = clock.now()
        audit.record(
            session, Event.DEVICE_REVOKED, principal.actor, study_id=principal.study_id, object_id=device_id
        )
        ledger.note(session, Event.DEVICE_REVOKED, {"device_id": device_id})


@ledger.redoes(Event.DEVICE_REVOKED)
def _revoke_again(session: Session, line: Line) -> bool:
    device = session.get(Device, line.id("device_id"))
    if device is None or device.revoked_at is not None:
        return False
    device.revoked_at = line.at
    return True


def revoke_all(session: Session, participant_id: UUID) -> None:
    """Sign a participant out everywhere."""
    session.execute(
        update(Device)
        .where(col(Device.participant_id) == participant_id, col(Device.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )


def told(session: Session, participant_id: UUID) -> list[dict[str, Any]]:
    """Tell a participant every device that is held of them, those signed out too."""
    mine = select(Device).where(Device.participant_id == participant_id).order_by(col(Device.id))
    secret = {"refresh_hash", "participant_id", "study_id"}
    return [columns_of(row, but=secret) for row in session.exec(mine)]


def erase_all(session: Session, participant_id: UUID) -> int:
    """Forget a participant's devices, which signs them out; return how many there were."""
    gone = session.execute(delete(Device).where(col(Device.participant_id) == participant_id))
    count: int = gone.rowcount  # type: ignore[attr-defined] # a DELETE's result counts its rows
    return count


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
