"""What a phone asks for, read and checked, ready for the writer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.auth.principals import ParticipantPrincipal
from api.core import crypto
from api.core.problems import Invalid
from api.instruments.catalogue import Published
from schemas.entry import EntryPut, EntryReceipt


@dataclass(frozen=True)
class Put:
    """Store this entry, whose answers fit their instrument."""

    principal: ParticipantPrincipal
    id: UUID
    entry: EntryPut
    content: bytes
    content_hash: str
    instrument_version_id: UUID
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Delete:
    """Delete this entry for good."""

    principal: ParticipantPrincipal
    id: UUID


Operation = Put | Delete


@dataclass(frozen=True)
class Applied:
    """What became of an operation: 201 new, 200 known or edited, 204 deleted."""

    status: int
    receipt: EntryReceipt | None = None


def prepare(
    principal: ParticipantPrincipal,
    entry_id: UUID,
    entry: EntryPut,
    content: bytes,
    published: Published,
    sent_at: datetime | None,
) -> Put:
    """Check an entry's answers against its instrument, or raise Invalid."""
    if errors := published.definition.validate_answers(entry.kind, entry.answers):
        raise Invalid(errors=errors)
    return Put(principal, entry_id, entry, content, crypto.content_hash(content), published.id, sent_at)
