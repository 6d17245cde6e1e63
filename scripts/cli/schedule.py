"""`daybook schedule`: when a study asks."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.audit.service import OPERATOR
from api.core import clock
from api.core.ids import new_id
from api.prompts import schedules, shipped
from api.prompts.planning.days import Person
from api.prompts.planning.occasions import occasions
from schemas.base import Day, Model
from schemas.schedule import Schedule
from schemas.study import TimeZone
from scripts.cli.operating import item, operating, out, refusals, sound, sound_file

app = typer.Typer(help="When a study asks for entries.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A schedule as a JSON file.")]


class Viewpoint(Model):
    """Where and from when somebody takes part."""

    zone: TimeZone
    start: Day


@app.command("list")
def list_schedules(study: UUID) -> None:
    """List a study's schedules."""
    with operating() as (session, _):
        for row in schedules.listing(session, study):
            schedule = schedules.parse(row)
            stands = "retired" if row.retired_at else f"version {row.version}"
            item(f"{row.key}  {schedule.timing.type}", f"{schedule.instrument}: {schedule.kind} ({stands})")


@app.command("put")
def put(study: UUID, file: File) -> None:
    """Make a schedule or change it; what is planned and still to come follows it."""
    with operating() as (session, _):
        made = schedules.put(session, OPERATOR, study, sound_file(Schedule, file))
    out.print(f"Schedule {made.key} is version {made.version}.")


@app.command("shipped")
def give_shipped(study: UUID) -> None:
    """Give a study the schedules that come with the place-leadership diary."""
    with operating() as (session, _):
        made = shipped.put_all(session, OPERATOR, study)
    out.print(f"The study follows {', '.join(one.key for one in made)}.")


@app.command("retire")
def retire(study: UUID, key: str) -> None:
    """End a schedule; what it planned and has not sent is taken back."""
    with operating() as (session, _):
        schedules.retire(session, OPERATOR, study, key)
    out.print(f"Schedule {key} is retired.")


@app.command("preview")
def preview(
    file: File,
    days: Annotated[int, typer.Option(min=1, max=366, help="For how many days.")] = 14,
    zone: Annotated[str, typer.Option(help="The participant's time zone.")] = "Europe/London",
    start: Annotated[
        str | None, typer.Option(help="The participant's first day, such as 2026-03-02.")
    ] = None,
) -> None:
    """Show on which days and at which times one participant would be asked; random times are one draw of many."""
    with refusals():
        schedule = sound_file(Schedule, file)
        where = sound(Viewpoint, zone=zone, start=start or clock.now().date().isoformat())
    first, who = where.start, Person(new_id(), where.start, where.zone)
    for day in (first + timedelta(days=number) for number in range(days)):
        asked = occasions(schedule, who, day, "preview")
        out.print(f"{day:%a %d %b %Y}  {'  '.join(one.at for one in asked) or '-'}")
