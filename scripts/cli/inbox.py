"""`daybook inbox`: what survey tools posted, and what became of it."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.audit.service import OPERATOR
from api.core import db
from api.core.jobs import Jobs
from api.webhooks import deliveries, looking, reconciling, service
from schemas.inbox import DeliveryQuery, DeliveryStatus, ProposalRequest, Reconcile, Replay
from schemas.source import FieldMap
from scripts.cli.operating import err, item, opened, operating, out, sound, sound_file

app = typer.Typer(help="What survey tools posted, and what became of it.", no_args_is_help=True)
SourceOption = Annotated[UUID | None, typer.Option(help="One source only.")]


@app.command("list")
def list_deliveries(
    study: UUID,
    source: SourceOption = None,
    status: Annotated[DeliveryStatus | None, typer.Option(help="Where they stand.")] = None,
    after: Annotated[UUID | None, typer.Option(help="The last one of the page before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """List deliveries, newest first."""
    with operating() as (session, _):
        asked = DeliveryQuery(source_id=source, status=status, after=after, limit=limit)
        page = deliveries.page(session, study, asked)
    for one in page.deliveries:
        item(f"{one.id}  {one.received_at:%Y-%m-%d %H:%M}  {one.status.value}", one.reason)
    if page.next:
        out.print(f"More: --after {page.next}", highlight=False)


@app.command("show")
def show(study: UUID, delivery: UUID) -> None:
    """Show what a delivery says, without what could name somebody."""
    with operating() as (session, found):
        shown = looking.view(session, found, *deliveries.get(session, study, delivery))
    typer.echo(shown.model_dump_json(indent=1))


@app.command("counts")
def counts(study: UUID, source: SourceOption = None) -> None:
    """Count deliveries by where they stand."""
    with operating() as (session, _):
        counted = deliveries.counts(session, study, source)
    for status, number in counted.items():
        out.print(f"{number:>8} {status.value}", highlight=False)


@app.command("preview")
def preview(
    study: UUID,
    delivery: UUID,
    field_map: Annotated[
        Path | None, typer.Option("--map", exists=True, dir_okay=False, help="The map to try, as JSON.")
    ] = None,
) -> None:
    """Say what a map would make of a delivery; nothing is changed."""
    with operating() as (session, found):
        wanted = sound_file(FieldMap, field_map) if field_map else None
        tried = looking.preview(session, found, *deliveries.get(session, study, delivery), wanted)
    typer.echo(tried.model_dump_json(indent=1))


@app.command("propose")
def propose(study: UUID, delivery: UUID, instrument: str, kind: str) -> None:
    """Print a first map of a delivery's answers as JSON, to look through and to change."""
    with operating() as (session, found):
        wanted = sound(ProposalRequest, instrument=instrument, kind=kind)
        made = looking.proposal(session, found, *deliveries.get(session, study, delivery), wanted)
    typer.echo(made.field_map.model_dump_json(indent=1))
    for title, names in (
        ("Answers without a question", made.answers_without_question),
        ("Questions without an answer", made.questions_without_answer),
        ("Required, and without an answer", made.required_without_answer),
    ):
        if names:
            err.print(f"{title}: {', '.join(names)}", markup=False, highlight=False)


@app.command("replay")
def replay(
    study: UUID,
    delivery: Annotated[
        UUID | None, typer.Argument(help="One delivery; all that stand somewhere otherwise.")
    ] = None,
    source: SourceOption = None,
    status: Annotated[DeliveryStatus, typer.Option(help="Which, if not one.")] = DeliveryStatus.QUARANTINED,
) -> None:
    """Process deliveries again, with the map as it is now."""
    with opened() as (engine, found), closing(Jobs(found)) as jobs, db.transaction(engine) as session:
        if delivery is not None:
            deliveries.replay(session, jobs, OPERATOR, study, delivery)
            count = 1
        else:
            wanted = Replay(status=status, source_id=source)
            count = deliveries.replay_many(session, jobs, OPERATOR, study, wanted)
    out.print(f"{count} to be processed again.", highlight=False)


@app.command("dismiss")
def dismiss(study: UUID, delivery: UUID) -> None:
    """Put aside a delivery that cannot become an entry."""
    with operating() as (session, found):
        deliveries.dismiss(session, found, OPERATOR, study, delivery)
    out.print("Put aside.", highlight=False)


@app.command("reconcile")
def reconcile(
    source: UUID,
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="From which day on.")],
    *,
    fetch_missing: Annotated[bool, typer.Option(help="Take in what has not come.")] = False,
) -> None:
    """Ask a source's tool what it holds, and say what of it has not come here."""
    wanted = Reconcile(since=since.replace(tzinfo=UTC).date(), fetch_missing=fetch_missing)
    with opened() as (engine, found), closing(Jobs(found)) as jobs, db.transaction(engine) as session:
        row = service.by_id(session, source)
        said = reconciling.reconcile(session, found, jobs, OPERATOR, row, wanted)
    typer.echo(said.model_dump_json(indent=1))
