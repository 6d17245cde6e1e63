"""`daybook audit`."""

from typing import Annotated

import typer
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from api.audit import sealing
from api.audit.content import LEAF
from api.audit.verifying import Verification
from api.core import db
from api.core.config import Settings
from scripts.cli.operating import err, opened, out

app = typer.Typer(help="Who did what, when; sealed so that a change shows.", no_args_is_help=True)


@app.command("seal")
def seal() -> None:
    """Seal what is new at once, and show the head of the chain."""
    with opened() as (engine, settings):
        _seal_all(engine, settings)
        with db.reading(engine) as session:
            head = sealing.head(session)
    out.print(
        f"Head: seal {head.number}, {head.digest}" if head else "There is nothing to seal.", soft_wrap=True
    )


@app.command("verify")
def verify(
    noted: Annotated[
        str | None, typer.Option("--head", help="A digest noted elsewhere: finds a chain that was cut short.")
    ] = None,
) -> None:
    """Compare every event with its seal; name each row that is not as it was sealed, and then end with 1."""
    with opened() as (engine, settings):
        chain = Verification(engine, settings.master_keys, noted and noted.strip().lower())
        with db.reading(engine) as session:
            seals, waiting = sealing.seals(session), sealing.unsealed(session)
        found = 0
        with _bar() as bar:
            task = bar.add_task("seals", total=seals)
            for finding in chain.findings(lambda done: bar.update(task, completed=done)):
                found += 1
                out.print(str(finding), soft_wrap=True, highlight=False)
    last = f"Head: seal {chain.head.number}, {chain.head.digest}" if chain.head else "There is no seal yet."
    out.print(
        f"{chain.events} events in {chain.seals} seals; {waiting} wait for their seal.", highlight=False
    )
    out.print(last, soft_wrap=True, highlight=False)
    out.print(f"{found} findings." if found else "Everything is as it was sealed.", highlight=False)
    if found:
        raise typer.Exit(1)


def _seal_all(engine: Engine, settings: Settings) -> None:
    with db.reading(engine) as session:
        waiting = sealing.unsealed(session)
    with _bar() as bar:
        task = bar.add_task("events", total=waiting)
        while made := sealing.seal_next(engine, settings):
            bar.update(task, advance=len(made.leaves) // LEAF)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )
