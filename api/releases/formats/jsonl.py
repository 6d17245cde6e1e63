"""JSON Lines: one object per row, the text as it is, for programs that read as they go."""

from pathlib import Path

import polars as pl

from api.releases.staging import Chunks

_AT_ONCE = 2_500


def write_jsonl(chunks: Chunks, folder: Path) -> list[Path]:
    """Write a table as NAME.jsonl; what is empty is left out."""
    path = folder / f"{chunks.table.name}.jsonl"
    members = pl.concat_str([_member(name) for name in chunks.table.schema], separator=",", ignore_nulls=True)
    line = pl.concat_str(pl.lit("{"), members, pl.lit("}"))
    with path.open("wb") as file:
        for frame in chunks:
            for piece in frame.iter_slices(_AT_ONCE):
                piece.select(line).write_csv(file, include_header=False, quote_style="never")
    return [path]


def _member(name: str) -> pl.Expr:
    """Return a column as `"name":value`, null where the cell is empty."""
    alone = pl.struct(name).struct.json_encode()
    return pl.when(pl.col(name).is_not_null()).then(alone.str.strip_prefix("{").str.strip_suffix("}"))
