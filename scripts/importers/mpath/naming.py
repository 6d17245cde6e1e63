"""Names what is imported so that a second import finds it again, and nobody can look it up in m-Path.

Every name is a keyed hash of what m-Path calls the thing: with the export alone it cannot be recomputed.
Ids look like UUIDv7, as phones make them, because lists and cursors are in the order of ids: the instant in
milliseconds stands in the top 48 bits, hash bits in the rest. (UUIDv5 is deterministic but has no order.)
"""

from datetime import datetime
from uuid import UUID

from api.core import crypto
from api.core.ids import shaped


class Names:
    """The names of one study's imported things."""

    def __init__(self, secret: str, study_id: UUID) -> None:
        self._secret = secret
        self._study = str(study_id)

    def person_ref(self, connection: str) -> str:
        """Return the reference by which a participant is found again."""
        return "mpath:" + crypto.opaque(self._hash("reference", connection))

    def person_id(self, connection: str, study_created: datetime) -> UUID:
        """Return a participant's id: it outlives the erasure of their reference, so that nobody returns."""
        return shaped(study_created, self._hash("participant", connection))

    def occasion(self, connection: str, beep: str) -> str:
        """Name the occasion of a prompt."""
        return "mpath:" + crypto.opaque(self._hash("occasion", connection, beep))

    def prompt_id(self, connection: str, beep: str, planned: datetime) -> UUID:
        """Return the id of a prompt."""
        return shaped(planned, self._hash("prompt", connection, beep))

    def entry_id(self, connection: str, beep: str, started: datetime, number: int) -> UUID:
        """Return the id of an entry; rows of one beep and one instant are told apart by their number."""
        return shaped(started, self._hash("entry", connection, beep, started.isoformat(), str(number)))

    def _hash(self, *parts: str) -> bytes:
        return crypto.derive(self._secret, "import", "mpath", self._study, *parts)
