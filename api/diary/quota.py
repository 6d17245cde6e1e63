"""How many new entries one leader may store in a day: far above what anybody writes, against a phone that runs away.

Each process counts what its own writer makes, in memory, so that it costs no statement; a restart begins at nothing.
"""

import math
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from api.diary.problems import TooManyEntries


class Quota:
    """Counts new entries of a day, in UTC; used by the one writer's thread alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._day: date | None = None
        self._made: dict[UUID, set[UUID]] = {}

    def admit(self, participant_id: UUID, entry_id: UUID, now: datetime) -> None:
        """Count a new entry, once however often it is tried, or raise TooManyEntries."""
        if now.date() != self._day:
            self._day, self._made = now.date(), {}
        made = self._made.setdefault(participant_id, set())
        if entry_id not in made and len(made) >= self._most:
            midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
            raise TooManyEntries(retry_after=math.ceil((midnight - now).total_seconds()))
        made.add(entry_id)
