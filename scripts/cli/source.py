"""`daybook source`: the addresses that survey tools post to."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlmodel import Session

from api.audit.service import OPERATOR
from api.studies import service as studies
from api.webhooks import codes, maps, service
from api.webhooks.models import WebhookSource
from schemas.inbox import Rotation, SourceChange, SourceCreate, SourceMade, SourceStatus
from schemas.source import FieldMap, SourceOptions
from scripts.cli.operating import item, operating, out, sound, sound_file

app = typer.Typer(help="The addresses that survey tools post to.", no_args_is_help=True)


@app.command("add")
def add(
    study: UUID,
    tool: str,
    name: str,
    options: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Options as a JSON file.")
    ] = None,
    secret: Annotated[
        str | None,
        typer.Option(
            envvar="DAYBOOK_SOURCE_SECRET", help="Where the tool makes the secret; we make one otherwise."
        ),
    ] = None,
    fetch_token: Annotated[
        str | None,
        typer.Option(envvar="DAYBOOK_FETCH_TOKEN", help="What we fetch with, where posts only point."),
    ] = None,
) -> None:
    """Make a source in test mode; its address and secret are printed this once."""
    with operating() as (session, found):
        given = {"options": sound_file(SourceOptions, options)} if options else {}
        wanted = sound(SourceCreate, tool=tool, name=name, secret=secret, fetch_token=fetch_token, **given)
        made = service.create(session, found, OPERATOR, studies.get(session, study).id, wanted)
    _print(made)


@app.command("list")
def list_sources(study: UUID) -> None:
    """List the sources of a study."""
    with operating() as (session, _):
        for one in service.listing(session, study):
            stands = f"map {one.map_version}, {one.refused_count} refused"
            why = (
                f"Last refusal, {one.refused_at:%Y-%m-%d %H:%M}: {one.refused_reason}"
                if one.refused_at
                else None
            )
            asked = f"Not asked: {one.poll_reason}" if one.poll_reason else None
            item(f"{one.id}  {one.status.value:<6}  {one.tool}", f"{one.name} ({stands})", why, asked)


@app.command("fetch")
def fetch(
    source: UUID,
    base: Annotated[
        str | None, typer.Option(help="The tool's address, such as https://api.typeform.com.")
    ] = None,
    form: Annotated[str | None, typer.Option(help="The form, survey or project to ask for.")] = None,
    token: Annotated[
        str | None,
        typer.Option(envvar="DAYBOOK_FETCH_TOKEN", help="What we fetch with; it is not shown again."),
    ] = None,
) -> None:
    """Say where and with what a source's tool is asked; what is left out stays."""
    with operating() as (session, found):
        row = _locked(session, source)
        named = {"fetch_base": base, "fetch_form": form}
        options = row.options | {name: value for name, value in named.items() if value is not None}
        wanted = sound(SourceChange, options=options, **({"fetch_token": token} if token else {}))
        changed = service.change(session, found, OPERATOR, row, wanted)
        asked = [str(changed.options[name] or "not set") for name in named]
        has_token = "set" if changed.fetch_token else "not set"
    out.print(f"Address: {asked[0]}, form: {asked[1]}, token: {has_token}", markup=False, highlight=False)


@app.command("rotate")
def rotate(
    source: UUID,
    keep_old_hours: Annotated[int, typer.Option(min=0, max=720, help="How long old secrets stay good.")] = 24,
    new_address: Annotated[
        bool, typer.Option("--new-address", help="Make a new address too; the old one ends at once.")
    ] = False,
    secret: Annotated[str | None, typer.Option(envvar="DAYBOOK_SOURCE_SECRET")] = None,
) -> None:
    """Give a source a new secret, printed this once."""
    with operating() as (session, found):
        wanted = sound(Rotation, keep_old_hours=keep_old_hours, new_address=new_address, secret=secret)
        made = service.rotate(session, found, OPERATOR, _locked(session, source), wanted)
    _print(made)


@app.command("pause")
def pause(source: UUID) -> None:
    """Let the tool try again later."""
    _change(source, SourceStatus.PAUSED)


@app.command("resume")
def resume(source: UUID) -> None:
    """Let what is taken become entries."""
    _change(source, SourceStatus.LIVE)


@app.command("test")
def test(source: UUID) -> None:
    """Take what comes, and make no entries of it."""
    _change(source, SourceStatus.TEST)


@app.command("codes")
def make_codes(source: UUID) -> None:
    """Give everybody who takes part a link of this source, and print them all as CSV."""
    with operating() as (session, found):
        links = codes.make(session, found, OPERATOR, _locked(session, source))
    typer.echo("participant,code,link")
    for one in links:
        typer.echo(f"{one.participant_id},{one.code},{one.link}")


@app.command("map")
def field_map(
    source: UUID,
    replace: Annotated[
        Path | None,
        typer.Option("--from", exists=True, dir_okay=False, help="Replace it by what this file says."),
    ] = None,
) -> None:
    """Print a source's field map as JSON, or replace it by a new version."""
    with operating() as (session, _):
        row = _locked(session, source)
        if replace is not None:
            maps.put(session, OPERATOR, row, sound_file(FieldMap, replace))
        typer.echo(maps.current(session, row).map.model_dump_json(indent=1))


@app.command("instructions")
def instructions(source: UUID) -> None:
    """Say what to click and what to paste in the tool."""
    with operating() as (session, _):
        typer.echo(service.instructions(service.by_id(session, source)))


def _change(source: UUID, status: SourceStatus) -> None:
    with operating() as (session, _):
        row = service.change_status(session, OPERATOR, _locked(session, source), status)
        out.print(f"{row.name}: {row.status.value}", markup=False, highlight=False)


def _locked(session: Session, source: UUID) -> WebhookSource:
    return service.by_id(session, source, lock=True)


def _print(made: SourceMade) -> None:
    typer.echo(f"Source:  {made.source.id} ({made.source.tool}, {made.source.status.value})")
    if made.url:
        typer.echo(f"Address: {made.url}")
    if made.secret:
        typer.echo(f"Secret:  {made.secret}")
    typer.echo("Keep these now: they are shown this once.")
    typer.echo(f"\n{made.instructions}")
