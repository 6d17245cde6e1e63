"""Cells and rows of a sheet as text, each of which knows its place."""

import datetime as dt
from dataclasses import dataclass

from api.instruments.xlsform.findings import Place
from schemas.base import Labels


@dataclass(frozen=True)
class Cell:
    """What a cell says; never empty."""

    place: Place
    text: str

    @property
    def word(self) -> str:
        """Return the text without space around it."""
        return self.text.strip()


@dataclass(frozen=True)
class Row:
    """One row of a sheet by the names of its columns; a text in a language is at label::en."""

    sheet: str
    number: int
    cells: dict[str, Cell]
    letters: dict[str, str]

    def cell(self, column: str) -> Cell | None:
        """Return a filled cell, or None."""
        return self.cells.get(column)

    def word(self, column: str) -> str:
        """Return what a cell says without space around it; an empty cell says nothing."""
        cell = self.cells.get(column)
        return cell.word if cell else ""

    def place(self, column: str = "") -> Place:
        """Return the place of a cell, filled or not."""
        found = [letter for name, letter in self.letters.items() if name.startswith(f"{column}::")]
        return Place(self.sheet, self.number, column, self.letters.get(column) or next(iter(found), ""))

    def labels(self, column: str) -> Labels:
        """Return the texts of a column in each language."""
        start = column + "::"
        return {
            name.removeprefix(start): cell.text for name, cell in self.cells.items() if name.startswith(start)
        }


def text_of(value: object) -> str:
    """Write a cell's value as a person sees it: 3.0 is 3, a date is 2026-11-03."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat("T", "minutes")
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    return str(value)
