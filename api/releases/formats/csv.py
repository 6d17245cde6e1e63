"""CSV: UTF-8, RFC 4180, and no cell that a spreadsheet would run."""

from pathlib import Path

import polars as pl

from api.core.cells import RISKY, guarded_header
from api.releases.staging import Chunks


def write_csv(chunks: Chunks, folder: Path) -> list[Path]:
    """Write a table as NAME.csv."""
    path = folder / f"{chunks.table.name}.csv"
    guards = [guarded(name) for name, dtype in chunks.table.schema.items() if dtype == pl.String]
    with path.open("wb") as file:
        for number, frame in enumerate(chunks):
            headed = frame.rename(guarded_header) if number == 0 else frame
            headed.with_columns(guards).write_csv(
                file, include_header=number == 0, line_terminator="\r\n", float_scientific=False
            )
    return [path]


def guarded(name: str) -> pl.Expr:
    """Return a column of text with an apostrophe before whatever a spreadsheet could run."""
    text = pl.col(name)
    return pl.when(text.str.contains(RISKY)).then(pl.format("'{}", text)).otherwise(text).alias(name)
