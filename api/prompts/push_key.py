"""The service's public key for push: what a browser needs before it can subscribe."""

from sqlalchemy import Engine
from sqlmodel import Session

from api.core import db
from api.core.config import Settings
from api.core.jobs import chore
from api.core.service_keys import known_service_key
from api.prompts import push_keys


def push_public_key(session: Session, settings: Settings) -> str | None:
    """Return the public key, or None while push is not set up, or a key not made; for what only reads."""
    if not settings.push_contact or known_service_key(session, settings, push_keys.NAME) is None:
        return None
    return push_keys.public_key(session, settings)


@chore
def make_push_key(engine: Engine, settings: Settings) -> None:
    """Make the key once push is set up: who looks at reminders only reads, and could not keep it."""
    with db.reading(engine) as session:
        if not settings.push_contact or known_service_key(session, settings, push_keys.NAME) is not None:
            return
    with db.transaction(engine) as session:
        push_keys.public_key(session, settings)
