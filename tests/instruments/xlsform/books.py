"""Workbooks for tests: small ones written by hand, and where the real ones are."""

import os
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.instruments.problems import WorkbookRefused
from api.instruments.xlsform.reading import Reading, read
from schemas.base import FieldError

Table = Sequence[Sequence[Any]]
SETTINGS = [["form_id", "form_title", "default_language"], ["evening", "Evening", "English (en)"]]


def real_workbooks() -> Path:
    """The workbooks of the XLSForm world; where they are absent a test skips with its reason, but never in CI."""
    home = Path(os.environ.get("DAYBOOK_DATA") or Path(__file__).parents[4] / "shared" / "data")
    folder = home / "xlsform"
    if not folder.is_dir() and "CI" not in os.environ:
        pytest.skip("the workbooks are not here: set DAYBOOK_DATA to the folder that holds them")
    return folder


def book(survey: Table, choices: Table = (), settings: Table = SETTINGS, **others: Table) -> bytes:
    """A workbook of these rows."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in {"survey": survey, "choices": choices, "settings": settings, **others}.items():
        if rows:
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
    return saved(made)


def saved(made: Any) -> bytes:
    """The bytes of a workbook."""
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def asks(*rows: Sequence[Any], header: Sequence[str] = ("type", "name", "label", "relevant")) -> bytes:
    """A workbook that asks this, with two lists of choices."""
    choices = [
        ["list_name", "name", "label"],
        ["moods", "well", "Well"],
        ["moods", "tired", "Tired"],
        ["moods", "none", "None of these"],
        ["points", "1", "One"],
        ["points", "2", "Two"],
        ["points", "3", "Three"],
        ["yn", "yes", "Yes"],
        ["yn", "no", "No"],
    ]
    return book([header, *rows], choices)


def reads(content: bytes, name: str | None = None) -> Reading:
    """What a workbook says."""
    return read(content, name)


def refusals(content: bytes, name: str | None = None) -> list[FieldError]:
    """Why a workbook is refused; each reason is a sentence that names its place."""
    with pytest.raises(WorkbookRefused) as refused:
        read(content, name)
    errors = refused.value.errors or []
    assert errors
    for one in errors:
        assert one.message.endswith("."), one.message
        assert one.pointer == "/" or one.message.startswith(f"Sheet {one.pointer.split('/')[1]}"), one.message
    return errors


def places(content: bytes, name: str | None = None) -> list[tuple[str, str]]:
    """Where and with which code a workbook is refused."""
    return [(one.pointer, one.code) for one in refusals(content, name)]
