"""`scripts/bench releases`: a whole release of many entries against the database's own export of the same rows."""

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated
from uuid import UUID

import polars as pl
import typer

from api.core import db, logging
from api.core.config import Settings
from api.core.jobs import JobContext
from api.releases import build, making
from api.releases.ahead import ahead
from api.releases.formats import csv
from api.releases.layout import Layout, lay_out
from api.releases.models import Release
from api.releases.policy import Policy
from api.releases.snapshot import frozen
from api.releases.tabulate import TEXTS, wide
from schemas.release import ReleaseStatus
from scripts.benchmarks import exporting, stock
from scripts.benchmarks.lab import databases
from scripts.benchmarks.report import keep, show
from tests.journeys.server import environment

Figures = dict[str, float]
BARS = {"entries.csv": "0.3 / 0.6", "everything": "0.1 / 0.25"}


def released(settings: Settings, release: Release, *, only_entries: bool = False) -> Figures:
    """Make a release in a process of its own; return its seconds and its memory, in MiB, before and at its peak."""
    what = "--only-entries" if only_entries else "--whole"
    command = [sys.executable, "-m", "scripts.benchmarks.releases", "--make", str(release.id), what]
    found = subprocess.run(  # noqa: S603 - our own words
        command, env={**os.environ, **environment(settings)}, stdout=subprocess.PIPE, check=True, text=True
    )
    result: Figures = json.loads(found.stdout.splitlines()[-1])
    return result


def make(release_id: str, *, only_entries: bool) -> None:
    """Make one release here, or its entries.csv alone, and print what it took."""
    settings = Settings()
    idle = stock.resident()
    started = time.perf_counter()
    if only_entries:
        write_entries(settings, release_id)
    else:
        build.build(JobContext(settings, "bench"), release_id)
        if stock.status(settings, UUID(release_id)) != ReleaseStatus.PUBLISHED:
            raise RuntimeError("The release was not published.")
    took = {"seconds": time.perf_counter() - started, "idle_mib": idle, "peak_mib": stock.peak()}
    print(json.dumps(took))


def write_entries(settings: Settings, release_id: str) -> None:
    """Read, de-identify and write entries.csv as the job does, and nothing else."""
    engine = db.make_engine(settings)
    with db.reading(engine) as session:
        release = session.get_one(Release, UUID(release_id))
    scope = build.scope_of(engine, settings, release)
    policy = Policy.model_validate(release.policy)
    told = policy.keys  # of profiles, as the job reads them
    with (
        tempfile.TemporaryDirectory() as name,
        frozen(engine, release.study_id, release.cutoff, told) as view,
    ):
        layout = lay_out(view.versions, policy)
        staged = making.stage(view, layout, scope, Path(name), lambda _: None)
        with (Path(name) / "entries.csv").open("wb") as file:
            file.write(csv.head(layout.entries))
            for lines in ahead(partial(_lines, layout), staged.entries.parts()):
                file.write(lines)
    engine.dispose()


def _lines(layout: Layout, entries: pl.DataFrame | None) -> bytes:
    if entries is None:
        return b""
    return csv.lines(layout.entries.conform(wide(layout, entries, pl.DataFrame(schema=TEXTS))))


def asked_of(settings: Settings, release: Release) -> list[str]:
    """Return the keys of the questions whose answers stand in entries.csv."""
    engine = db.make_engine(settings)
    with frozen(engine, release.study_id, release.cutoff) as view:
        layout = lay_out(view.versions, Policy.model_validate(release.policy))
    engine.dispose()
    return sorted({slot.key for slot in layout.slots if slot.is_staged})


def compared(settings: Settings, entries: int, people: int, rounds: int, folder: Path) -> dict[str, Figures]:
    """Fill a database, then export its rows and release them in turn; return the medians of some rounds."""
    study_id = stock.fill(settings, entries, people)
    release = stock.ask(settings, study_id, "never made")
    queries = {
        "same columns": exporting.same_columns(settings, asked_of(settings, release)),
        "rows as stored": exporting.same_rows(),
    }
    exports: dict[str, list[float]] = {name: [] for name in queries}
    releases: dict[str, list[Figures]] = {what: [] for what in BARS}
    for number in range(rounds):
        for name, query in queries.items():
            exports[name].append(exporting.exported(settings, query, folder / "exported.csv"))
        asked = stock.ask(settings, study_id, f"round {number}")
        for what in BARS:
            releases[what].append(released(settings, asked, only_entries=what == "entries.csv"))
    return {what: _medians(entries, releases[what], exports) for what in BARS}


def _medians(entries: int, taken: list[Figures], exports: dict[str, list[float]]) -> Figures:
    rate = entries / median(one["seconds"] for one in taken)
    found = {"rows_per_second": rate, "memory_mib": max(one["peak_mib"] - one["idle_mib"] for one in taken)}
    for name, rates in exports.items():
        found |= {f"export, {name}": median(rates), f"ratio to {name}": rate / median(rates)}
    return found


def main(
    entries: Annotated[int, typer.Option(help="How many entries are released.")] = 1_000_000,
    people: Annotated[int, typer.Option(help="Of how many participants.")] = 300,
    rounds: Annotated[int, typer.Option(help="How often each is measured, in turn.")] = 1,
    make_one: Annotated[str | None, typer.Option("--make", hidden=True)] = None,
    only_entries: Annotated[bool, typer.Option("--only-entries/--whole", hidden=True)] = False,
) -> None:
    """Compare making a release with exporting the same columns and the same rows."""
    if make_one:
        make(make_one, only_entries=only_entries)
        return
    logging.configure("ERROR")
    rows, kept = [], {}
    with databases() as found, tempfile.TemporaryDirectory() as folder:
        for name in ("sqlite", "postgresql"):
            for what, told in compared(found[name], entries, people, rounds, Path(folder)).items():
                kept[f"{name} {what}"] = told
                rates = [f"{told[key]:,.0f}" for key in ("rows_per_second", "export, same columns")]
                ratios = [f"{told[f'ratio to {other}']:.3f}" for other in ("same columns", "rows as stored")]
                rows.append(
                    [name, what, *rates, ratios[0], BARS[what], ratios[1], f"{told['memory_mib']:.0f} MiB"]
                )
    show(
        f"A release of {entries:,} entries of {people} people",
        [
            "",
            "",
            "rows/s",
            "export rows/s",
            "ratio",
            "floor / goal",
            "to rows as stored",
            "memory above idle",
        ],
        rows,
    )
    keep("releases", {"entries": entries, "people": people, "rounds": rounds, "subjects": kept})


if __name__ == "__main__":
    typer.run(main)
