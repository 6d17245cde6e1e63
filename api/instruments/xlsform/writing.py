"""Writes a questionnaire as a workbook that reads back as the same questionnaire."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from api.instruments.problems import WorkbookUnwritable
from api.instruments.xlsform import languages
from api.instruments.xlsform.surveying import Survey, Written
from schemas.base import FieldError
from schemas.instrument import InstrumentDefinition

_SURVEY = (
    "type name label:: hint:: question_type required relevant constraint appearance parameters choice_filter"
    " default min_items max_items decimals unit hierarchy_levels disclosure theme"
)
_CHOICES = "list_name name label:: removed exclusive offered_for"
_OPTIONAL = {"removed", "exclusive", "offered_for", "theme", "default", "unit", "decimals", "choice_filter"}


def write(definition: InstrumentDefinition) -> bytes:
    """Return a workbook's bytes, or raise WorkbookUnwritable if something would be lost."""
    inside = {child.key for one in definition.questions for child in getattr(one, "children", [])}
    asked = {question.key: question for question in definition.questions}
    survey = Survey({*asked, *inside})
    for question in definition.questions:
        survey.add(question, asked)
    if survey.errors:
        raise WorkbookUnwritable(errors=survey.errors[:50])
    others = _others(definition)
    _refuse_unkept({"survey": survey.rows, "choices": survey.choices, **others})
    codes = [languages.name(code) for code in definition.languages]
    levels = " ".join(f"hierarchy_{level}" for level in range(1, _deepest(survey.choices) + 1))
    book = openpyxl.Workbook(write_only=True)
    _sheet(book, "survey", _columns(_SURVEY, codes, survey.rows), survey.rows)
    _sheet(book, "choices", _columns(f"{_CHOICES} {levels}", codes, survey.choices), survey.choices)
    for name, rows in others.items():
        _sheet(book, name, list(dict.fromkeys(column for row in rows for column in row)), rows)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _deepest(choices: Sequence[Written]) -> int:
    return max((sum(name.startswith("hierarchy_") for name in row) for row in choices), default=0)


def _columns(names: str, codes: list[str], rows: Sequence[Written]) -> list[str]:
    used = {column for row in rows for column in row}
    found: list[str] = []
    for name in names.split():
        if name.endswith("::"):
            found += [name + code for code in codes]
        elif name in used or name not in _OPTIONAL:
            found.append(name)
    return found


def _others(definition: InstrumentDefinition) -> dict[str, list[Written]]:
    settings: Written = {
        "form_title": definition.title[definition.default_language],
        "form_id": definition.key,
        "version": definition.version,
        "default_language": languages.name(definition.default_language),
    }
    titles = [(languages.name(code), definition.title.get(code, "")) for code in definition.languages]
    return {
        "settings": [settings],
        "languages": [{"language": name, "title": title} for name, title in titles],
        "forms": [_form(one.kind, one.contingency, one.label) for one in definition.forms],
        "form_items": [
            {
                "kind": form.kind,
                "question": item.question,
                "required": _flag(item.required),
                "more": _flag(item.more),
            }
            for form in definition.forms
            for item in form.items
        ],
    }


def _form(kind: str, contingency: str, label: dict[str, str]) -> Written:
    texts = {f"label::{languages.name(code)}": text for code, text in label.items()}
    return {"kind": kind, "contingency": contingency, **texts}


def _flag(value: bool) -> str:
    return "yes" if value else "no"


def _sheet(book: Any, name: str, columns: list[str], rows: Sequence[Written]) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, column) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, row.get(column)) for column in columns])


def _cell(sheet: Any, value: str | int | None) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is a text, never a formula
    return cell


def _refuse_unkept(sheets: dict[str, list[Written]]) -> None:
    """Refuse characters that XML cannot hold, before anything is written."""
    for name, rows in sheets.items():
        texts = [value for row in rows for value in row.values() if isinstance(value, str)]
        if any(ILLEGAL_CHARACTERS_RE.search(text) for text in texts):
            message = "A text holds a character that a workbook cannot keep."
            raise WorkbookUnwritable(
                errors=[FieldError(pointer=f"/{name}", code="unwritable", message=message)]
            )
