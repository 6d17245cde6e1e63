"""JSON Lines: one object per row, the text as it is, for programs that read as they go."""

import json
from io import BytesIO

import polars as pl

from api.releases.tables import Table

_ESCAPED = r'["\\\x00-\x1F]'
"""What JSON writes otherwise in a text (RFC 8259, section 7)."""


def head(_: Table) -> bytes:
    """Return what stands before the rows: nothing."""
    return b""


def lines(rows: pl.DataFrame) -> bytes:
    """Return rows of a table as lines; what is empty is left out."""
    buffer = BytesIO()
    rows.select(_line(rows)).write_csv(buffer, include_header=False, quote_style="never")
    return buffer.getvalue()


def _line(frame: pl.DataFrame) -> pl.Expr:
    """Return a row as an object; columns that are empty in all rows cost nothing."""
    given = [column for column in frame if column.null_count() < column.len()] or frame.get_columns()
    members = pl.concat_str([part for column in given for part in _member(column)], ignore_nulls=True)
    return pl.concat_str(pl.lit("{"), members.str.strip_prefix(","), pl.lit("}"))


def _member(column: pl.Series) -> list[pl.Expr]:
    """Return what writes `,"name":value` one after another, null where the cell is empty."""
    cell, name = pl.col(column.name), f",{json.dumps(column.name)}:"
    if column.dtype.is_integer():
        parts = [pl.lit(name), cell.cast(pl.String)]
    elif column.dtype == pl.String and not column.str.contains(_ESCAPED).any():
        parts = [pl.lit(f'{name}"'), cell, pl.lit('"')]
    else:
        alone = pl.struct(column.name).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")
        parts = [pl.when(cell.is_not_null()).then(pl.concat_str(pl.lit(","), alone))]
    return [pl.concat_str(parts)] if column.null_count() else parts
