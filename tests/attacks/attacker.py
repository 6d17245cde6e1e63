"""What an attacker holds of a release, its files, and how they read them: with no help from the service's own code."""

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

STARTERS = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
Row = dict[str, str]


class Held:
    """The files of one release, taken out of its bundle."""

    def __init__(self, bundle: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(bundle)) as files:
            self.files = {name: files.read(name) for name in files.namelist()}
        assert {name.rpartition(".")[2] for name in self.files} >= {"csv", "parquet", "sav", "jsonl", "json"}

    def header(self, name: str) -> list[str]:
        """Return the names of a table's columns."""
        return next(self._lines(name))

    def table(self, name: str) -> list[Row]:
        """Return the rows of a table, from its CSV alone."""
        lines = self._lines(name)
        header = next(lines)
        return [dict(zip(header, line, strict=True)) for line in lines]

    def cells(self) -> Iterator[tuple[str, str]]:
        """Yield every cell, header and member of every file, as a reader of each format finds it."""
        for name in self.files:
            yield from ((name, cell) for cell in self._read(name))

    def texts(self, folder: Path) -> Iterator[tuple[str, str]]:
        """Yield what `cells` yields, what programs for Parquet and SPSS find, and every file as plain bytes."""
        yield from self.cells()
        for name, content in self.files.items():
            yield from ((name, content.decode(code, errors="replace")) for code in ("utf-8", "utf-16-le"))
            path = folder / name
            path.write_bytes(content)
            if name.endswith(".parquet"):
                table = pl.read_parquet(path)
                yield from ((name, str(cell)) for column in table.iter_columns() for cell in column)
                yield name, f"{table.schema} {pl.read_parquet_metadata(path)}"
            elif name.endswith(".sav"):
                frame, told = pyreadstat.read_sav(path, output_format="dict")
                yield from ((name, str(cell)) for column in frame.values() for cell in column)
                yield name, f"{vars(told)}"

    def finds(self, folder: Path, *needles: str) -> set[str]:
        """Return the needles that stand anywhere, whatever dress of Unicode they wear."""
        whole = "\n".join(bare(text) for _, text in self.texts(folder))
        return {needle for needle in needles if bare(needle) in whole}

    def _lines(self, name: str) -> Iterator[list[str]]:
        return csv.reader(io.StringIO(self.files[f"{name}.csv"].decode(), newline=""), strict=True)

    def _read(self, name: str) -> Iterator[str]:
        kind = name.rpartition(".")[2]
        if kind == "csv":
            for line in self._lines(name.removesuffix(".csv")):
                yield from line
        elif kind == "json":
            yield from _walk(json.loads(self.files[name]))
        elif kind == "jsonl":
            for row in io.BytesIO(self.files[name]):
                yield from _walk(json.loads(row))


def would_run(cell: str) -> bool:
    """Say whether a spreadsheet would take a cell of a CSV file for a formula, or a command.

    A number with its sign is a number. Spaces of any kind, and what has no width, are passed over before the first
    character: programs differ in what they trim.
    """
    shown = cell.lstrip(" \u00a0\u3000\ufeff\u200b")
    try:
        float(shown)
    except ValueError:
        return shown[:1] in STARTERS
    return False


def bare(text: str) -> str:
    """Return a text as a person would read it: one form, one case, without marks, spaces and what has no width."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in plain if unicodedata.category(one)[0] not in {"C", "M", "Z"})


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)
    else:
        yield str(value)
