"""Accounts for every row of an export, and for what could not be mapped."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rich.markup import escape
from rich.table import Table


class Outcome(StrEnum):
    """What became of one row."""

    ENTRY = "entries made"
    ENTRY_THERE = "entries already there"
    MISSED = "missed prompts recorded"
    MISSED_THERE = "missed prompts already there"
    REFUSED = "refused"


@dataclass
class Report:
    """The numbers of one import."""

    rows: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    by_list: dict[str, Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    refusals: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    lost: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    left_out: dict[str, tuple[str, int]] = field(default_factory=dict)
    facts: dict[str, str | int] = field(default_factory=dict)
    zones: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def settle(self, questionnaire: str, outcome: Outcome) -> None:
        """Count what became of one row."""
        self.outcomes[outcome] += 1
        self.by_list[questionnaire][outcome] += 1

    def refuse(self, questionnaire: str, line: int, reason: str) -> None:
        """Count a row that was not stored."""
        self.settle(questionnaire, Outcome.REFUSED)
        self.refusals[reason].append(line)

    @property
    def accounted(self) -> bool:
        """Say whether every row that was read has an outcome."""
        return self.outcomes.total() == self.rows

    @property
    def changed(self) -> bool:
        """Say whether anything was stored."""
        return bool(self.outcomes[Outcome.ENTRY] or self.outcomes[Outcome.MISSED])


def tables(report: Report) -> list[Table]:
    """Return the report as tables; one without rows is left out."""
    found = [_rows(report), _facts(report), _left_out(report), _lines("Refused rows", report.refusals)]
    lost = {f"{column}: {reason}": lines for (column, reason), lines in report.lost.items()}
    found.append(_lines("Cells that became no answer (their rows were kept)", lost))
    return [table for table in found if table.row_count]


def _rows(report: Report) -> Table:
    lists = sorted(report.by_list)
    table = Table(
        "rows",
        *(escape(name) or "(no questionnaire)" for name in lists),
        "all",
        title="Every row of the file",
    )
    for outcome in Outcome:
        counts = [*(report.by_list[name][outcome] for name in lists), report.outcomes[outcome]]
        table.add_row(outcome.value, *(f"{count:,}" for count in counts))
    table.add_section()
    read = [*(report.by_list[name].total() for name in lists), report.rows]
    table.add_row("rows read", *(f"{count:,}" for count in read))
    return table


def _facts(report: Report) -> Table:
    table = Table("what", "number", title="The study")
    for name, value in report.facts.items():
        table.add_row(name, f"{value:,}" if isinstance(value, int) else value)
    for zone, count in report.zones.most_common():
        table.add_row(f"entries in {zone}", f"{count:,}")
    return table


def _left_out(report: Report) -> Table:
    table = Table("column", "filled cells", "why it was left out", title="Columns that were not mapped")
    for column, (reason, count) in report.left_out.items():
        table.add_row(escape(column), f"{count:,}", escape(reason))
    return table


def _lines(title: str, found: dict[str, list[int]]) -> Table:
    table = Table("why", "rows", "lines of the file", title=title)
    for reason, lines in found.items():
        table.add_row(escape(reason), f"{len(lines):,}", _first(lines))
    return table


def _first(lines: Sequence[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:8])
    return f"{shown}, ..." if len(lines) > 8 else shown
