"""Describes every column of every table of a release."""

from collections.abc import Sequence

import polars as pl

from api.releases.staging import Chunks
from api.releases.tables import Column, Kind, Labels, Table

_HEADER = (
    "file", "column", "instrument", "versions", "question", "type", "label", "values", "unit", "class", "rule",
)  # fmt: skip
CODEBOOK = Table(
    "codebook",
    "one row per column of every table",
    ("file", "column"),
    tuple(Column(name, Kind.TEXT, {"en": name}) for name in _HEADER),
)


def fill(chunks: Chunks, tables: Sequence[Table], language: str) -> None:
    """Add one row per column of every table."""
    rows = [_row(table, column, language) for table in tables for column in table.columns]
    chunks.add(pl.DataFrame(rows, schema=CODEBOOK.schema, orient="row"))


def _row(table: Table, column: Column, language: str) -> tuple[str | None, ...]:
    values = "; ".join(f"{value} = {_in(labels, language)}" for value, labels in column.values.items())
    cells = (
        f"{table.name}.csv",
        column.name,
        column.instrument,
        " ".join(map(str, column.versions)),
        column.question,
        column.type or column.kind.value,
        _in(column.label, language),
        values,
        column.unit,
        column.disclosure,
        column.rule,
    )
    return tuple(cell or None for cell in cells)


def _in(labels: Labels, language: str) -> str:
    return labels.get(language) or next(iter(labels.values()), "")
