"""Streams one written CSV file, reporting on the way what is wrong with its shape and its cells."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from api.releases.verification.scanner import Scanner
from api.releases.verification.structure import Piece, pieces

LIMIT = 20
_PSEUDONYM = "^[a-z2-7]{16}$"


class WrittenTable:
    """One CSV file as its reader will find it."""

    def __init__(self, name: str, path: Path, scan: Scanner) -> None:
        self.header: list[str] = []
        self._name, self._path, self._scan = name, path, scan
        self._lines: list[str] = []
        self._counts: Counter[str] = Counter()

    def add(self, record: int, kind: str, column: int = 0) -> None:
        """Report a problem of a record (the header is 1) or of the whole file (0); columns count from 1."""
        self._counts[kind] += 1
        if self._counts[kind] <= LIMIT:
            place = (f" record {record}" if record else "") + (f" column {column}" if column else "")
            self._lines.append(f"{self._name}{place}: {kind}.")

    def add_where(self, bad: pl.Series, first: int, kind: str, column: int = 0) -> None:
        """Report a problem of every record that a series of truth values marks; its first one is `first`."""
        for row in bad.fill_null(value=False).arg_true():
            self.add(first + row, kind, column)

    def findings(self) -> list[str]:
        """Return what was reported, and how many more of a kind there were."""
        more = {kind: count - LIMIT for kind, count in self._counts.items() if count > LIMIT}
        return self._lines + [f"{self._name}: {kind}: {count} more of these." for kind, count in more.items()]

    def frames(self, required: Sequence[str]) -> Iterator[tuple[int, pl.DataFrame]]:
        """Yield (number of its first record, records) piece by piece, an empty cell being empty text.

        There are none if a required column is absent or the file is not a table.
        """
        try:
            if self._has_header(required):
                for piece in pieces(self._path, len(self.header)):
                    for record in piece.uneven:
                        self.add(record, "more or fewer cells than the header")
                    if piece.content and not piece.uneven:
                        yield from self._cells(piece)
        except (OSError, UnicodeDecodeError, csv.Error, pl.exceptions.PolarsError) as error:
            self.add(0, f"cannot be read as UTF-8 CSV ({type(error).__name__})")

    def read_again(self) -> Iterator[tuple[int, pl.DataFrame]]:
        """Yield the same once more; what is wrong with it is reported already."""
        yield from WrittenTable(self._name, self._path, Scanner(())).frames([])

    def _cells(self, piece: Piece) -> Iterator[tuple[int, pl.DataFrame]]:
        schema = dict.fromkeys(self.header, pl.String)
        read = pl.read_csv(
            piece.content, has_header=False, schema=schema, raise_if_empty=False, empty_string_is_null=False
        )
        cells = read.slice(1 if piece.first == 1 else 0)
        first = max(piece.first, 2)
        self._look_at(cells, first)
        yield first, cells

    def _has_header(self, required: Sequence[str]) -> bool:
        with self._path.open(encoding="utf-8", newline="") as file:
            self.header = next(csv.reader(file, strict=True), [])
        for column, name in enumerate(self.header, start=1):
            self._report(name, 1, column)
        if not self.header or len(set(self.header)) != len(self.header):
            self.add(1, "the header is empty or names a column twice")
            return False
        absent = [name for name in required if name not in self.header]
        for name in absent:
            self.add(1, f"the column {name} is missing")
        return not absent

    def _look_at(self, cells: pl.DataFrame, first: int) -> None:
        is_empty = cells.select((pl.all() == "").all()).row(0, named=True)  # all columns at once, as below
        given = {name: at for at, name in enumerate(self.header, start=1) if not is_empty[name]}
        distinct = cells.select(pl.col(list(given)).unique(maintain_order=True).implode())
        for name, column in given.items():
            values = distinct[name].item()
            if values.len() > LIMIT and values.str.contains(_PSEUDONYM).all():
                continue
            for value in values:
                if self._scan.problems(value):
                    for row in (cells[name] == value).arg_true():
                        self._report(value, first + row, column)

    def _report(self, cell: str, record: int, column: int) -> None:
        for kind in self._scan.problems(cell):
            self.add(record, kind, column)
