"""SPSS: variable and value labels and measurement levels beside the data."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from api.releases.spss import LONGEST_TEXT, cut, file_label, labels_of, names_of
from api.releases.spss_rows import Layout, compressed
from api.releases.staging import Chunks
from api.releases.tables import Column, Kind, Table

_CASES = slice(80, 84)
_MADE_AT = slice(92, 109)
_NO_TIME = b"01 Jan 7000:00:00"  # the time of writing would make each file differ
_CASES_AGAIN = b"\x07\0\0\0\x10\0\0\0\x08\0\0\0\x02\0\0\0\x01\0\0\0\0\0\0\0"
_END = b"\xfc" + bytes(7)
_FORMATS = {Kind.FLAG: "F1.0", Kind.INTEGER: "F8.0", Kind.NUMBER: "F12.3"}
_BYTES_AT_ONCE, _ROWS_AT_ONCE = 4 << 20, 15_000


def write_sav(chunks: Chunks, folder: Path) -> list[Path]:
    """Write a table as NAME.sav.

    pyreadstat writes what stands before the rows, around one row as wide as the widest. It would want the whole
    table in memory, and takes its values one by one; so the rows are ours.
    """
    path = folder / f"{chunks.table.name}.sav"
    widths = _widths(chunks)
    widest = chunks.table.conform(pl.DataFrame({name: ["x" * width] for name, width in widths.items()}))
    layout = Layout(list(chunks.table.schema), widths)
    at_once = max(1, min(_ROWS_AT_ONCE, _BYTES_AT_ONCE // layout.row_bytes))
    pyreadstat.write_sav(
        widest.rename(names_of(chunks.table)), path, row_compress=True, **description(chunks.table)
    )
    header = path.read_bytes()[: -len(compressed(widest, layout))]
    with path.open("wb") as file:
        file.write(_header(header, chunks.rows))
        for frame in _as_wide(chunks, widths):
            for some in frame.iter_slices(at_once):
                file.write(compressed(some, layout))
        file.write(_END)
    return [path]


def _widths(chunks: Chunks) -> dict[str, int]:
    """Return the bytes of the longest text of each column of texts."""
    texts = [column for column in chunks.table.columns if column.kind in {Kind.CODE, Kind.TEXT}]
    widths = {one.name: max([1, *(len(value.encode()) for value in one.values)]) for one in texts}
    return {name: min(max(width, chunks.longest[name]), LONGEST_TEXT) for name, width in widths.items()}


def _as_wide(chunks: Chunks, widths: Mapping[str, int]) -> Iterator[pl.DataFrame]:
    long = [name for name, width in widths.items() if width == LONGEST_TEXT]
    shortened = pl.col(long).map_elements(lambda text: cut(text, LONGEST_TEXT), pl.String)
    for frame in chunks:
        yield frame.with_columns(shortened) if long else frame


def description(table: Table) -> dict[str, Any]:
    """Return what pyreadstat is to say of a table beside its rows."""
    columns = [(names_of(table)[column.name], column) for column in table.columns]
    return {
        "file_label": file_label(table),
        "column_labels": {name: labels_of(column).variable for name, column in columns},
        "variable_value_labels": {
            name: values for name, column in columns if (values := labels_of(column).values)
        },
        "variable_measure": {name: _measure(column) for name, column in columns},
        "variable_format": {name: _FORMATS[c.kind] for name, c in columns if c.kind in _FORMATS},
    }


def _measure(column: Column) -> str:
    if column.kind in {Kind.INTEGER, Kind.NUMBER}:
        return "ordinal" if column.type == "scale" else "scale"
    return "nominal"


def _header(header: bytes, rows: int) -> bytes:
    """Return all that stands before the rows, with their number and without the time."""
    made = bytearray(header)
    made[_CASES] = rows.to_bytes(4, "little")
    made[_MADE_AT] = _NO_TIME
    again = made.index(_CASES_AGAIN) + len(_CASES_AGAIN)
    made[again : again + 8] = rows.to_bytes(8, "little")
    return bytes(made)
