"""A server that is broken on purpose: it shows an entry to whoever names it. The fuzzing of access must catch it."""

from uuid import UUID

from sqlmodel import Session

from api.core.problems import NotFound
from api.diary import service
from api.diary.models import Entry
from schemas.entry import EntryView
from scripts.cli import serve as real

_owners = service.one


def one_of_anybody(session: Session, participant_id: UUID, entry_id: UUID) -> EntryView:
    """Show an entry as its owner sees it."""
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise NotFound
    return _owners(session, entry.participant_id, entry_id)


def serve(host: str, port: int) -> None:
    """Serve the real application without one check of an owner."""
    vars(service)["one"] = one_of_anybody  # the one thing that is broken
    real.serve(host=host, port=port)
