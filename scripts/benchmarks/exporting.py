"""Exports entries with the database's own means: the sqlite3 tool and COPY."""

import csv
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psycopg

from api.core.config import Settings

_STORED = (
    "e.id, e.participant_id, e.instrument_version_id, e.kind, e.happened_at, e.time_zone, e.local_date, "
    "e.entered_by, e.follows"
)
_ROWS = "entry e JOIN entry_revision r ON r.entry_id = e.id AND r.version = e.version"


def same_columns(settings: Settings, asked: Sequence[str]) -> str:
    """Return what selects the columns of entries.csv with the database's own means: one for each question."""
    if settings.is_sqlite:
        answers = ", ".join(f"json_extract(CAST(r.content AS TEXT), '$.answers.{key}')" for key in asked)
        return f"SELECT {_STORED}, {answers} FROM {_ROWS}"  # noqa: S608 - keys of our own instruments
    answers = ", ".join(f"{key} text" for key in asked)
    content = "convert_from(r.content, 'UTF8')::jsonb -> 'answers'"
    return f"SELECT {_STORED}, a.* FROM {_ROWS}, jsonb_to_record({content}) AS a({answers})"  # noqa: S608 - as above


def same_rows() -> str:
    """Return what selects the rows as they are stored, all answers of one in one cell."""
    return f"SELECT {_STORED}, r.content FROM {_ROWS}"  # noqa: S608 - no input


def exported(settings: Settings, query: str, path: Path) -> float:
    """Export with the database's own means; return rows per second."""
    started = time.perf_counter()
    rows = _sqlite(settings, query, path) if settings.is_sqlite else _postgres(settings, query, path)
    return rows / (time.perf_counter() - started)


def _sqlite(settings: Settings, query: str, path: Path) -> int:
    file_name = settings.database.removeprefix("sqlite:///")
    if tool := shutil.which("sqlite3"):
        with path.open("wb") as file:
            subprocess.run([tool, "-csv", file_name, query], stdout=file, check=True)  # noqa: S603 - our own words
        return _counted(file_name)
    # Without the command-line tool: Python's sqlite3 and csv, both in C.
    with closing(sqlite3.connect(file_name)) as connection, path.open("w", newline="") as table:
        csv.writer(table).writerows(connection.execute(query))
    return _counted(file_name)


def _counted(file_name: str) -> int:
    with closing(sqlite3.connect(file_name)) as connection:
        found: int = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    return found


def _postgres(settings: Settings, query: str, path: Path) -> int:
    url = settings.database.replace("+psycopg", "")
    with psycopg.connect(url) as connection, connection.cursor() as cursor, path.open("wb") as file:
        with cursor.copy(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)".encode()) as copy:
            for piece in copy:
                file.write(piece)
        return cursor.rowcount
