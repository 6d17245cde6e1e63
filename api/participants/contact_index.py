"""Finds a participant by the e-mail address that they type, though what is kept of it is encrypted.

Beside the sealed contact stands a keyed digest of the address; empty where there is no address, null until it is made.
"""

import unicodedata

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from api.core import crypto, db
from api.core.config import Settings
from api.core.jobs import chore
from api.core.service_keys import service_key
from api.participants.models import Contact
from schemas.participant import ContactPut

_KEY = "contact_index"
_AT_A_TIME = 500
NO_ADDRESS = ""


def hash_of(session: Session, settings: Settings, email: str | None) -> str:
    """Return what an address is found by: capitals and the ways of writing an accent make no difference."""
    if not email:
        return NO_ADDRESS
    written = unicodedata.normalize("NFKC", email.strip()).casefold()
    return crypto.authenticate(service_key(session, settings, _KEY), written)


@chore
def fill_in(engine: Engine, settings: Settings) -> None:
    """Make the digests of contacts that were stored before there were any."""
    with db.transaction(engine) as session:
        missing = select(Contact).where(col(Contact.email_hash).is_(None), col(Contact.sealed).is_not(None))
        for row in session.exec(missing.limit(_AT_A_TIME)).all():
            session.execute(
                update(Contact)
                .where(
                    col(Contact.participant_id) == row.participant_id,
                    col(Contact.changed_at) == row.changed_at,  # or whoever changed it has made it
                    col(Contact.sealed).is_not(None),
                )
                .values(email_hash=hash_of(session, settings, _email(settings, row)))
                .execution_options(synchronize_session=False)
            )


def _email(settings: Settings, row: Contact) -> str | None:
    try:
        text = crypto.decrypt(settings.master_keys, row.wrapped_key, row.sealed or b"")
    except crypto.KeyDestroyed:
        return None
    return ContactPut.model_validate_json(text).email
