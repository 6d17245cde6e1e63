"""A study's own secret: pseudonyms and imported names are derived of it, and so outlive a master key."""

from uuid import UUID

from sqlmodel import Session, select

from api.core import crypto
from api.core.config import Settings
from api.studies.models import Study, StudySecret


def study_secret(session: Session, settings: Settings, study_id: UUID) -> str:
    """Return a study's secret (256 bits, in hex); it is made when it is first asked for."""
    found = session.get(StudySecret, study_id)
    if found is None:
        locked = select(Study.id).where(Study.id == study_id).with_for_update(key_share=True)
        session.exec(locked).one()  # one of two makes it
        found = session.get(StudySecret, study_id)
    if found is None:
        found = StudySecret(study_id=study_id, wrapped_key=crypto.new_wrapped_key(settings.master_keys))
        session.add(found)
        session.flush()
    return crypto.open_key(settings.master_keys, found.wrapped_key).hex()
