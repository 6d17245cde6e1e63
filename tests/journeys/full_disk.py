"""Disks that are full until they are freed: files may not grow any further. No mount, no privilege is needed."""

import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString, Protocol

import psycopg

from tests.journeys.server import Server

_PAGE = 8192
_SEGMENT = 16 << 20
"""PostgreSQL stops when it cannot write its log, which it makes in files of this size: the limit lies above it."""
_QUARTER = 1968
"""Four rows with a content of this size fill a page: there is no room left in it for even the smallest."""
_FILLER = "filler"
_CONNECTED = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
_Connection = psycopg.Connection[tuple[Any, ...]]


class Disk(Protocol):
    """A disk that can be full."""

    def fill(self, server: Server) -> None:
        """Leave no room."""

    def free(self) -> None:
        """Make room."""


class SqliteDisk:
    """The disk of a server that keeps its database and its own log in files: it may write to none of them."""

    def __init__(self) -> None:
        self._processes: list[int] = []

    def fill(self, server: Server) -> None:
        """Leave no room."""
        assert server.pid is not None
        self._processes = [server.pid]
        _limit(self._processes, 0)

    def free(self) -> None:
        """Make room."""
        _limit(self._processes, None)


class PostgresDisk:
    """The disk of a PostgreSQL server: the table to which every entry goes is its largest file, and may not grow."""

    def __init__(self, url: str) -> None:
        self._url = url
        with self._connected() as connection:
            connection.execute("ALTER TABLE entry_revision SET (autovacuum_enabled = off)")
            self._insert(connection, rows=_SEGMENT // _PAGE * 4 + 4, size=_QUARTER)

    def fill(self, server: Server) -> None:
        """Leave no room: no file may grow, and the last page is used up."""
        with self._connected() as connection:
            size = _ask(connection, "SELECT pg_relation_size('entry_revision')")
            assert int(size) > _SEGMENT
            _limit(self._processes(connection), int(size) + 8 * _PAGE)
            with suppress(psycopg.InternalError):
                self._insert_until_full(connection)

    def free(self) -> None:
        """Make room, and take away what filled it."""
        with self._connected() as connection:
            _limit(self._processes(connection), None)
            connection.execute("DELETE FROM entry_revision WHERE content_hash = %s", [_FILLER])

    def _connected(self) -> _Connection:
        return psycopg.connect(self._url, autocommit=True)

    def _insert(self, connection: _Connection, rows: int, size: int) -> None:
        connection.execute("SET session_replication_role = replica")  # filler belongs to no entry
        connection.execute(
            "INSERT INTO entry_revision (entry_id, version, content_hash, content, received_at) "
            "SELECT gen_random_uuid(), 1, %s, decode(repeat('00', %s), 'hex'), now() FROM generate_series(1, %s)",
            [_FILLER, size, rows],
        )

    def _insert_until_full(self, connection: _Connection) -> None:
        for _ in range(2_000):
            self._insert(connection, rows=1, size=1)
        raise AssertionError("The table still grows.")

    def _processes(self, connection: _Connection) -> Iterable[int]:
        """Yield the process from which the others are forked, and only then the others."""
        yield int(
            (Path(_ask(connection, "SHOW data_directory")) / "postmaster.pid").read_text().splitlines()[0]
        )
        yield from [int(row[0]) for row in connection.execute(_CONNECTED)]


def _ask(connection: _Connection, question: LiteralString) -> str:
    answer = connection.execute(question).fetchone()
    assert answer is not None
    return str(answer[0])


def _limit(processes: Iterable[int], size: int | None) -> None:
    for process in processes:
        with suppress(FileNotFoundError):  # a connection that was closed since
            folder = Path(f"/proc/{process}")
            whose = (
                folder.stat()
            )  # the limits of another user's process are not even root's to set, in a container
            subprocess.run(
                ["prlimit", f"--pid={process}", f"--fsize={'unlimited' if size is None else size}:"],
                user=whose.st_uid,
                group=whose.st_gid,
                check=folder.exists(),
            )
