"""The rows of an SPSS file, compressed as SPSS does it, a table of them at a time.

Each row is cells of 8 bytes; a block of 8 codes says how the next 8 cells are written. Source: PSPP, "System File
Format", and ReadStat, which writes the same bytes a value at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Return the cell of each column of numbers."""
        return {name: place.start for name, place in self.places.items() if name not in self.widths}


def compressed(frame: pl.DataFrame, layout: Layout) -> bytes:
    """Return a frame's rows as they stand in the file."""
    rows, blocks = frame.height, layout.cells // _BLOCK + 1
    cells = np.zeros((rows, blocks * _BLOCK), np.uint64)
    codes = np.zeros(cells.shape, np.uint8)
    _put_texts(frame, layout, cells, codes)
    _put_numbers(frame, list(layout.numbers), list(layout.numbers.values()), cells, codes)
    words = np.empty((rows, blocks, 1 + _BLOCK), np.uint64)
    words[:, :, 0] = codes.view(np.uint64)
    words[:, :, 1:] = cells.reshape(rows, blocks, _BLOCK)
    written = np.ones(words.shape, bool)
    written[:, :, 1:] = (codes == _LITERAL).reshape(rows, blocks, _BLOCK)
    return words[written].tobytes()


def _put_numbers(frame: pl.DataFrame, names: list[str], at: list[int], cells: Cells, codes: Codes) -> None:
    """Put numbers into their cells: a small whole number is its own code."""
    if not names:
        return
    values = frame.select(pl.col(names).cast(pl.Float64).fill_null(_NOTHING)).to_numpy(order="c")
    small = (values >= _LEAST) & (values <= _MOST) & (values == np.trunc(values))
    written = np.where(values == _NOTHING, _MISSING, _LITERAL)
    codes[:, at] = np.where(small, np.where(small, values, 0) + _BIAS, written)
    cells[:, at] = values.view(np.uint64)


def _put_texts(frame: pl.DataFrame, layout: Layout, cells: Cells, codes: Codes) -> None:
    """Put texts into their cells, padded with spaces; of a long one every 255 bytes stand in 256."""
    padded = frame.select(_padded(name, width) for name, width in layout.widths.items())
    for name, width in layout.widths.items():
        whole = padded[name].to_numpy()
        held = np.full((len(whole), _held(width)), ord(" "), np.uint8)
        for number in range(_pieces(width)):
            piece = whole[:, number * _PIECE : (number + 1) * _PIECE] if width > _PIECE else whole
            held[:, number * (_PIECE + 1) :][:, : piece.shape[1]] = piece
        found = held.view(np.uint64)
        cells[:, layout.places[name]] = found
        codes[:, layout.places[name]] = np.where(found == _EMPTY, _SPACES, _LITERAL)


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
