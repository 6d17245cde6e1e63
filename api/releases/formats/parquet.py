"""Parquet: typed columns and the text as it is, for programs."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from api.releases.staging import Chunks

_ROW_GROUP = 30_000


def write_parquet(chunks: Chunks, folder: Path) -> list[Path]:
    """Write a table as NAME.parquet."""
    path = folder / f"{chunks.table.name}.parquet"

    def one_after_another(*_: object) -> Iterator[pl.DataFrame]:
        yield from chunks  # scan_ipc reads ahead, and its memory grows with the table

    source = register_io_source(one_after_another, schema=pl.Schema(chunks.table.schema))
    source.sink_parquet(path, compression="zstd", row_group_size=_ROW_GROUP)
    return [path]
