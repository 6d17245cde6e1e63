"""Write the cells of a CSV file so that no spreadsheet takes text for a formula."""

import re
from collections.abc import Iterable
from decimal import Decimal
from math import isfinite

_RISKY = re.compile(r"[ \u3000]*[=+\-@\t\r\n\x00＝＋－＠]")
_QUOTED = re.compile(r'[",\r\n]')


def guard(cell: str) -> str:
    """Put an apostrophe before text that a spreadsheet could run.

    That is text whose first character, after any leading spaces (the full-width space too), is = + - @, tab,
    CR, LF or NUL, or a full-width = + - @. Nothing is removed; guarding twice is guarding once. Source:
    OWASP, CSV injection.
    """
    return "'" + cell if _RISKY.match(cell) else cell


def guarded_header(name: str) -> str:
    """Return a column name as it may stand in the first line; an empty name is refused."""
    if not name.strip():
        raise ValueError("A column needs a name.")
    return guard(name)


def text_cell(value: str | None) -> str:
    """Return text as a cell: guarded; nothing (None) is an empty cell."""
    return guard(value) if value else ""


def number_cell(value: int | float | Decimal | None) -> str:
    """Return a number as a cell, never guarded: `-1` stays a number; None is an empty cell.

    Floats are written by their shortest exact form, decimals without exponent. Not-a-number, infinities,
    truth values and anything that is not a number (text above all) are refused with ValueError.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"A number cell cannot hold {type(value).__name__}.")
    if isinstance(value, int):
        return str(value)
    if not isfinite(value):
        raise ValueError("A number cell cannot hold a value that is not finite.")
    return repr(value) if isinstance(value, float) else format(value, "f")


def csv_line(cells: Iterable[str]) -> str:
    r"""Return one line of RFC 4180: commas, quotes only where needed and doubled inside, CRLF at the end.

    A line of a single empty cell is written `""`, since a blank line would be no line to most readers.
    """
    row = list(cells)
    line = ",".join(row)
    if line.count(",") == len(row) - 1 and '"' not in line and "\n" not in line and "\r" not in line:
        return (line or '""') + "\r\n"
    return ",".join(_quoted(cell) for cell in row) + "\r\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell
