"""Cuts a CSV file into pieces of whole records, and finds records with more or fewer cells than the header."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CHUNK = 1 << 20
_QUOTE, _COMMA, _END = b'",\n'


@dataclass(frozen=True)
class Piece:
    """Some whole records as bytes, the number of the first (the header is 1), and which are uneven."""

    content: bytes
    first: int
    uneven: tuple[int, ...]


def pieces(path: Path, width: int) -> Iterator[Piece]:
    """Yield a file's records in pieces of about `CHUNK` bytes; `width` is how many cells each should have.

    A comma or a line's end counts only outside quotes, as RFC 4180 has it; a doubled quote leaves and enters
    them again.
    """
    kept, first = b"", 1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            content = kept + chunk
            cells, end = _measured(content)
            yield Piece(content[:end], first, _other_than(width, cells, first))
            kept, first = content[end:], first + len(cells)
    if kept:
        cells, _ = _measured(kept + b"\n")
        # A quote that never closes swallows the rest: that is one uneven record, whatever its commas.
        yield Piece(kept, first, _other_than(width, cells, first) if len(cells) else (first,))


def _measured(content: bytes) -> tuple["np.ndarray[tuple[int], np.dtype[np.int64]]", int]:
    """Return how many cells each whole record has, and where the last one ends."""
    found = np.frombuffer(content, np.uint8)
    is_end, is_comma = found == _END, found == _COMMA
    if _QUOTE in content:
        outside = np.cumsum(found == _QUOTE, dtype=np.uint8) % 2 == 0
        is_end, is_comma = is_end & outside, is_comma & outside
    ends = np.flatnonzero(is_end)
    if not len(ends):
        return ends, 0
    starts, end = np.append(0, ends[:-1] + 1), int(ends[-1]) + 1
    return np.add.reduceat(is_comma[:end], starts, dtype=np.int64) + 1, end


def _other_than(
    width: int, cells: "np.ndarray[tuple[int], np.dtype[np.int64]]", first: int
) -> tuple[int, ...]:
    return tuple(first + int(at) for at in np.flatnonzero(cells != width))
