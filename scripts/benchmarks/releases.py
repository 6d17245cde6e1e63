"""`scripts/bench releases`: a whole release of many entries against the database's own export of the same rows."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Annotated
from uuid import UUID

import polars as pl
import psycopg
import typer

from api.core import db, logging
from api.core.config import Settings
from api.core.jobs import JobContext
from api.releases import build, making
from api.releases.formats.csv import write_csv
from api.releases.layout import lay_out
from api.releases.models import Release
from api.releases.policy import Policy
from api.releases.snapshot import frozen
from api.releases.staging import Chunks
from api.releases.tabulate import TEXTS, wide
from scripts.benchmarks import stock
from scripts.benchmarks.lab import databases
from scripts.benchmarks.report import keep, show
from tests.journeys.server import environment

SAME_ROWS = (
    "SELECT e.id, e.participant_id, e.instrument_version_id, e.kind, e.happened_at, e.time_zone, e.local_date, "
    "e.entered_by, e.follows, r.content FROM entry e JOIN entry_revision r "
    "ON r.entry_id = e.id AND r.version = e.version"
)
BARS = {"entries.csv": "0.3 / 0.6", "everything": "0.1 / 0.25"}


def exported(settings: Settings, path: Path) -> float:
    """Export the same rows with the database's own means; return rows per second."""
    started = time.perf_counter()
    rows = _sqlite(settings, path) if settings.is_sqlite else _postgres(settings, path)
    return rows / (time.perf_counter() - started)


def _sqlite(settings: Settings, path: Path) -> int:
    file_name = settings.database.removeprefix("sqlite:///")
    if tool := shutil.which("sqlite3"):
        with path.open("wb") as file:
            subprocess.run([tool, "-csv", file_name, SAME_ROWS], stdout=file, check=True)  # noqa: S603 - our own words
        return _counted(file_name)
    # Without the command-line tool: Python's sqlite3 and csv, both in C.
    with closing(sqlite3.connect(file_name)) as connection, path.open("w", newline="") as table:
        csv.writer(table).writerows(connection.execute(SAME_ROWS))
    return _counted(file_name)


def _counted(file_name: str) -> int:
    with closing(sqlite3.connect(file_name)) as connection:
        found: int = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    return found


def _postgres(settings: Settings, path: Path) -> int:
    url = settings.database.replace("+psycopg", "")
    with psycopg.connect(url) as connection, connection.cursor() as cursor, path.open("wb") as file:
        with cursor.copy(f"COPY ({SAME_ROWS}) TO STDOUT WITH (FORMAT csv)".encode()) as copy:
            for piece in copy:
                file.write(piece)
        return cursor.rowcount


def released(settings: Settings, release: Release, *, only_entries: bool = False) -> dict[str, float]:
    """Make a release in a process of its own; return its seconds and its memory, in MiB, before and at its peak."""
    what = "--only-entries" if only_entries else "--whole"
    command = [sys.executable, "-m", "scripts.benchmarks.releases", "--make", str(release.id), what]
    found = subprocess.run(  # noqa: S603 - our own words
        command, env={**os.environ, **environment(settings)}, stdout=subprocess.PIPE, check=True, text=True
    )
    result: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
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
    took = {"seconds": time.perf_counter() - started, "idle_mib": idle, "peak_mib": stock.peak()}
    print(json.dumps(took))


def write_entries(settings: Settings, release_id: str) -> None:
    """Read, de-identify and write entries.csv as the job does, and nothing else."""
    engine = db.make_engine(settings)
    with db.reading(engine) as session:
        release = session.get_one(Release, UUID(release_id))
    scope = build.scope_of(engine, settings, release)
    with tempfile.TemporaryDirectory() as name, frozen(engine, release.study_id, release.cutoff) as view:
        layout = lay_out(view.versions, Policy.model_validate(release.policy))
        staged = making.stage(view, layout, scope, Path(name), lambda _: None)
        chunks = Chunks(Path(name) / "entries", layout.entries)
        for entries in staged.entries.parts():
            if entries is not None:
                chunks.add(wide(layout, entries, pl.DataFrame(schema=TEXTS)))
        write_csv(chunks, Path(name))
    engine.dispose()


def main(
    entries: Annotated[int, typer.Option(help="How many entries are released.")] = 1_000_000,
    people: Annotated[int, typer.Option(help="Of how many participants.")] = 300,
    make_one: Annotated[str | None, typer.Option("--make", hidden=True)] = None,
    only_entries: Annotated[bool, typer.Option("--only-entries/--whole", hidden=True)] = False,
) -> None:
    """Compare making a release with exporting the same rows."""
    if make_one:
        make(make_one, only_entries=only_entries)
        return
    logging.configure("ERROR")
    rows, kept = [], {}
    with databases() as found, tempfile.TemporaryDirectory() as folder:
        for name in ("sqlite", "postgresql"):
            settings = found[name]
            study_id = stock.fill(settings, entries, people)
            baseline = exported(settings, Path(folder) / f"{name}.csv")
            release = stock.ask(settings, study_id)
            for what, bar in BARS.items():
                took = released(settings, release, only_entries=what == "entries.csv")
                rate = entries / took["seconds"]
                kept[f"{name} {what}"] = took | {
                    "rows_per_second": rate,
                    "export": baseline,
                    "ratio": rate / baseline,
                }
                memory = f"{took['peak_mib'] - took['idle_mib']:.0f} MiB"
                rows.append(
                    [name, what, f"{rate:,.0f}", f"{baseline:,.0f}", f"{rate / baseline:.2f}", bar, memory]
                )
    show(
        f"A release of {entries:,} entries of {people} people",
        ["", "", "rows/s", "export rows/s", "ratio", "floor / goal", "memory above idle"],
        rows,
    )
    keep("releases", {"entries": entries, "people": people, "subjects": kept})


if __name__ == "__main__":
    typer.run(main)
