"""What is said of places in a workbook: refusals and warnings, each with sheet, row, column and a reason."""

from dataclasses import dataclass, field

from api.instruments.problems import WorkbookRefused
from schemas.base import FieldError

MOST_TOLD = 100
_SHEETS = ["settings", "languages", "survey", "choices", "forms", "form_items"]


@dataclass(frozen=True)
class Place:
    """A place in a workbook; the row counts from 1, as a spreadsheet shows it."""

    sheet: str
    row: int = 0
    column: str = ""
    letter: str = ""

    @property
    def pointer(self) -> str:
        """Name the place as /survey/12/relevant; a column that has no known name goes by its letter."""
        parts = [self.sheet, str(self.row) if self.row else "", self.column or self.letter]
        return "/" + "/".join(part for part in parts if part)

    def said(self, reason: str) -> str:
        """Put the place before a reason, in words."""
        words = [f"Sheet {self.sheet}"]
        if self.row:
            words.append(f"row {self.row}")
        if self.letter:
            words.append(f"column {self.letter}" + (f" ({self.column})" if self.column else ""))
        elif self.column:
            words.append(f"column {self.column}")
        return ", ".join(words) + f": {reason}"


@dataclass
class Findings:
    """Collects what is wrong, so that all of it is told at once."""

    refusals: list[tuple[Place, FieldError]] = field(default_factory=list)
    warnings: list[FieldError] = field(default_factory=list)
    _cells: set[tuple[str, int, str]] = field(default_factory=set)

    def refuse(self, place: Place, code: str, reason: str) -> None:
        """Note what cannot be taken; of one cell only the first reason, since others follow from it."""
        cell = (place.sheet, place.row, place.letter)
        if place.letter and cell in self._cells:
            return
        self._cells.add(cell)
        error = FieldError(pointer=place.pointer, code=code, message=place.said(reason))
        self.refusals.append((place, error))

    def warn(self, place: Place, code: str, reason: str) -> None:
        """Note what is taken, but not as the author may expect."""
        self.warnings.append(FieldError(pointer=place.pointer, code=code, message=place.said(reason)))

    def settle(self) -> None:
        """Raise WorkbookRefused if anything was refused."""
        if not self.refusals:
            return
        count = len(self.refusals)
        places = "one place" if count == 1 else f"{count} places"
        detail = f"It has {places} that cannot be taken. Nothing was stored."
        if count > MOST_TOLD:
            detail += f" The first {MOST_TOLD} are named."
        told = [error for _, error in sorted(self.refusals, key=lambda one: _order(one[0]))]
        raise WorkbookRefused(detail, errors=told[:MOST_TOLD])


def _order(place: Place) -> tuple[int, int]:
    return (_SHEETS.index(place.sheet) if place.sheet in _SHEETS else len(_SHEETS), place.row)


def refuse_file(code: str, reason: str) -> WorkbookRefused:
    """Refuse a file as a whole."""
    return WorkbookRefused(reason, errors=[FieldError(pointer="/", code=code, message=reason)])
