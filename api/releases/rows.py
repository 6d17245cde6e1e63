"""Steps 5 and 6: writes entries as lines, with coarse times, coded answers and pseudonyms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Row

from api.releases.cells import csv_line
from api.releases.coarsening import local_time, study_week, time_of_day
from api.releases.columns import Plan
from api.releases.pseudonyms import pseudonym
from api.releases.snapshot import Frozen


@dataclass(frozen=True)
class Scope:
    """The keys of a release's pseudonyms: of people per recipient and purpose, of entries per release."""

    participant_key: bytes
    entry_key: bytes

    def participant(self, participant_id: UUID) -> str:
        """Return a participant's pseudonym."""
        return pseudonym(self.participant_key, str(participant_id))

    def entry(self, entry_id: UUID) -> str:
        """Return an entry's pseudonym: its own id tells when it was made."""
        return pseudonym(self.entry_key, str(entry_id))


class EntryRows:
    """Writes the entries of one release."""

    def __init__(self, view: Frozen, plan: Plan, scope: Scope) -> None:
        self._plan = plan
        self._scope = scope
        self._starts_on = view.starts_on
        self._people = {who: scope.participant(who) for who in view.attributes}
        self._versions = {v.id: (v.definition.key, str(v.definition.version)) for v in view.versions}

    def lines(self, entries: Sequence[tuple[Row[Any], bytes]]) -> list[str]:
        """Write some entries, each with its content."""
        return [csv_line(self._cells(row, content)) for row, content in entries]

    def _cells(self, row: Row[Any], content: bytes) -> list[str]:
        cells = [
            self._scope.entry(row.id),
            self._people[row.participant_id],
            *self._versions[row.instrument_version_id],
            row.kind,
            study_week(row.local_date, self._starts_on),
            time_of_day(local_time(row.happened_at, row.time_zone)),
            row.entered_by,
            self._scope.entry(row.follows) if row.follows else "",
        ]
        cells += [""] * len(self._plan.columns)
        slots = self._plan.slots[row.instrument_version_id]
        for key, answer in from_json(content)["answers"].items():
            if slot := slots.get(key):
                for place, cell in zip(slot.places, slot.cells(answer, self._starts_on), strict=True):
                    cells[place] = cell
        return cells
