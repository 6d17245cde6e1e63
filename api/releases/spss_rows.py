"""The rows of an SPSS file, compressed as SPSS does it, a table of them at a time.

Each row is cells of 8 bytes; a block of 8 codes says how the next 8 cells are written. Source: PSPP, "System File
Format", and ReadStat, which writes the same bytes a value at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import numpy as np
import polars as pl

Cells = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]
Codes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

_CELL, _BLOCK = 8, 8
_LITERAL, _SPACES, _MISSING, _BIAS = 253, 254, 255, 100
_LEAST, _MOST = -99, 151
_EMPTY = int.from_bytes(b" " * _CELL, "little")
_NOTHING = -np.finfo(np.float64).max
_PIECE, _PIECE_HELD = 255, 252


@dataclass(frozen=True)
class Layout:
    """Where each column's cells stand in a row; `widths` gives the bytes of texts, all others are numbers."""

    names: Sequence[str]
    widths: Mapping[str, int]

    @cached_property
    def places(self) -> dict[str, slice]:
        """Return the cells of each column."""
        ends = list(
            accumulate(_held(self.widths[name]) // _CELL if name in self.widths else 1 for name in self.names)
        )
        return {
            name: slice(start, end) for name, start, end in zip(self.names, [0, *ends], ends, strict=False)
        }

    @property
    def cells(self) -> int:
        """Return how many cells a row has."""
        return sum(_held(self.widths[name]) // _CELL if name in self.widths else 1 for name in self.names)

    @property
    def row_bytes(self) -> int:
        """Return how long a row would be if no cell was spared."""
        return self.cells * _CELL

    @property
    def blocks(self) -> int:
        """Return how many blocks of codes a row has; ReadStat ends a full last block with an empty one."""
        return self.cells // _BLOCK + 1

    @cached_property
    def empty(self) -> Codes:
        """Return the codes of a row in which nothing is told."""
        codes = np.zeros(self.blocks * _BLOCK, np.uint8)
        for name, place in self.places.items():
            codes[place] = _SPACES if name in self.widths else _MISSING
        return codes


@dataclass(frozen=True)
class _Rows:
    """The codes of all cells of some rows, and the cells of those columns that are not told by their codes alone."""

    codes: Codes
    cells: dict[int, Cells] = field(default_factory=dict)


def compressed(frame: pl.DataFrame, layout: Layout) -> bytes:
    """Return a frame's rows as they stand in the file."""
    rows = _Rows(np.tile(layout.empty, (frame.height, 1)))
    empty = frame.null_count().row(0, named=True)
    given = [name for name in layout.names if empty[name] < frame.height]
    _put_texts(frame, [name for name in given if name in layout.widths], layout, rows)
    _put_numbers(frame, [name for name in given if name not in layout.widths], layout, rows)
    # A row is a code of 8 cells, those of the 8 that are written, the next code, ...
    order = [
        place
        for block in range(layout.blocks)
        for place in (None, *(at for at in range(block * _BLOCK, (block + 1) * _BLOCK) if at in rows.cells))
    ]
    words = np.empty((frame.height, len(order)), np.uint64)
    written = np.ones(words.shape, bool)
    words[:, [at for at, place in enumerate(order) if place is None]] = rows.codes.view(np.uint64)
    for at, place in enumerate(order):
        if place is not None:
            words[:, at] = rows.cells[place]
            written[:, at] = rows.codes[:, place] == _LITERAL
    return words[written].tobytes()


def _put_numbers(frame: pl.DataFrame, names: list[str], layout: Layout, rows: _Rows) -> None:
    """Put numbers into their cells: a small whole number is its own code."""
    schema = frame.schema
    whole = [name for name in names if schema[name].is_integer()]
    is_small = pl.all().min().ge(_LEAST) & pl.all().max().le(_MOST)
    small = [one.name for one in frame.select(whole).select(is_small) if one.item()] if whole else []
    if small:
        code = pl.col(small).cast(pl.Int16) + _BIAS
        found = frame.select(code.fill_null(_MISSING).cast(pl.UInt8)).to_numpy(order="fortran")
        rows.codes[:, [layout.places[name].start for name in small]] = found
    for name in sorted(set(names) - set(small)):
        values = frame[name].cast(pl.Float64).fill_null(_NOTHING).to_numpy()
        is_small = (values >= _LEAST) & (values <= _MOST) & (values == np.trunc(values))
        literal = np.where(values == _NOTHING, _MISSING, _LITERAL)
        place = layout.places[name].start
        rows.codes[:, place] = np.where(is_small, np.where(is_small, values, 0) + _BIAS, literal)
        rows.cells[place] = values.view(np.uint64)


def _put_texts(frame: pl.DataFrame, names: list[str], layout: Layout, rows: _Rows) -> None:
    """Put texts into their cells, padded with spaces; of a long one every 255 bytes stand in 256."""
    padded = frame.select(_padded(name, layout.widths[name]) for name in names)
    for name in names:
        width, whole = layout.widths[name], padded[name].to_numpy()
        held = np.full((len(whole), _held(width)), ord(" "), np.uint8)
        for number in range(_pieces(width)):
            piece = whole[:, number * _PIECE : (number + 1) * _PIECE] if width > _PIECE else whole
            held[:, number * (_PIECE + 1) :][:, : piece.shape[1]] = piece
        found = held.view(np.uint64)
        rows.codes[:, layout.places[name]] = np.where(found == _EMPTY, _SPACES, _LITERAL)
        rows.cells.update(enumerate(found.T, layout.places[name].start))


def _padded(name: str, width: int) -> pl.Expr:
    """Return texts as rows of so many bytes each."""
    text = pl.concat_str(pl.col(name).fill_null(""), pl.lit(" " * width)).cast(pl.Binary)
    return text.bin.slice(0, width).bin.reinterpret(dtype=pl.Array(pl.UInt8, width))


def _pieces(width: int) -> int:
    return 1 if width <= _PIECE else -(-width // _PIECE_HELD)


def _held(width: int) -> int:
    """Return the bytes in which a text of so many stands."""
    last = width - (_pieces(width) - 1) * _PIECE_HELD
    return (_pieces(width) - 1) * (_PIECE + 1) + -(-last // _CELL) * _CELL
