"""JSON Lines: one object per row, the text as it is, for programs that read as they go."""

import json
from pathlib import Path

import polars as pl

from api.releases.staging import Chunks

_AT_ONCE = 2_500
_ESCAPED = r'["\\\x00-\x1F]'
"""What JSON writes otherwise in a text (RFC 8259, section 7)."""


def write_jsonl(chunks: Chunks, folder: Path) -> list[Path]:
    """Write a table as NAME.jsonl; what is empty is left out."""
    path = folder / f"{chunks.table.name}.jsonl"
    with path.open("wb") as file:
        for frame in chunks:
            line = _line(frame)
            for piece in frame.iter_slices(_AT_ONCE):
                file.write(piece.select(line.str.join("\n")).item().encode() + b"\n")
    return [path]


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
