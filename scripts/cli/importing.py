"""`daybook import`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.progress import MofNCompleteColumn, Progress

from scripts.cli.operating import err, operating, out
from scripts.importers.mpath.instrument import mapping
from scripts.importers.mpath.reading import ANSWERS, CODEBOOK, NotMpath, read
from scripts.importers.mpath.report import tables
from scripts.importers.mpath.run import run
from scripts.importers.mpath.study import HOME, Wanted

app = typer.Typer(help="Bring in a study from another tool.", no_args_is_help=True)


@app.callback()
def tools() -> None:
    """Bring in a study from another tool."""


@app.command("mpath")
def mpath(  # noqa: PLR0913, PLR0917 - each is an option of the command
    basic: Annotated[Path, typer.Option(help="m-Path's answers (CSV).")],
    meta: Annotated[Path, typer.Option(help="m-Path's codebook (CSV).")],
    study: Annotated[UUID | None, typer.Option(help="Import into this study.")] = None,
    title: Annotated[
        str | None, typer.Option(help="Title of a new study; the protocol's name otherwise.")
    ] = None,
    owner: Annotated[
        str | None, typer.Option(help="E-mail address of the member of staff who owns it.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(help=f"Where the participants live; the study's zone, or {HOME}, otherwise.")
    ] = None,
    language: Annotated[str, typer.Option(help="The language in which the questions were asked.")] = "en",
    sharing_agreed: Annotated[
        bool,
        typer.Option(
            "--sharing-agreed", help="The participants' consent covered sharing de-identified data."
        ),
    ] = False,
) -> None:
    """Import an m-Path study: participants, prompts and entries; doing it twice changes nothing."""
    with _sentences():
        answers = read(basic, ANSWERS)
        plan = mapping(answers, read(meta, CODEBOOK), language)
        wanted = Wanted(study, title, owner, time_zone, language, sharing_agreed)
        with operating() as (session, settings), _progress(len(answers.rows)) as advance:
            made, report = run(session, settings, answers, plan, wanted, advance)
    for table in tables(report):
        out.print(table)
    for note in report.notes:
        out.print(note, highlight=False, markup=False)
    out.print(f"Study: {made.title} ({made.id})", highlight=False, markup=False, soft_wrap=True)


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except NotMpath as refused:
        err.print(f"[red]Nothing was imported.[/red] {escape(str(refused))}", highlight=False)
        raise typer.Exit(1) from None


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=err, transient=True) as bar:
        task = bar.add_task("Importing rows", total=total)
        yield lambda count: bar.advance(task, count)
