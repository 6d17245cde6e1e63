"""Remembers the ids of a table by their hashes: eight bytes each, so that a million of them are eight megabytes."""

from array import array
from collections.abc import Iterator

import numpy as np
import polars as pl

Hashes = np.ndarray[tuple[int], np.dtype[np.uint64]]


def hashed(ids: pl.Series) -> Hashes:
    """Return the hashes of ids: two that are alike have the same."""
    return ids.hash(0).to_numpy()


class Ids:
    """The ids of a table, sorted once all of them are there."""

    def __init__(self) -> None:
        self._kept = array("Q")
        self._sorted: Hashes = np.empty(0, np.uint64)

    def add(self, ids: pl.Series) -> None:
        """Remember some."""
        self._kept.frombytes(hashed(ids).tobytes())

    def sort(self) -> None:
        """Sort them where they lie; none can be added after."""
        self._sorted = np.frombuffer(self._kept, np.uint64)
        self._sorted.sort()

    def repeated(self) -> Hashes:
        """Return the hashes of those that are there more than once; an empty cell is no id."""
        again: Hashes = np.unique(self._sorted[1:][self._sorted[1:] == self._sorted[:-1]])
        named: Hashes = again[again != hashed(pl.Series([""]))]
        return named

    def know(self, ids: pl.Series) -> pl.Series:
        """Say of each id whether it is among them."""
        if not len(self._sorted):
            return pl.repeat(value=False, n=len(ids), eager=True)
        wanted = hashed(ids)
        places = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return pl.Series(self._sorted[places] == wanted)


def repetitions(rows: Iterator[tuple[int, pl.DataFrame]], column: str, repeated: Hashes) -> Iterator[int]:
    """Yield the record of every id with one of these hashes that came before; nothing is read if there are none."""
    seen: set[int] = set()
    for first, frame in rows if len(repeated) else ():
        hashes = hashed(frame[column])
        for row in np.flatnonzero(np.isin(hashes, repeated)):
            if int(hashes[row]) in seen:
                yield first + int(row)
            seen.add(int(hashes[row]))
