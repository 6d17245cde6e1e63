"""Imports all rows of one person: their prompts first, then their entries in batches."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from api.auth.principals import ParticipantPrincipal
from api.core.problems import Problem
from api.diary import sync
from api.diary.operations import Applied, Put
from api.diary.problems import EntryConflict
from api.instruments.catalogue import Published
from scripts.importers.mpath import entries
from scripts.importers.mpath.forms import is_answered, is_planned
from scripts.importers.mpath.instants import BadRow, Times, times
from scripts.importers.mpath.instrument import Mapping
from scripts.importers.mpath.ledger import Ledger, correct_times
from scripts.importers.mpath.naming import Names
from scripts.importers.mpath.reading import Row
from scripts.importers.mpath.report import Outcome, Report

BATCH = 200
CHANGED = "entries that differ from the file: left as they are"
_Beep = tuple[str, datetime | None]


@dataclass(frozen=True)
class Job:
    """What every person's import needs."""

    session: Session
    mapping: Mapping
    published: Published
    names: Names
    home: str
    report: Report
    advance: Callable[[int], None]


@dataclass
class Person:
    """One person's rows on their way in."""

    job: Job
    connection: str
    principal: ParticipantPrincipal
    ledger: Ledger
    seen: Counter[_Beep] = field(default_factory=Counter)
    repeated: set[frozenset[tuple[str, str]]] = field(default_factory=set)
    waiting: list[tuple[Row, Put, Times]] = field(default_factory=list)

    def take(self, rows: Sequence[Row]) -> None:
        """Import rows, the answered ones first: a beep that was answered was not missed."""
        for row in sorted(rows, key=is_answered, reverse=True):
            try:
                self._take_one(row)
            except BadRow as bad:
                self.job.report.refuse(row["questionListName"], row.line, str(bad))
        self.ledger.store()
        for batch in _batches(self.waiting):
            self._apply(batch)
        self.job.advance(len(rows))

    def _take_one(self, row: Row) -> None:
        cells = frozenset(row.cells.items())
        if cells in self.repeated:
            raise BadRow("the very same row stands in the file before")
        self.repeated.add(cells)
        if row["questionListName"] not in self.job.mapping.lists:
            raise BadRow("it names no questionnaire")
        at = times(row)
        if is_planned(row) and at.planned is None:
            raise BadRow("it was planned, but its time is missing")
        if is_answered(row):
            self._entry(row, at)
        elif is_planned(row):
            _, new = self._prompt(row, at)
            self.job.report.settle(row["questionListName"], Outcome.MISSED if new else Outcome.MISSED_THERE)
        else:
            raise BadRow("it was neither planned nor answered")

    def _entry(self, row: Row, at: Times) -> None:
        job = self.job
        if at.started is None:
            raise BadRow("one of its times is not a time")
        place = entries.place_of(job.home, at)
        raw = entries.body(
            job.mapping, job.published, row, at, place, entries.answers(job.mapping, row, job.report)
        )
        if is_planned(row):
            raw["prompt_id"] = str(self._prompt(row, at)[0])
        beep = row["sentBeepId"] or row["scheduledBeepId"]
        self.seen[beep, at.started] += 1
        entry_id = job.names.entry_id(self.connection, beep, at.started, self.seen[beep, at.started])
        self.waiting.append((row, entries.operation(self.principal, entry_id, raw, job.published), at))
        job.report.zones[place] += 1

    def _prompt(self, row: Row, at: Times) -> tuple[UUID, bool]:
        kind = self.job.mapping.lists[row["questionListName"]].kind
        return self.ledger.plan(row, at, self.job.home, (self.job.mapping.key, kind))

    def _apply(self, batch: Sequence[tuple[Row, Put, Times]]) -> None:
        results = sync.apply(self.job.session.connection(), [put for _, put, _ in batch])
        answered = []
        for (row, put, at), result in zip(batch, results, strict=True):
            self._settle(row, put, result)
            if isinstance(result, Applied) and result.status == 201 and put.entry.prompt_id and at.started:
                answered.append((put.entry.prompt_id, put.id, at.started, put.entry.made_at))
        correct_times(self.job.session, answered)

    def _settle(self, row: Row, put: Put, result: Applied | Problem) -> None:
        report, name = self.job.report, row["questionListName"]
        if isinstance(result, Applied):
            report.settle(name, Outcome.ENTRY if result.status == 201 else Outcome.ENTRY_THERE)
        elif isinstance(result, EntryConflict):
            report.settle(name, Outcome.ENTRY_THERE)
            if _differs(put, result):
                report.facts[CHANGED] = int(report.facts.get(CHANGED, 0)) + 1
        else:
            report.refuse(name, row.line, result.title)


def _differs(put: Put, conflict: EntryConflict) -> bool:
    """Say whether a stored entry says something else: edited since on a phone, or mapped otherwise then."""
    stored, ours = conflict.extra["stored"]["entry"], put.entry.model_dump(mode="json")
    return any(stored[name] != ours[name] for name in ours if name != "version")


def _batches(waiting: Sequence[tuple[Row, Put, Times]]) -> Iterator[Sequence[tuple[Row, Put, Times]]]:
    for start in range(0, len(waiting), BATCH):
        yield waiting[start : start + BATCH]
