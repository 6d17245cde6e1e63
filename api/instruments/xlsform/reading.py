"""Reads a workbook as a questionnaire: everything that is wrong with it is told at once."""

from dataclasses import dataclass

from api.instruments.xlsform import choices, forms, settings, tables
from api.instruments.xlsform.cells import Row
from api.instruments.xlsform.choices import Lists
from api.instruments.xlsform.columns import CHOICES, SURVEY
from api.instruments.xlsform.drafts import Draft, drafts
from api.instruments.xlsform.findings import Findings, Place, refuse_file
from api.instruments.xlsform.judging import judged
from api.instruments.xlsform.kinds import settle
from api.instruments.xlsform.making import Made, Maker, made, scope
from api.instruments.xlsform.own import own
from api.instruments.xlsform.repeats import items
from api.instruments.xlsform.settings import Settings
from api.instruments.xlsform.types import kind
from api.instruments.xlsform.workbook import Sheet, opened
from schemas.base import FieldError
from schemas.instrument import InstrumentDefinition

_READ = {"survey", "choices", "settings", "languages", "forms", "form_items"}
_ELSEWHERE = {"external_choices", "osm", "entities"}


@dataclass(frozen=True)
class Reading:
    """What a workbook says, and what its author should know of it."""

    definition: InstrumentDefinition
    warnings: list[FieldError]


@dataclass(frozen=True)
class _Book:
    """A workbook's sheets with what they share."""

    sheets: dict[str, Sheet]
    settings: Settings
    choices: list[Row]
    lists: Lists
    findings: Findings


def read(content: bytes, name: str | None = None) -> Reading:
    """Read a workbook, or raise WorkbookRefused; `name` is the key of one that has no form_id."""
    findings = Findings()
    found_sheets = opened(content, findings)
    findings.settle()  # a sheet that is not wholly there is not worth judging further
    sheets = _known(found_sheets, findings)
    found = settings.read(sheets, name, findings)
    rows = _rows(sheets, "choices", found, findings)
    book = _Book(sheets, found, rows, choices.lists(rows, findings), findings)
    pairs = _questions(book)
    book.lists.tell_unused(book.choices, findings)
    named = forms.forms(sheets, found.default_language, findings) if "forms" in sheets else []
    findings.settle()
    made_forms = [form for _, form in named] or forms.one_form(found, pairs)
    definition = judged(found, pairs, made_forms, findings)
    return Reading(definition, findings.warnings)


def _known(sheets: list[Sheet], findings: Findings) -> dict[str, Sheet]:
    known: dict[str, Sheet] = {}
    for number, sheet in enumerate(sheets, 1):
        if sheet.name in _ELSEWHERE and sheet.rows:
            reason = "Daybook has no choices, entities or maps outside the sheets survey and choices."
            findings.refuse(Place(sheet.name), "unsupported_sheet", reason)
        elif sheet.name in _READ:
            known[sheet.name] = sheet
        elif sheet.rows and not sheet.name.startswith("_"):
            reason = "This sheet is no part of an XLSForm and was not read."
            findings.warn(Place(f"number {number}"), "sheet_not_read", reason)
    if not known.get("survey", Sheet("survey", [])).rows[1:]:
        raise refuse_file(
            "no_survey", "The workbook needs a sheet named survey with a row for each question."
        )
    return known


def _rows(sheets: dict[str, Sheet], name: str, found: Settings, findings: Findings) -> list[Row]:
    columns = {"survey": SURVEY, "choices": CHOICES}[name]
    return tables.rows(sheets[name], columns, found.default_language, findings) if name in sheets else []


def _questions(book: _Book) -> list[tuple[Draft, Made]]:
    rows = _rows(book.sheets, "survey", book.settings, book.findings)
    top = drafts(rows, book.findings)
    for draft in [*top, *(child for one in top for child in one.children)]:
        settle(draft, book.lists, book.findings)
    inside = {child.key for one in top for child in one.children}
    refused = {row.word("name") for row in rows if isinstance(kind(row.word("type")), str)}
    maker = Maker(
        lists=book.lists,
        scope=scope(top, book.lists, inside, refused),
        asked={one.key for one in top} | inside | refused,
        default_language=book.settings.default_language,
        is_inside=False,
        keeps_required="forms" in book.sheets,
        findings=book.findings,
    )
    return [pair for draft in top for pair in _question(draft, maker, {one.key for one in top})]


def _question(draft: Draft, maker: Maker, outside: set[str]) -> list[tuple[Draft, Made]]:
    if draft.type != "repeat_group":
        return made(draft, maker, own)
    inner = Maker(
        lists=maker.lists,
        scope=scope(draft.children, maker.lists, outside, {*maker.scope.refused}),
        asked=maker.asked,
        default_language=maker.default_language,
        is_inside=True,
        keeps_required=True,
        findings=maker.findings,
    )
    children = [question for child in draft.children for _, question in made(child, inner, own)]
    return made(draft, maker, lambda one, _: items(one, children, maker.findings))
