"""Raw driver inserts of the same rows: what each database does when nothing else has to be done."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg

from api.core.config import Settings
from api.core.ids import new_id


def inserted_per_second(settings: Settings, count: int, per_commit: int, *, together: bool = False) -> float:
    """Insert entries with their revisions, some to a commit, on one connection; return entries per second.

    One statement per row, or all rows of a commit together by executemany.
    """
    insert = _sqlite if settings.is_sqlite else _postgres
    return insert(settings, count, per_commit, together)


def _sqlite(settings: Settings, count: int, per_commit: int, together: bool) -> float:
    path = settings.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")
        entry = connection.execute("SELECT * FROM entry LIMIT 1").fetchone()
        revision = connection.execute("SELECT * FROM entry_revision LIMIT 1").fetchone()

        def commit(ids: list[UUID]) -> None:
            connection.execute("BEGIN IMMEDIATE")
            for table, row in (("entry", entry), ("entry_revision", revision)):
                statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})"  # noqa: S608 - our own words
                rows = [(one.hex, *row[1:]) for one in ids]
                if together:
                    connection.executemany(statement, rows)
                else:
                    for one in rows:
                        connection.execute(statement, one)
            connection.execute("COMMIT")

        return _timed(commit, count, per_commit)


def _postgres(settings: Settings, count: int, per_commit: int, together: bool) -> float:
    url = settings.database.replace("+psycopg", "")
    with psycopg.connect(url, prepare_threshold=1) as connection, connection.cursor() as cursor:
        entry = _first(cursor.execute("SELECT * FROM entry LIMIT 1"))
        revision = _first(cursor.execute("SELECT * FROM entry_revision LIMIT 1"))

        def commit(ids: list[UUID]) -> None:
            for table, row in (("entry", entry), ("entry_revision", revision)):
                statement = f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(row))})".encode()  # noqa: S608 - our own words
                rows = [(one, *row[1:]) for one in ids]
                if together:
                    cursor.executemany(statement, rows)
                else:
                    for one in rows:
                        cursor.execute(statement, one)
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
