"""Keeps the rows of a release on disk while it is made, so that memory does not grow with them."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from api.releases.pseudonyms import ALPHABET
from api.releases.tables import Table

PART = 5_000
HELD = 20_000


class Stage:
    """Takes pages of rows in any order, and gives them back in parts, in the order of their pseudonyms.

    A pseudonym is a keyed hash, so this order is random, and the release's seed repeats it. `expected` is about
    how many rows will come; it says into how many parts they are laid.
    """

    def __init__(self, path: Path, key: str, expected: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.rows = 0
        self._path, self._key = path, key
        self._bounds = bounds(expected)
        self._held: list[pl.DataFrame] = []
        self._pieces: list[list[tuple[int, int]]] = [[] for _ in range(len(self._bounds) + 1)]
        path.touch()

    def add(self, page: pl.DataFrame) -> None:
        """Keep a page."""
        self.rows += page.height
        self._held.append(page)
        if sum(one.height for one in self._held) >= HELD:
            self._lay_down()

    def parts(self) -> Iterator[pl.DataFrame | None]:
        """Yield all rows in parts of about `PART`, as many as `expected` asked for; None is one without rows."""
        self._lay_down()
        with self._path.open("rb") as file:
            for pieces in self._pieces:
                found = []
                for start, size in pieces:
                    file.seek(start)
                    found.append(pl.read_ipc_stream(file.read(size)))
                yield pl.concat(found).sort(self._key) if found else None

    def _lay_down(self) -> None:
        """Write what is held, sorted, cut at the bounds of the parts."""
        if not self._held:
            return
        rows = pl.concat(self._held).sort(self._key)
        self._held = []
        ends = rows[self._key].search_sorted(pl.Series(self._bounds, dtype=pl.String)).to_list()
        cuts = [*ends, rows.height]
        with self._path.open("ab") as file:
            for pieces, first, end in zip(self._pieces, [0, *cuts], cuts, strict=False):
                if end > first:
                    start = file.tell()
                    rows[first:end].write_ipc_stream(file)
                    pieces.append((start, file.tell() - start))


class Chunks:
    """The finished rows of one table, for the formats that want all of them."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.table = table
        self._folder = folder
        self._count = 0
        self.rows = 0
        self.longest = {name: 0 for name, dtype in table.schema.items() if dtype == pl.String}
        """The bytes of the longest text of each column of texts."""
        folder.mkdir(parents=True)

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows with exactly the table's columns, in their order."""
        if rows.height:
            rows.write_ipc(self._folder / str(self._count), compression="lz4")
            found = rows.select(pl.col(list(self.longest)).str.len_bytes().max()).row(0, named=True)
            self.longest = {name: max(size, found[name] or 0) for name, size in self.longest.items()}
            self._count += 1
            self.rows += rows.height

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


def bounds(rows: int) -> list[str]:
    """Return the words that cut so many pseudonyms into parts of about `PART`."""
    base = len(ALPHABET)
    count = min(max(-(-rows // PART), 1), base**3)
    places = (number * base**3 // count for number in range(1, count))
    return ["".join(ALPHABET[at // base**power % base] for power in (2, 1, 0)) for at in places]
