"""Keeps the rows of a release on disk while it is made, so that memory does not grow with them."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from api.releases.pseudonyms import ALPHABET
from api.releases.tables import Table

PART = 25_000


class Stage:
    """Takes pages of rows in any order, and gives them back in parts, in the order of their pseudonyms.

    A pseudonym is a keyed hash, so this order is random, and the release's seed repeats it.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder, self._key = folder, key
        self._pages = 0
        self.rows = 0
        folder.mkdir(parents=True)

    def add(self, page: pl.DataFrame) -> None:
        """Keep a page."""
        if page.height:
            page.write_ipc(self._folder / str(self._pages))
            self._pages += 1
            self.rows += page.height

    def part(self, first: str, last: str | None) -> pl.DataFrame | None:
        """Return the rows whose pseudonyms lie in first..last (excluded; None: no end), in order."""
        key = pl.col(self._key)
        within = (key >= first) if last is None else (key >= first) & (key < last)
        pages = (pl.read_ipc(self._folder / str(number)).filter(within) for number in range(self._pages))
        found = [page for page in pages if page.height]
        return pl.concat(found).sort(self._key) if found else None

    def parts(self) -> Iterator[pl.DataFrame]:
        """Yield all rows in parts of about `PART`."""
        for first, last in spans(self.rows):
            found = self.part(first, last)
            if found is not None:
                yield found


class Chunks:
    """The finished rows of one table, for every format to read in turn."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.table = table
        self._folder = folder
        self._count = 0
        self.rows = 0
        folder.mkdir(parents=True)

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows, in their order."""
        if frame.height:
            self.table.conform(frame).write_ipc(self._folder / str(self._count), compression="lz4")
            self._count += 1
            self.rows += frame.height

    @property
    def paths(self) -> list[Path]:
        """Return the files of rows, in order."""
        return [self._folder / str(number) for number in range(self._count)]

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the rows in pieces; a table without rows has one piece without rows."""
        if not self._count:
            yield pl.DataFrame(schema=self.table.schema)
        for path in self.paths:
            yield pl.read_ipc(path)


def spans(rows: int) -> Iterator[tuple[str, str | None]]:
    """Yield the bounds between which about `PART` of so many pseudonyms lie."""
    count = min(max(-(-rows // PART), 1), len(ALPHABET) ** 3)
    bounds = [_bound(number * len(ALPHABET) ** 3 // count) for number in range(count)]
    yield from zip(["", *bounds[1:]], [*bounds[1:], None], strict=True)


def _bound(number: int) -> str:
    base = len(ALPHABET)
    return "".join(ALPHABET[number // base**place % base] for place in (2, 1, 0))
