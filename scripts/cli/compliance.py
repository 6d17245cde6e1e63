"""`daybook compliance`: what became of a study's prompts, and who may need a word."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Column, Table
from rich.text import Text

from api.prompts.compliance import service
from api.prompts.compliance.checklist import cremas
from api.prompts.compliance.nudges import nudges
from api.prompts.compliance.tables import Cell, compliance_table, cremas_table, written
from api.studies import service as studies
from schemas.base import Model
from schemas.compliance import Grouping
from scripts.cli.operating import item, operating, out

app = typer.Typer(help="What became of the prompts, and who may need a word.", no_args_is_help=True)
_SHOWN = {"planned", "sent", "answered", "missed", "open", "compliance", "to_answered_median"}


class Form(StrEnum):
    """How something is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV, with every column.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("show")
def show(
    study: UUID,
    by: Annotated[Grouping, typer.Option(help="What a row is about.")] = Grouping.PARTICIPANT,
    *,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Count what became of the prompts."""
    with operating() as (session, _):
        found = service.report(session, studies.get(session, study), by)
    columns, rows = compliance_table(found)
    kept = [n for n, name in enumerate(columns) if n < columns.index("planned") or name in _SHOWN]
    shown = [columns[n] for n in kept], [[row[n] for n in kept] for row in rows]
    _print(found, (columns, rows), shown, _form(as_csv=as_csv, as_json=as_json))


@app.command("cremas")
def checklist(study: UUID, *, as_csv: AsCsv = False, as_json: AsJson = False) -> None:
    """Fill in the Checklist for Reporting EMA Studies as far as schedules and data go."""
    with operating() as (session, _):
        found = cremas(session, studies.get(session, study))
    form = _form(as_csv=as_csv, as_json=as_json)
    table = cremas_table(found)
    if form != Form.TABLE:
        _print(found, table, table, form)
        return
    for number, section, topic, what, value, _, note in table[
        1
    ]:  # seven columns are none at the width of a terminal
        said = what if value is None or value == "" else f"{what}: {_told(value)}"
        item(f"{number}. {section}: {topic}", str(said or ""), str(note or ""))


@app.command("nudges")
def who_needs_a_word(
    study: UUID,
    days: Annotated[int, typer.Option(min=1, max=365, help="Days without an answer.")] = 3,
    after: Annotated[UUID | None, typer.Option(help="The last one of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 100,
    *,
    as_json: AsJson = False,
) -> None:
    """List who has not answered, cannot be reached, never opened a prompt, or paused."""
    with operating() as (session, _):
        found = nudges(session, studies.get(session, study), days, after, limit)
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
        return
    for one in found.nudges:
        since = (
            f"{c.reason.value} since {c.since:%Y-%m-%d}" if c.since else c.reason.value for c in one.causes
        )
        item(f"{one.participant_id}  last answered {one.last_answered_on or 'never'}", *since)
    if found.next:
        out.print(f"More: --after {found.next}", highlight=False)


def _form(*, as_csv: bool, as_json: bool) -> Form:
    if as_csv and as_json:
        raise typer.BadParameter("Choose --csv or --json.")
    return Form.CSV if as_csv else Form.JSON if as_json else Form.TABLE


_Table = tuple[Sequence[str], Iterable[Sequence[Cell]]]


def _print(found: Model, whole: _Table, shown: _Table, form: Form) -> None:
    if form == Form.JSON:
        typer.echo(found.model_dump_json(indent=1))
        return
    if form == Form.CSV:
        typer.echo(written(whole), nl=False)
        return
    first, *others = shown[0]
    table = Table(Column(first, no_wrap=True), *others)
    for row in shown[1]:
        table.add_row(*(Text("" if cell is None else _told(cell)) for cell in row))
    out.print(table)


def _told(cell: Cell) -> str:
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)
