"""`daybook audit`."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from api.audit import listing, sealing
from api.audit.content import LEAF
from api.audit.events import Event
from api.audit.verifying import Verification
from api.core import db
from api.core.config import Settings
from scripts.cli.operating import err, opened, operating, out

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
        f"{_so_many(chain.events, 'event')} in {_so_many(chain.seals, 'seal')}; waiting for a seal: {waiting}.",
        highlight=False,
    )
    out.print(last, soft_wrap=True, highlight=False)
    out.print(
        f"{_so_many(found, 'finding')}." if found else "Everything is as it was sealed.", highlight=False
    )
    if found:
        raise typer.Exit(1)


@app.command("list")
def show(
    study: Annotated[UUID | None, typer.Option(help="Only of this study.")] = None,
    event: Annotated[Event | None, typer.Option(help="Only of this kind.")] = None,
    actor: Annotated[UUID | None, typer.Option(help="Only what this person did.")] = None,
    object_: Annotated[UUID | None, typer.Option("--object", help="Only what was done to this.")] = None,
    since: Annotated[datetime | None, typer.Option(help="From this time on, UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this time, UTC.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, newest first.")] = 50,
) -> None:
    """List events, newest first."""
    wanted = listing.Filter(study, event, actor, object_, _utc(since), _utc(until))
    with operating() as (session, _):
        for row in listing.newest(session, wanted, limit):
            detail = " ".join(f"{key}={value}" for key, value in row.detail.items())
            who = f"{row.actor_kind} {row.actor_id or '-'}"
            line = f"{row.at:%Y-%m-%d %H:%M:%S} {row.event} by {who} of {row.object_id or '-'} {detail}"
            out.print(line.rstrip(), soft_wrap=True, highlight=False, markup=False)


def _so_many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _utc(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(tzinfo=UTC)


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
