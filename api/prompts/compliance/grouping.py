"""What figures are grouped by: the keys of the database, and how a key is told as a row."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import polars as pl

from api.prompts.compliance.figures import Counted, total
from api.prompts.compliance.ledger import COLUMNS
from api.prompts.compliance.schedules import Known
from api.prompts.compliance.waves import wave, week
from api.studies.models import Study
from schemas.compliance import ComplianceRow, Grouping

_ASKED = (pl.col("schedule"), pl.col("instrument"), pl.col("kind"))
_IN_NO_WAVE = (
    "Prompts of a schedule without bursts, outside of its bursts or of no schedule are in no wave: "
    "they are grouped by study week."
)


@dataclass(frozen=True)
class Group(ABC):
    """One way of grouping; `columns` are the row's own columns in a table."""

    study: Study
    known: Mapping[UUID, Known]
    columns: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def keys(self) -> Sequence[pl.Expr]:
        """Return what the database groups by."""

    def rows(self, counted: Iterable[Counted], _people: Sequence[UUID]) -> list[ComplianceRow]:
        """Tell the groups as rows."""
        return [self.row(one) for one in counted]

    @abstractmethod
    def row(self, of: Counted) -> ComplianceRow:
        """Tell a group as a row."""

    def notes(self, _rows: Sequence[ComplianceRow]) -> list[str]:
        """Say what a reader of the rows must know."""
        return []

    def _schedule(self, schedule_id: str | None) -> str | None:
        found = self.known.get(UUID(schedule_id)) if schedule_id else None
        return found.key if found else None


class ByParticipant(Group):
    """A row for each participant, those without prompts too."""

    columns = ("participant_id", "last_answered_on")

    def keys(self) -> Sequence[pl.Expr]:
        """Return the participant."""
        return [pl.col("participant")]

    def rows(self, counted: Iterable[Counted], people: Sequence[UUID]) -> list[ComplianceRow]:
        """Tell these people, in their order."""
        found = {row.participant_id: row for row in map(self.row, counted)}
        nothing = total(pl.DataFrame(schema=COLUMNS))
        return [found.get(one) or ComplianceRow(participant_id=one, figures=nothing) for one in people]

    def row(self, of: Counted) -> ComplianceRow:
        """Tell a participant by their pseudonymous id."""
        return ComplianceRow(
            participant_id=UUID(of.key[0]), last_answered_on=of.last_answered_on, figures=of.figures
        )


class ByDay(Group):
    """A row for each day of the participants' own calendars."""

    columns = ("day",)

    def keys(self) -> Sequence[pl.Expr]:
        """Return the local day."""
        return [pl.col("day")]

    def row(self, of: Counted) -> ComplianceRow:
        """Tell a day."""
        return ComplianceRow(day=of.key[0], figures=of.figures)


class BySchedule(Group):
    """A row for each schedule, and one for each instrument and kind without one."""

    columns = ("schedule", "instrument", "kind")

    def keys(self) -> Sequence[pl.Expr]:
        """Return the schedule and what it asks for."""
        return _ASKED

    def row(self, of: Counted) -> ComplianceRow:
        """Tell a schedule by its key."""
        schedule_id, instrument, kind = of.key
        told = self._schedule(schedule_id)
        return ComplianceRow(schedule=told, instrument=instrument, kind=kind, figures=of.figures)

    def notes(self, rows: Sequence[ComplianceRow]) -> list[str]:
        """Say what stands in a row without a schedule."""
        imported = any(row.schedule is None for row in rows)
        return ["Prompts of no schedule are grouped by instrument and kind."] if imported else []


class ByWave(Group):
    """A row for each burst of each schedule, and one for each study week of what is in none."""

    columns = ("schedule", "instrument", "kind", "wave", "week")

    def keys(self) -> Sequence[pl.Expr]:
        """Return the schedule, what it asks for, and the wave or the week."""
        number = wave(self.known.values())
        return [*_ASKED, number, week(self.study, number)]

    def row(self, of: Counted) -> ComplianceRow:
        """Tell a wave or a week of a schedule."""
        schedule_id, instrument, kind, wave_number, week_number = of.key
        return ComplianceRow(
            schedule=self._schedule(schedule_id),
            instrument=instrument,
            kind=kind,
            wave=wave_number,
            week=week_number,
            figures=of.figures,
        )

    def notes(self, rows: Sequence[ComplianceRow]) -> list[str]:
        """Say what stands in a row without a wave."""
        if all(row.wave for row in rows):
            return []
        return [_IN_NO_WAVE]


GROUPS: Mapping[Grouping, type[Group]] = {
    Grouping.PARTICIPANT: ByParticipant,
    Grouping.DAY: ByDay,
    Grouping.SCHEDULE: BySchedule,
    Grouping.WAVE: ByWave,
}
