"""Reads m-Path's CSV files: `;` between cells, UTF-8 with or without a BOM, short rows."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ANSWERS = (
    "connectionId",
    "scheduledBeepId",
    "sentBeepId",
    "questionListName",
    "timeStampScheduled",
    "timeStampSent",
    "timeStampStart",
    "timeStampStop",
    "timeZoneOffset",
)
CODEBOOK = ("columnName", "fullQuestion", "typeQuestion", "typeAnswer")
_NAMES = {ANSWERS: "m-Path's answers (--basic)", CODEBOOK: "m-Path's codebook (--meta)"}


class NotMpath(Exception):
    """A file that cannot be imported, told in a sentence for the operator."""


@dataclass(frozen=True)
class Row:
    """One line of a file; only its filled cells."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell; an empty or missing one is an empty text."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Sheet:
    """A file: its columns and rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(path: Path, needed: tuple[str, ...]) -> Sheet:
    """Read one file whole, or raise NotMpath before anything else is done."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), delimiter=";", strict=True)
    try:
        columns = tuple(next(reader, ()))
        _check_header(path, columns, needed)
        rows = tuple(_rows(path, columns, reader))
    except csv.Error as error:
        raise NotMpath(f"{path.name}, line {reader.line_num}: {error}.") from None
    if not rows:
        raise NotMpath(f"{path.name} holds no rows.")
    return Sheet(columns, rows)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise NotMpath(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise NotMpath(f"{path.name} is not UTF-8 text.") from None


def _check_header(path: Path, columns: tuple[str, ...], needed: tuple[str, ...]) -> None:
    lacking = [name for name in needed if name not in columns]
    if len(columns) == 1 and any(mark in columns[0] for mark in ",\t|"):
        raise NotMpath(f"{path.name} is not separated by ';', as m-Path's files are.")
    if len(lacking) == len(needed):
        raise NotMpath(f"{path.name} is not {_NAMES[needed]}: its first line names none of its columns.")
    if lacking:
        raise NotMpath(f"{path.name} lacks what {_NAMES[needed]} must have: {', '.join(lacking)}.")
    if len(set(columns)) < len(columns):
        raise NotMpath(f"{path.name} names a column twice.")


def _rows(path: Path, columns: tuple[str, ...], reader: Iterator[list[str]]) -> Iterator[Row]:
    line = 2
    for cells in reader:
        if len(cells) > len(columns):
            raise NotMpath(f"{path.name}, line {line}: {len(cells)} cells, but {len(columns)} columns.")
        if cells:
            # m-Path ends a row after its last filled cell.
            yield Row(line, {name: cell for name, cell in zip(columns, cells, strict=False) if cell})
        line = reader.line_num + 1  # type: ignore[attr-defined] # csv.reader is typed as a plain iterator
