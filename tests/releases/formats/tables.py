"""Tables that are hard to write, and how a program reads each format back."""

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from api.core.cells import guard
from api.releases.formats import LINES, WHOLE, Whole
from api.releases.growing import Growing, finished
from api.releases.spss import LONGEST_TEXT, names_of
from api.releases.staging import Chunks
from api.releases.tables import Column, Kind, Table

Row = tuple[Any, ...]

YES_NO = {"1": {"en": "yes", "cy": "ie"}, "0": {"en": "no", "cy": "na"}}
PLACES = {"office": {"en": "At the office"}, "a_much_longer_way_of_being_away": {"en": "Ärgerlich " * 30}}
LONG_NAME = "a_question_asked_in_several_instruments__with_a_key_that_never_ends_" + "xy"
TABLE = Table(
    "sample",
    "one row per thing that is hard to write, with a label that is itself longer than SPSS wants",
    ("id",),
    (
        Column("id", Kind.CODE, {"en": "pseudonym"}),
        Column("note", Kind.TEXT, {"en": "What was said? " * 40, "cy": "Beth?"}),
        Column("place", Kind.CODE, {"cy": "Ble?"}, PLACES),
        Column("Place", Kind.CODE, {"en": "another place"}),
        Column("with", Kind.INTEGER, {"en": "with whom"}, {"1": {"en": "one"}, "-5": {"en": "minus five"}}),
        Column("share", Kind.NUMBER, {"en": "a share"}, {"0.5": {"en": "half"}}),
        Column("done", Kind.FLAG, {"en": "done?"}, YES_NO),
        Column(LONG_NAME, Kind.INTEGER, {"en": "long name"}, type="scale"),
        Column(LONG_NAME[:-1] + "z", Kind.TEXT, {"en": "long name too"}),
    ),
)
HARD_TEXTS = (
    "=1+1", " \t@x", "＝x", "-", "'already", 'say "no", twice', "two\r\nlines\rand\none", "Å ﬁ 日本 🙂 \u2028\x1b\x7f",
    "\ufeffmark", "x" * 30_000, "é" * 20_000, "{}", '{"a":null}', "null", "NA", "1e5", "007", "", "\\n", "</script>",
    "ö" * 200,
)  # fmt: skip
HARD_ROWS: list[Row] = [
    (f"id{number:04}", text, "office", "B", 2**53, 0.1, 1, -(2**31) - 1, text)
    for number, text in enumerate(HARD_TEXTS)
]
HARD_ROWS += [("id9000", *[None] * 8), ("id9001", "t", None, None, -(2**53), -1e-9, 0, 1, None)]


def chunked(folder: Path, rows: Sequence[Row], table: Table = TABLE, at_once: int = 3) -> Chunks:
    """Put rows into chunks, a few at a time."""
    chunks = Chunks(folder / "chunks", table)
    frame = pl.DataFrame(rows, schema=table.schema, orient="row")
    for piece in frame.iter_slices(at_once):
        chunks.add(piece)
    return chunks


def _of_csv(path: Path, table: Table) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file, strict=True)
    assert header == table.header
    read = {Kind.INTEGER: int, Kind.FLAG: int, Kind.NUMBER: float}
    return [
        tuple(
            read.get(one.kind, str)(cell) if cell else None
            for one, cell in zip(table.columns, row, strict=True)
        )
        for row in rows
    ]


def _of_parquet(path: Path, table: Table) -> list[Row]:
    frame = pl.read_parquet(path)
    assert dict(frame.schema) == table.schema
    return frame.rows()


def _of_jsonl(path: Path, table: Table) -> list[Row]:
    lines = [json.loads(line) for line in path.read_bytes().decode().split("\n")[:-1]]
    assert all(set(line) <= set(table.header) and None not in line.values() for line in lines)
    return [tuple(line.get(name) for name in table.header) for line in lines]


def _of_sav(path: Path, table: Table) -> list[Row]:
    frame, meta = pyreadstat.read_sav(path, output_format="polars")
    assert meta.column_names == list(names_of(table).values())
    return frame.rows()


def _guarded(value: Any) -> Any:
    return guard(value) or None if isinstance(value, str) else value


def _in_spss(value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    return value.encode()[:LONGEST_TEXT].decode(errors="ignore").rstrip(" ")


def _lines(suffix: str) -> Whole:
    """Return what writes a whole table in a format of lines, as it grows in a release."""

    def write(chunks: Chunks, folder: Path) -> list[Path]:
        with Growing(chunks.table, folder, folder / "growing") as table:
            for rows in chunks:
                table.add(finished(chunks.table, rows))
        written = folder / f"{chunks.table.name}{suffix}"
        for other in {folder / one.name for one in table.described()} - {written}:
            other.unlink()
        shutil.rmtree(folder / "growing")
        return [written]

    return write


WRITERS: dict[str, Whole] = {
    **{suffix.removeprefix("."): _lines(suffix) for suffix in LINES},
    **{write.__name__.removeprefix("write_"): write for write in WHOLE},
}
"""How each format writes a table."""
READERS: dict[str, Callable[[Path, Table], list[Row]]] = {
    "csv": _of_csv,
    "parquet": _of_parquet,
    "jsonl": _of_jsonl,
    "sav": _of_sav,
}
"""How an independent program reads what each format wrote."""
AS_READ: dict[str, Callable[[Any], Any]] = {"csv": _guarded, "sav": _in_spss}
"""How a value looks in a format that cannot hold it as it is."""


def expected(format_name: str, rows: Sequence[Row], table: Table = TABLE) -> list[Row]:
    """Return rows as a format's reader ought to see them; SPSS knows no missing text, only an empty one."""
    seen = AS_READ.get(format_name, lambda value: value)
    empty = [
        "" if format_name == "sav" and one.kind in {Kind.CODE, Kind.TEXT} else None for one in table.columns
    ]
    return [
        tuple(none if value is None else seen(value) for value, none in zip(row, empty, strict=True))
        for row in rows
    ]
