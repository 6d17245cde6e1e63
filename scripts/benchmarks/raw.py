"""Raw driver inserts of the same rows: what each database does when nothing else has to be done."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg

from api.core.config import Settings
from api.core.ids import new_id

Rows = list[Sequence[Any]]


def inserted_per_second(settings: Settings, count: int, per_commit: int) -> float:
    """Insert entries with their revisions, some to a commit, on one connection; return entries per second."""
    return (
        _sqlite(settings, count, per_commit) if settings.is_sqlite else _postgres(settings, count, per_commit)
    )


def _sqlite(settings: Settings, count: int, per_commit: int) -> float:
    path = settings.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")
        entry = connection.execute("SELECT * FROM entry LIMIT 1").fetchone()
        revision = connection.execute("SELECT * FROM entry_revision LIMIT 1").fetchone()
        entries = f"INSERT INTO entry VALUES ({', '.join('?' * len(entry))})"  # noqa: S608 - counts columns
        revisions = f"INSERT INTO entry_revision VALUES ({', '.join('?' * len(revision))})"  # noqa: S608 - as above

        def commit(ids: list[UUID]) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(entries, [(one.hex, *entry[1:]) for one in ids])
            connection.executemany(revisions, [(one.hex, *revision[1:]) for one in ids])
            connection.execute("COMMIT")

        return _timed(commit, count, per_commit)


def _postgres(settings: Settings, count: int, per_commit: int) -> float:
    url = settings.database.replace("+psycopg", "")
    with psycopg.connect(url, prepare_threshold=1) as connection, connection.cursor() as cursor:
        entry = _first(cursor.execute("SELECT * FROM entry LIMIT 1"))
        revision = _first(cursor.execute("SELECT * FROM entry_revision LIMIT 1"))
        entries = f"INSERT INTO entry VALUES ({', '.join(['%s'] * len(entry))})".encode()  # noqa: S608 - as above
        revisions = f"INSERT INTO entry_revision VALUES ({', '.join(['%s'] * len(revision))})".encode()  # noqa: S608 - as above

        def commit(ids: list[UUID]) -> None:
            cursor.executemany(entries, [(one, *entry[1:]) for one in ids])
            cursor.executemany(revisions, [(one, *revision[1:]) for one in ids])
            connection.commit()

        return _timed(commit, count, per_commit)


def _first(found: psycopg.Cursor[tuple[Any, ...]]) -> tuple[Any, ...]:
    row = found.fetchone()
    if row is None:
        raise LookupError("Store one entry first: the rows are copies of it.")
    return row


def _batches(count: int, size: int) -> Iterator[list[UUID]]:
    for _ in range(count // size):
        yield [new_id() for _ in range(size)]


def _timed(commit: Callable[[list[UUID]], None], count: int, per_commit: int) -> float:
    batches = list(_batches(count, per_commit))
    started = time.perf_counter()
    for ids in batches:
        commit(ids)
    return len(batches) * per_commit / (time.perf_counter() - started)
