"""`daybook release`."""

import time
from contextlib import closing
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.audit.service import OPERATOR
from api.core import db
from api.core.jobs import Jobs
from api.core.storage import Storage
from api.releases import service
from api.releases.agreements import service as agreements
from api.releases.disclosure import previewing
from api.releases.download import Part
from api.releases.download import opened as pieces_of
from api.releases.rechecking import recheck
from api.studies import service as studies
from schemas.disclosure import HIGHEST_K, LOWEST_K, Tier
from schemas.preview import PreviewAsk
from schemas.release import ReleaseCreate, ReleaseStatus, ReleaseView
from scripts.cli import disclosure, previews
from scripts.cli.operating import opened, operating, out, refusals, settings, sound
from scripts.cli.reports import report

app = typer.Typer(help="De-identified releases.", no_args_is_help=True)
app.command("report")(report)
TierOption = Annotated[Tier, typer.Option(help="Whom it is for.")]
KOption = Annotated[
    int | None,
    typer.Option(
        min=LOWEST_K, max=HIGHEST_K, help="People per description; by the study's policy otherwise."
    ),
]
FitOption = Annotated[
    bool,
    typer.Option(
        "--fit-earlier", help="Where an earlier release stands in the way, be coarser and leave out a few."
    ),
]
ReasonOption = Annotated[
    str | None,
    typer.Option(
        "--not-compared-reason",
        help="Why it may be made although an earlier release was lost; it is printed.",
    ),
]
_GOING_ON = {ReleaseStatus.QUEUED, ReleaseStatus.BUILDING}


@app.command("create")
def create(  # noqa: PLR0913, PLR0917 - each is an option of the command
    study: UUID,
    recipient: Annotated[str | None, typer.Option(help="Who receives it; the open tier needs none.")] = None,
    purpose: Annotated[str | None, typer.Option(help="What for; the open tier needs none.")] = None,
    tier: TierOption = Tier.SAFEGUARDED,
    k: KOption = None,
    fit_earlier: FitOption = False,
    reason: ReasonOption = None,
    wait: Annotated[bool, typer.Option(help="Wait until the worker has made it.")] = True,
) -> None:
    """Ask for a release; the worker makes it."""
    with refusals():
        wanted = sound(
            ReleaseCreate,
            tier=tier,
            recipient=recipient,
            purpose=purpose,
            k=k,
            fit_earlier=fit_earlier,
            not_compared_reason=reason,
        )
    with opened() as (engine, found), closing(Jobs(found)) as jobs, db.transaction(engine) as session:
        release = service.request(session, jobs, OPERATOR, studies.get(session, study), wanted)
        number = str(release.number)
    out.print(
        f"Release {number} is asked for; a worker makes it (`daybook worker`, or `daybook serve` on SQLite)."
    )
    if wait and _follow(study, number).status != ReleaseStatus.PUBLISHED:
        raise typer.Exit(1)


@app.command("preview")
def preview(
    study: UUID,
    tier: TierOption = Tier.SAFEGUARDED,
    k: KOption = None,
    recipient: Annotated[
        str | None, typer.Option(help="Compare with the releases that this recipient may hold, too.")
    ] = None,
    fit_earlier: FitOption = False,
    reason: ReasonOption = None,
) -> None:
    """Say what a release would cost if it were made now; nothing is kept."""
    with opened() as (engine, _), db.reading(engine) as session:
        asked = sound(
            PreviewAsk,
            tier=tier,
            k=k,
            recipient=recipient,
            fit_earlier=fit_earlier,
            not_compared_reason=reason,
        )
        found = previewing.preview(session, engine, studies.get(session, study), asked)
    previews.show(found)


app.command("policy")(disclosure.policy)
app.command("hierarchy")(disclosure.hierarchy)


@app.command("show")
def show(study: UUID, number: Annotated[str, typer.Argument(help="A number, or latest.")] = "latest") -> None:
    """Show a release and its files."""
    with operating() as (session, _):
        _print(service.view(service.by_number(session, study, number)))


@app.command("verify")
def verify(
    study: UUID, number: Annotated[str, typer.Argument(help="A number, or latest.")] = "latest"
) -> None:
    """Verify a published release again: its files' hashes, and k, links and cells of the files themselves."""
    with operating() as (session, found):
        release = service.by_number(session, study, number)
        findings = recheck(session, found, release)
        count = len(release.files)
    for finding in findings:
        out.print(finding, markup=False, highlight=False, soft_wrap=True)
    if findings:
        raise typer.Exit(1)
    out.print(f"Release {release.number} is as it was published: {count} files verified.", highlight=False)


@app.command("download")
def download(
    study: UUID,
    number: Annotated[str, typer.Argument(help="A number, or latest.")] = "latest",
    folder: Annotated[Path, typer.Option(help="Where to put the files.")] = Path(),
) -> None:
    """Copy a published release's files into a folder, while an agreement with its recipient is in force."""
    with opened() as (engine, found):
        with db.transaction(engine) as session:
            release = service.by_number(session, study, number)
            files = [service.file_of(release, one.name) for one in service.view(release).files]
            agreements.of_release(session, release)
            for file in files:
                service.note_download(session, OPERATOR, release, file.name)
            storage, source = Storage(found.storage), release.folder
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            pieces = pieces_of(storage, f"{source}/{file.name}", Part(200, 0, file.bytes, {}))
            with (folder / file.name).open("wb") as target:
                target.writelines(pieces)
            out.print(f"{folder / file.name}  {file.bytes} bytes", highlight=False)


def _follow(study: UUID, number: str) -> ReleaseView:
    """Show a release's progress until it ends."""
    engine = db.make_engine(settings())
    with refusals(), Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()) as bar:
        task = bar.add_task("waiting for a worker")
        while True:
            with db.reading(engine) as session:
                release = service.shown(session, service.by_number(session, study, number))
            if release.status not in _GOING_ON:
                break
            if release.ahead:
                bar.update(task, description=f"waiting; {release.ahead} before it")
            if release.status == ReleaseStatus.BUILDING:
                bar.update(task, description=f"{release.progress} entries written")
            time.sleep(0.2)
    engine.dispose()
    _print(release)
    return release


def _print(release: ReleaseView) -> None:
    cutoff = f"{release.cutoff:%Y-%m-%d %H:%M}"
    out.print(f"Release {release.number}: {release.status.value} ({release.tier}), cutoff {cutoff} UTC")
    if release.refusal:
        out.print(release.refusal)
    for file in release.files:
        rows = f", {file.rows} rows" if file.rows is not None else ""
        out.print(
            f"  {file.name}: {file.bytes} bytes{rows}, sha256 {file.sha256}", highlight=False, soft_wrap=True
        )
