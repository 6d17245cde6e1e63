"""`daybook instrument`."""

import re
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table
from sqlmodel import Session

from api.audit.service import OPERATOR
from api.core.problems import Invalid, NotFound
from api.instruments import service, shipped
from api.instruments.xlsform import service as workbooks
from api.instruments.xlsform.findings import refuse_file
from api.instruments.xlsform.reading import Reading, read
from api.instruments.xlsform.workbook import LARGEST_FILE
from api.instruments.xlsform.writing import write
from schemas.base import FieldError
from schemas.instrument import InstrumentDefinition
from schemas.instrument_diff import InstrumentDiff, QuestionChange, diff
from scripts.cli.operating import operating, out, refusals

app = typer.Typer(help="Questionnaires as XLSForm workbooks.", no_args_is_help=True)
Study = Annotated[UUID, typer.Option(help="The study.")]
StudyOrShipped = Annotated[
    UUID | None, typer.Option(help="The study; without it, the instruments that come with Daybook.")
]
Workbook = Annotated[Path, typer.Argument(help="An XLSForm workbook (.xlsx).", exists=True, dir_okay=False)]
Named = Annotated[
    str | None,
    typer.Option(help="The instrument's key, where the workbook has no form_id; else the file's name."),
]
_WORDS = {
    "identical": "identical",
    "wording": "wording: may be pooled",
    "options_added": "options added: may be pooled with care",
    "not_comparable": "NOT COMPARABLE",
    "added": "added",
    "left": "left: asked no more",
}


@app.command("check")
def check(file: Workbook, key: Named = None) -> None:
    """Say whether a workbook can be taken, and what its author should know; nothing is stored."""
    with refusals():
        reading = _reading(file, key)
    _tell(reading.warnings)
    found = reading.definition
    kinds = ", ".join(form.kind for form in found.forms)
    out.print(f"{found.key} can be taken: {len(found.questions)} questions, {kinds}.", highlight=False)


@app.command("import")
def import_(
    file: Workbook,
    study: Study,
    key: Named = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish it, after showing what changes.")
    ] = False,
) -> None:
    """Store a workbook as the draft of its instrument's next version."""
    with operating() as (session, _):
        row, warnings = workbooks.draft(session, OPERATOR, study, _content(file), _named(file, key))
        _tell(warnings)
        _show(service.changes(session, row))
        if publish:
            row = service.publish(session, OPERATOR, row)
        out.print(f"{row.key} version {row.version}: {row.status.value}", highlight=False)


@app.command("export")
def export(key: str, version: int, file: Path, study: StudyOrShipped = None) -> None:
    """Write a version as a workbook."""
    if study is None:
        with refusals():
            content = write(_shipped(key, version))
    else:
        with operating() as (session, _):
            content = workbooks.workbook(session, study, key, version)
    file.write_bytes(content)
    out.print(f"{key} version {version} is in {file}", highlight=False)


@app.command("diff")
def compare(
    key: str,
    old: Annotated[str, typer.Argument(help="A version, or a workbook.")],
    new: Annotated[str, typer.Argument(help="A version, or a workbook.")],
    study: StudyOrShipped = None,
) -> None:
    """Show how each question stands between two versions, or a version and a workbook."""
    if study is None:
        with refusals():
            found = diff(_definition(None, study, key, old), _definition(None, study, key, new))
    else:
        with operating() as (session, _):
            found = diff(_definition(session, study, key, old), _definition(session, study, key, new))
    _show(found.questions)
    out.print(_summary(found), highlight=False)


def _definition(session: Session | None, study: UUID | None, key: str, word: str) -> InstrumentDefinition:
    if not re.fullmatch(r"[0-9]{1,6}", word):
        return _reading(Path(word), key).definition
    if session is None or study is None:
        return _shipped(key, int(word))
    return service.parse(service.get(session, study, key, int(word)))


def _shipped(key: str, version: int) -> InstrumentDefinition:
    for one in shipped.definitions():
        if (one.key, one.version) == (key, version):
            return one
    raise NotFound(
        "Daybook comes with: " + ", ".join(f"{one.key} {one.version}" for one in shipped.definitions())
    )


def _reading(file: Path, key: str | None) -> Reading:
    return read(_content(file), _named(file, key))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError:
        raise refuse_file("no_file", "There is no such file that can be read.") from None


def _named(file: Path, key: str | None) -> str:
    found = key if key is not None else re.sub(r"[^a-z0-9_]+", "_", file.stem.lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", found):
        raise Invalid("Name the instrument with --key: small letters, digits and _, beginning with a letter.")
    return found


def _tell(warnings: list[FieldError]) -> None:
    for one in warnings:
        out.print(one.message, style="yellow", highlight=False, markup=False)


def _show(changes: list[QuestionChange]) -> None:
    changed = [one for one in changes if one.change != "identical"]
    if {one.change for one in changes} == {"added"}:
        out.print(f"All {len(changes)} questions are new.", highlight=False)
        return
    if changed:
        table = Table("question", "against the version before")
        for one in changed:
            table.add_row(one.question, _WORDS[one.change])
        out.print(table)
    out.print(f"{len(changes) - len(changed)} of {len(changes)} questions are identical.", highlight=False)


def _summary(found: InstrumentDiff) -> str:
    return f"{found.key}: version {found.against} and version {found.version}."
