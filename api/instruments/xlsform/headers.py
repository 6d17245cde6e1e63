"""Finds out what each column of a sheet is, from its first row."""

import re
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from api.instruments.xlsform import languages
from api.instruments.xlsform.columns import Columns
from api.instruments.xlsform.findings import Findings, Place
from api.instruments.xlsform.workbook import Cells, Fault

_PREFIXES = {"bind", "control", "body", "media"}
_FREE = re.compile(r"[a-z_][a-z0-9_.-]{0,62}")
UNKNOWN = "This column is unknown to Daybook. Remove it, or put an underscore before the sheet's name."


@dataclass(frozen=True)
class Header:
    """What a column is: its name, its language if it has one, or why its cells are refused."""

    name: str
    language: str | None = None
    refused: str | None = None

    @property
    def column(self) -> str:
        """Name the column as rows know it."""
        return f"{self.name}::{self.language}" if self.language else self.name


def written(text: str) -> tuple[str, str]:
    """Part a header into its column's name, in small letters, and its language as written."""
    words = " ".join(text.split())
    words = re.sub(r"^(?:(bind|control)\s*:{1,2}\s*)?jr:", lambda found: f"{found[1] or 'bind'}::", words)
    parts = [part.strip() for part in words.split("::" if "::" in words else ":")]
    name = _plain(parts[0])
    if name in _PREFIXES and len(parts) > 1:
        name, parts = _plain(parts[1]), parts[1:]
    return name, "::".join(parts[1:])


def read(
    sheet: str, first: tuple[int, Cells], columns: Columns, default: str, findings: Findings
) -> dict[int, Header]:
    """Return what each column of a sheet is; `default` is the language of a column that names none."""
    number, cells = first
    found: dict[int, Header] = {}
    for at, text in cells.items():
        place = Place(sheet, number, "", get_column_letter(at))
        if isinstance(text, Fault):
            findings.refuse(place, text.code, text.reason)
            continue
        header = _header(text, columns, default, place, findings)
        if header is not None and header.column in {one.column for one in found.values() if not one.refused}:
            findings.refuse(place, "column_twice", "Another column before this one is the same.")
        elif header is not None:
            found[at] = header
    return found


def _header(text: str, columns: Columns, default: str, place: Place, findings: Findings) -> Header | None:
    name, language = written(text)
    name = columns.aliases.get(name, name)
    if name in columns.refused:
        return Header(name, refused=columns.refused[name])
    if name in columns.worded:
        return _worded(name, language, default, place, findings)
    is_plain = name in columns.plain or re.fullmatch(r"hierarchy_[1-9]", name) is not None
    if not language and (is_plain or (columns.free and _FREE.fullmatch(name))):
        return Header(name)
    if columns.free and not language:
        findings.refuse(place, "bad_column", "A column's name has small letters, digits and _ only.")
    else:
        findings.refuse(place, "unknown_column", UNKNOWN)
    return None


def _worded(name: str, language: str, default: str, place: Place, findings: Findings) -> Header | None:
    code = languages.code(language) if language and language.lower() != "default" else default
    if code is None:
        findings.refuse(place, "unclear_language", languages.UNCLEAR)
        return None
    return Header(name, code)


def _plain(text: str) -> str:
    return text.lower().replace(" ", "_").replace("big-image", "big_image")
