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

import psycopg
import typer

from api.core import logging
from api.core.config import Settings
from api.core.jobs import JobContext
from api.releases import build
from api.releases.models import Release
from scripts.benchmarks import stock
from scripts.benchmarks.lab import databases
from scripts.benchmarks.report import keep, show
from tests.journeys.server import environment

SAME_ROWS = (
    "SELECT e.id, e.participant_id, e.instrument_version_id, e.kind, e.happened_at, e.time_zone, e.local_date, "
    "e.entered_by, e.follows, r.content FROM entry e JOIN entry_revision r "
    "ON r.entry_id = e.id AND r.version = e.version"
)
BAR = "0.3 / 0.6"


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


def released(settings: Settings, release: Release) -> dict[str, float]:
    """Make a release in a process of its own; return its seconds and its memory, in MiB, before and at its peak."""
    command = [sys.executable, "-m", "scripts.benchmarks.releases", "--make", str(release.id)]
    found = subprocess.run(  # noqa: S603 - our own words
        command, env={**os.environ, **environment(settings)}, stdout=subprocess.PIPE, check=True, text=True
    )
    result: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return result


def make(release_id: str) -> None:
    """Make one release here, and print what it took."""
    settings = Settings()
    idle = stock.resident()
    started = time.perf_counter()
    build.build(JobContext(settings, "bench"), release_id)
    took = {"seconds": time.perf_counter() - started, "idle_mib": idle, "peak_mib": stock.peak()}
    print(json.dumps(took))


def main(
    entries: Annotated[int, typer.Option(help="How many entries are released.")] = 1_000_000,
    people: Annotated[int, typer.Option(help="Of how many participants.")] = 300,
    make_one: Annotated[str | None, typer.Option("--make", hidden=True)] = None,
) -> None:
    """Compare making a release with exporting the same rows."""
    if make_one:
        make(make_one)
        return
    logging.configure("ERROR")
    rows, kept = [], {}
    with databases() as found, tempfile.TemporaryDirectory() as folder:
        for name in ("sqlite", "postgresql"):
            settings = found[name]
            study_id = stock.fill(settings, entries, people)
            baseline = exported(settings, Path(folder) / f"{name}.csv")
            release = stock.ask(settings, study_id)
            took = released(settings, release)
            rate = entries / took["seconds"]
            kept[name] = took | {"rows_per_second": rate, "export": baseline, "ratio": rate / baseline}
            memory = f"{took['peak_mib'] - took['idle_mib']:.0f} MiB"
            rows.append([name, f"{rate:,.0f}", f"{baseline:,.0f}", f"{rate / baseline:.2f}", BAR, memory])
    show(
        f"A whole release of {entries:,} entries of {people} people",
        ["", "rows/s", "export rows/s", "ratio", "floor / goal", "memory above idle"],
        rows,
    )
    keep("releases", {"entries": entries, "people": people, "subjects": kept})


if __name__ == "__main__":
    typer.run(main)
