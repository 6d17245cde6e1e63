"""Keys of the service's own: made when first needed, wrapped by the master key, and kept through its rotations."""

from sqlmodel import Session

from api.core import crypto
from api.core.config import Settings
from api.core.db import insert_new
from api.core.models import ServiceKey


def service_key(session: Session, settings: Settings, name: str) -> bytes:
    """Return the 256-bit key of a name; of two that make it at the same time, one does."""
    found = session.get(ServiceKey, name)
    if found is None:
        insert_new(
            session, ServiceKey, {"name": name, "wrapped_key": crypto.new_wrapped_key(settings.master_keys)}
        )
        found = session.get_one(ServiceKey, name)
    return crypto.open_key(settings.master_keys, found.wrapped_key)


def known_service_key(session: Session, settings: Settings, name: str) -> bytes | None:
    """Return the key of a name if it was ever needed; for what only reads."""
    found = session.get(ServiceKey, name)
    return crypto.open_key(settings.master_keys, found.wrapped_key) if found else None
