"""Dumps a PostgreSQL database from one snapshot, and puts one back with a rename of databases."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from api.core import db
from api.core.config import Settings
from api.core.storage import Readable
from scripts.backup import postgres_programs as programs
from scripts.backup.places import BUSY, IN_USE, NOT_EMPTY, Snapshot
from scripts.backup.refusals import NotDone

_ADMIN = "postgres"  # the database from which others are made, renamed and dropped
_LOCK = 0x0DA7BAC0


@contextmanager
def snapshot(settings: Settings, _folder: Path) -> Iterator[Snapshot]:
    """Hold one snapshot, for questions and for pg_dump alike; writers go on."""
    engine = db.make_engine(settings)
    try:
        with engine.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            server = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
            program = programs.find_pg_dump(settings, server)
            with Session(connection) as session:
                yield Snapshot(session, lambda: programs.dump(settings, program, name))
    finally:
        engine.dispose()


class Target:
    """The database that a restore replaces."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name = str(programs.place(settings)["dbname"])
        self._draft, self._old = f"{self._name[:50]}_restoring", f"{self._name[:50]}_replaced"
        self._program = programs.find(settings, "pg_restore")
        self._admin = psycopg.connect(**programs.place(settings, _ADMIN), autocommit=True)

    def claim(self, *, replace: bool) -> None:
        """Refuse a target that is in use, or holds rows and may not be replaced."""
        try:  # waiting a little: the server may not have noticed yet that an earlier restore was killed
            self._admin.execute("SET lock_timeout = '10s'")
            self._admin.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        except psycopg.errors.LockNotAvailable:
            raise NotDone(BUSY) from None
        for left_by_a_killed_restore in (self._draft, self._old):
            self._drop(left_by_a_killed_restore)
        clients = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
        )
        if self._ask(clients, self._name):
            raise NotDone(IN_USE)
        if not replace and self._exists() and self._holds_rows():
            raise NotDone(NOT_EMPTY)

    def stage(self, source: Readable) -> Settings:
        """Restore the backup into a database of its own, in one transaction; return settings that open it."""
        try:
            self._run("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", self._draft)
        except psycopg.errors.InsufficientPrivilege:
            raise NotDone(
                "The role may not create databases, which a restore needs: ALTER ROLE ... CREATEDB, for its time."
            ) from None
        url = make_url(self._settings.database).set(database=self._draft)
        staged = self._settings.model_copy(update={"database_url": url.render_as_string(hide_password=False)})
        programs.feed(staged, self._program, source)
        return staged

    def switch(self) -> None:
        """Rename the databases in one transaction: before it the target is whole, after it the backup is."""
        try:
            with self._admin.transaction():
                if self._exists():
                    self._run("ALTER DATABASE {} RENAME TO {}", self._name, self._old)
                self._run("ALTER DATABASE {} RENAME TO {}", self._draft, self._name)
        except psycopg.errors.ObjectInUse:
            raise NotDone(IN_USE) from None
        self._drop(self._old)

    def release(self) -> None:
        """Let go of the server, and drop what was staged and not used."""
        with suppress(psycopg.Error):  # a server that has gone away: the next restore drops it
            self._drop(self._draft)
        self._admin.close()

    def _exists(self) -> bool:
        return self._ask("SELECT count(*) FROM pg_database WHERE datname = %s", self._name) == 1

    def _holds_rows(self) -> bool:
        with psycopg.connect(**programs.place(self._settings)) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchall()
            one_row = sql.SQL("SELECT 1 FROM public.{} LIMIT 1")
            return any(
                connection.execute(one_row.format(sql.Identifier(name))).fetchone() for (name,) in tables
            )

    def _drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, statement: LiteralString, *names: str) -> None:
        self._admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _ask(self, query: LiteralString, value: str | int) -> int:
        row = self._admin.execute(query, [value]).fetchone()
        return int(row[0]) if row else 0
