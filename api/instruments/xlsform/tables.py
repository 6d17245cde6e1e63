"""The sheets of a workbook as rows whose columns are known."""

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from api.instruments.xlsform import headers
from api.instruments.xlsform.cells import Cell, Row
from api.instruments.xlsform.columns import Columns
from api.instruments.xlsform.findings import Findings, Place
from api.instruments.xlsform.headers import Header
from api.instruments.xlsform.workbook import Cells, Fault, Sheet


def rows(sheet: Sheet, columns: Columns, default: str, findings: Findings) -> list[Row]:
    """Read a sheet's rows below its first; `default` is the language of a column that names none."""
    if not sheet.rows:
        return []
    known = headers.read(sheet.name, sheet.rows[0], columns, default, findings)
    names = sheet.rows[0][1]
    letters = {header.column: get_column_letter(at) for at, header in known.items()}
    found = []
    for number, cells in sheet.rows[1:]:
        taken = dict(_cells(sheet.name, number, cells, known, names, findings))
        found.append(Row(sheet.name, number, taken, letters))
    return found


def spoken(sheet: Sheet, columns: Columns) -> list[str]:
    """Return the languages of a sheet's columns as written, in order; "" stands for a column that names none."""
    if not sheet.rows:
        return []
    parted = [headers.written(text) for text in sheet.rows[0][1].values() if isinstance(text, str)]
    found = [language for name, language in parted if columns.aliases.get(name, name) in columns.worded]
    return list(dict.fromkeys("" if one.lower() == "default" else one for one in found))


def _cells(
    sheet: str,
    number: int,
    cells: Cells,
    known: dict[int, Header],
    names: Cells,
    findings: Findings,
) -> Iterator[tuple[str, Cell]]:
    for at, text in cells.items():
        header, letter = known.get(at), get_column_letter(at)
        if header is None:
            if at not in names:
                findings.refuse(
                    Place(sheet, number, "", letter), "no_header", "This column has no name in row 1."
                )
            continue
        place = Place(sheet, number, header.name, letter)
        if isinstance(text, Fault):
            findings.refuse(place, text.code, text.reason)
        elif header.refused:
            findings.refuse(place, "unsupported_column", header.refused)
        else:
            yield header.column, Cell(place, text)
