"""Writes compliance as CSV that no spreadsheet runs; the command line shows the same columns."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from api.core.cells import guard, guarded_header
from api.prompts.compliance.grouping import GROUPS
from schemas.compliance import Compliance, ComplianceRow, Cremas, Figures, Latency
from schemas.prompt import SkipReason

Cell = str | int | float | None
CREMAS_COLUMNS = ("item", "section", "topic", "what", "value", "source", "note")
_LATENCIES = ("to_opened", "to_answered")
_PARTS = tuple(Latency.model_fields)
_COUNTS = tuple(name for name in Figures.model_fields if name not in {"skipped", *_LATENCIES})


def compliance_table(found: Compliance) -> tuple[list[str], list[list[Cell]]]:
    """Return the columns and rows of a report."""
    own = GROUPS[found.by].columns
    measured = [f"{name}_{part}" for name in _LATENCIES for part in _PARTS]
    columns = [*own, *_COUNTS, *(f"skipped_{reason.value}" for reason in SkipReason), *measured]
    return columns, [[*_cells(row, own)] for row in found.rows]


def cremas_table(found: Cremas) -> tuple[list[str], list[list[Cell]]]:
    """Return the columns and rows of the checklist."""
    return [*CREMAS_COLUMNS], [[_cell(getattr(row, name)) for name in CREMAS_COLUMNS] for row in found.rows]


def written(table: tuple[Sequence[str], Iterable[Sequence[Cell]]]) -> str:
    """Return a table as CSV: RFC 4180, empty for what is not known."""
    columns, rows = table
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([guarded_header(name) for name in columns])
    writer.writerows([[guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return made.getvalue()


def _cells(row: ComplianceRow, own: Sequence[str]) -> Iterator[Cell]:
    figures = row.figures
    yield from (_cell(getattr(row, name)) for name in own)
    yield from (_cell(getattr(figures, name)) for name in _COUNTS)
    yield from (figures.skipped.get(reason, 0) for reason in SkipReason)
    yield from (_cell(getattr(getattr(figures, name), part)) for name in _LATENCIES for part in _PARTS)


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, int | float) else str(value)
