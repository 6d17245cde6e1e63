"""CSV: UTF-8, RFC 4180, and no cell that a spreadsheet would run."""

from io import BytesIO

import polars as pl

from api.core.cells import RISKY, guarded_header
from api.releases.tables import Table


def head(table: Table) -> bytes:
    """Return the line of the columns' names."""
    return _written(pl.DataFrame(schema=table.schema).rename(guarded_header), include_header=True)


def lines(rows: pl.DataFrame) -> bytes:
    """Return rows of a table as lines."""
    guards = [guarded(name) for name, dtype in rows.schema.items() if dtype == pl.String]
    return _written(rows.with_columns(guards), include_header=False)


def _written(frame: pl.DataFrame, *, include_header: bool) -> bytes:
    buffer = BytesIO()
    frame.write_csv(buffer, include_header=include_header, line_terminator="\r\n", float_scientific=False)
    return buffer.getvalue()


def guarded(name: str) -> pl.Expr:
    """Return a column of text with an apostrophe before whatever a spreadsheet could run."""
    text = pl.col(name)
    return pl.when(text.str.contains(RISKY)).then(pl.format("'{}", text)).otherwise(text).alias(name)
