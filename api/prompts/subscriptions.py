"""Push subscriptions: one per device, sealed as contact data is, and retired when their push service says so."""

import json
from collections.abc import Collection
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from api.audit import service as audit
from api.audit.events import Event
from api.auth import sessions
from api.auth.principals import ParticipantPrincipal
from api.core import clock, crypto
from api.core.config import Settings
from api.core.crypto import KeyDestroyed
from api.participants import service as participants
from api.prompts import endpoints
from api.prompts.channels.base import Address
from api.prompts.models import PushSubscription
from api.prompts.problems import PushAddressNotAllowed, PushKeysNotValid
from api.prompts.push_keys import unwritten
from schemas.reminders import PushSubscriptionPut


def replace(
    session: Session, settings: Settings, principal: ParticipantPrincipal, wanted: PushSubscriptionPut
) -> None:
    """Store where this device receives push messages; sent again as it is, it changes nothing."""
    if not endpoints.is_allowed(settings, wanted.endpoint):
        raise PushAddressNotAllowed
    _require_keys(wanted)
    participants.lock_welcome(session, principal.participant_id)
    known = crypto.digest(wanted.endpoint)
    mine = session.exec(
        select(PushSubscription).where(PushSubscription.device_id == principal.device_id)
    ).first()
    if mine is not None and mine.retired_at is None and _opened(settings, mine) == wanted.model_dump():
        return
    # A browser belongs to whoever used it last: what it was subscribed for before must not be shown there.
    ended = (col(PushSubscription.endpoint_hash) == known) | (
        col(PushSubscription.device_id) == principal.device_id
    )
    session.execute(delete(PushSubscription).where(ended))
    wrapped = crypto.new_wrapped_key(settings.master_keys)
    session.add(
        PushSubscription(
            participant_id=principal.participant_id,
            device_id=principal.device_id,
            endpoint_hash=known,
            wrapped_key=wrapped,
            sealed=crypto.encrypt(settings.master_keys, wrapped, wanted.model_dump_json()),
        )
    )
    _record(session, Event.PUSH_SUBSCRIBED, principal)


def end(session: Session, principal: ParticipantPrincipal) -> None:
    """Forget where this device receives push messages."""
    mine = delete(PushSubscription).where(col(PushSubscription.device_id) == principal.device_id)
    if session.execute(mine).rowcount:  # type: ignore[attr-defined] # a DELETE's result counts its rows
        _record(session, Event.PUSH_ENDED, principal)


def addresses(session: Session, settings: Settings, participant_id: UUID) -> list[Address]:
    """Return where a participant's signed-in devices receive push messages."""
    devices = {device.id for device in sessions.devices(session, participant_id)}
    rows = session.exec(
        select(PushSubscription)
        .where(PushSubscription.participant_id == participant_id, col(PushSubscription.retired_at).is_(None))
        .order_by(col(PushSubscription.id))
    )
    found = [(row.id, _opened(settings, row)) for row in rows if row.device_id in devices]
    return [Address(json.dumps(one), row_id) for row_id, one in found if one is not None]


def retire(session: Session, dead: Collection[UUID]) -> None:
    """Send nothing more to addresses that their push service has ended (Outcome.dead)."""
    session.execute(
        update(PushSubscription).where(col(PushSubscription.id).in_(dead)).values(retired_at=clock.now())
    )


def _require_keys(wanted: PushSubscriptionPut) -> None:
    """Refuse keys for which nothing can be encrypted: the first reminder must not be the one to find out."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unwritten(wanted.p256dh))
        if len(unwritten(wanted.auth)) != 16:
            raise PushKeysNotValid
    except ValueError:
        raise PushKeysNotValid from None


def _opened(settings: Settings, row: PushSubscription) -> dict[str, str] | None:
    try:
        found: dict[str, str] = json.loads(crypto.decrypt(settings.master_keys, row.wrapped_key, row.sealed))
    except KeyDestroyed:
        return None
    return found


def _record(session: Session, event: Event, principal: ParticipantPrincipal) -> None:
    audit.record(
        session,
        event,
        principal.actor,
        study_id=principal.study_id,
        object_id=principal.device_id,
    )
