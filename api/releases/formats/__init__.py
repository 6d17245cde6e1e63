"""The register of export formats: a format is one file here and one line in a list.

A format is given finished rows under pseudonyms: it holds no identifier, so it cannot leak one.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import polars as pl

from api.releases.formats import csv, jsonl
from api.releases.formats.parquet import write_parquet
from api.releases.formats.sav import write_sav
from api.releases.staging import Chunks
from api.releases.tables import Table


class Lines(Protocol):
    """A format whose file grows as rows come; the same rows give the same bytes, however they are cut."""

    def head(self, table: Table, /) -> bytes:
        """Return what stands before the rows."""

    def lines(self, rows: pl.DataFrame) -> bytes:
        """Return some rows as they stand in the file."""


LINES: Mapping[str, Lines] = {".csv": csv, ".jsonl": jsonl}
"""By the ending of the file's name. The CSV files are what the verification reads, while the others are written."""

Whole = Callable[[Chunks, Path], list[Path]]
WHOLE: tuple[Whole, ...] = (write_sav, write_parquet)
"""Each writes one table, once all of it is there, into a folder, and returns the files that it made."""
