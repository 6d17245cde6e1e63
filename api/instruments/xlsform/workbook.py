"""Opens a workbook within limits: what it unpacks to, how many rows, columns and characters it holds."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl

from api.instruments.xlsform.cells import text_of
from api.instruments.xlsform.findings import Findings, Place, refuse_file

LARGEST_FILE = 1_000_000
LARGEST_UNPACKED = 12_000_000
MOST_PARTS = 500
MOST_SHEETS = 30
MOST_ROWS = 5_000
MOST_COLUMNS = 200
MOST_CELLS = 300_000
LONGEST_CELL = 32_767  # what a cell can hold in a spreadsheet program
_OLD = b"\xd0\xcf\x11\xe0"  # .xls, and a workbook with a password
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})([0-9]{1,7}):")
_DOCTYPES = [b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be")]
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError),
    *(OSError, EOFError, NotImplementedError, RuntimeError, SyntaxError, OverflowError),
)  # what the library raises over a damaged or hostile file; a refused entity is a ValueError


@dataclass(frozen=True)
class Fault:
    """What stands in a cell that cannot be read as a text: its code and the reason."""

    code: str
    reason: str


Cells = dict[int, str | Fault]
_FORMULA = Fault("formula", "This is a formula. Write its value instead: nothing is worked out.")
_ERROR = Fault("spreadsheet_error", "The spreadsheet program shows an error here.")
_LONG = Fault("too_long", f"A cell may hold at most {LONGEST_CELL:,} characters.")


@dataclass(frozen=True)
class Sheet:
    """A sheet as its rows with something in them: the row's number, and what each column (from 1) holds."""

    name: str
    rows: list[tuple[int, Cells]]


def opened(content: bytes, findings: Findings) -> list[Sheet]:
    """Read every sheet of a workbook, or raise WorkbookRefused; no formula is ever worked out."""
    _refuse_other_files(content)
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        if len(book.worksheets) > MOST_SHEETS:
            raise refuse_file("too_many_sheets", f"A workbook may have at most {MOST_SHEETS} sheets.")
        return [_sheet(sheet, index, findings) for index, sheet in enumerate(book.worksheets, 1)]
    except _DAMAGE:
        raise _damaged() from None


def _damaged() -> Exception:
    return refuse_file("damaged", "This file cannot be read as a workbook: it is damaged, or something else.")


def _refuse_other_files(content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise refuse_file("too_large", f"A workbook may have at most {LARGEST_FILE:,} bytes.")
    if content.startswith(_OLD):
        reason = "This is an old .xls file, or one with a password. Save it as .xlsx without a password."
        raise refuse_file("old_format", reason)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except _DAMAGE:
        raise refuse_file(
            "no_workbook", "This file is no workbook. Save it as .xlsx and try again."
        ) from None
    # Python reads no part beyond the size that the archive states, so these sizes bound what is unpacked.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        reason = f"Unpacked, a workbook may have at most {LARGEST_UNPACKED:,} bytes in {MOST_PARTS} parts."
        raise refuse_file("too_large_unpacked", reason)
    if _declares(content):
        raise refuse_file("entities", "This file declares entities of its own, which no workbook needs.")


def _declares(content: bytes) -> bool:
    """Tell whether a part declares a document type: the library refuses that in some parts only."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        try:
            texts = [archive.read(part) for part in archive.namelist() if part.endswith((".xml", ".rels"))]
        except _DAMAGE:
            raise _damaged() from None
    return any(mark in text for text in texts for mark in _DOCTYPES)


def _sheet(sheet: Any, index: int, findings: Findings) -> Sheet:
    name = str(sheet.title).strip().lower()
    # What is not a plain name is somebody's own words, which no refusal repeats.
    shown = name if re.fullmatch(r"[a-z_]{1,30}", name) else f"number {index}"
    for letter, row in _merged(sheet):
        reason = "Cells are merged here. Undo the merging, so that each cell says what it means."
        findings.refuse(Place(shown, row, "", letter), "merged", reason)
    return Sheet(name, list(_rows(sheet, shown, findings)))


def _rows(sheet: Any, shown: str, findings: Findings) -> Iterator[tuple[int, Cells]]:
    sheet.reset_dimensions()  # a file may state any size: only the rows that are there count
    cells = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells += len(row)
        if number > MOST_ROWS or cells > MOST_CELLS:
            reason = f"A sheet may have at most {MOST_ROWS:,} rows and {MOST_CELLS:,} cells, empty ones too."
            findings.refuse(Place(shown, number), "too_many_rows", reason)
            return
        found: Cells = {at: text for at, cell in enumerate(row, 1) if (text := _text(cell))}
        if found and max(found) > MOST_COLUMNS:
            reason = f"A sheet may have at most {MOST_COLUMNS} columns."
            findings.refuse(Place(shown, number), "too_many_columns", reason)
            return
        if found:
            yield number, found


def _text(cell: Any) -> str | Fault:
    if cell.data_type in {"f", "e"}:
        return _FORMULA if cell.data_type == "f" else _ERROR
    text = text_of(cell.value)
    if len(text) > LONGEST_CELL:
        return _LONG
    return text if text.strip() else ""


def _merged(sheet: Any) -> Iterator[tuple[str, int]]:
    """Walk the merged cells, which the library does not tell of while it reads row by row."""
    with sheet._get_source() as source:
        for letter, row in _MERGED.findall(source.read()):
            yield letter.decode(), int(row)
