"""The links by which mails are stopped: signed, so that they need no session and no row, and good as long as the mail.

They are signed under a key of the service's own, which no rotation of the signing key or master key ends.
"""

from uuid import UUID

from api.core import crypto
from api.core.config import Settings

KEY = "stop_mail"
PATH = "/v1/reminders/stop/"


def address(settings: Settings, key: bytes, participant_id: UUID) -> str:
    """Return where a participant stops the mails."""
    return f"{settings.public_url.rstrip('/')}{PATH}{participant_id.hex}.{_mark(key, participant_id)}"


def read(key: bytes, token: str) -> UUID | None:
    """Return whose link this is, or None if we never made it."""
    who, _, found = token.partition(".")
    try:
        participant_id = UUID(who)
    except ValueError:
        return None
    return participant_id if crypto.is_mark(key, f"stop mail {participant_id}", found) else None


def _mark(key: bytes, participant_id: UUID) -> str:
    return crypto.mark(key, f"stop mail {participant_id}")
