"""Copies a SQLite database while it is written to, and puts one back with a single rename."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from api.core import db
from api.core.config import Settings
from api.core.storage import Readable
from scripts.backup.archive import pieces
from scripts.backup.places import IN_USE, NOT_EMPTY, Snapshot, remove, sync_folder
from scripts.backup.refusals import NotDone

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@contextmanager
def snapshot(settings: Settings, folder: Path) -> Iterator[Snapshot]:
    """Copy the database as it is at one moment; writers go on."""
    path, copy = database_file(settings), folder / "daybook.sqlite3"
    if not path.exists():
        raise NotDone(f"There is no database at {path}.")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # all pages under one read lock; `cp` would tear them
        check(target)
    engine = db.make_engine(settings.model_copy(update={"database_url": f"sqlite:///{copy}"}))
    try:
        with db.reading(engine) as session:
            yield Snapshot(session, lambda: copy.open("rb"))
    finally:
        engine.dispose()


class Target:
    """The database file that a restore replaces."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = database_file(settings)
        self._draft = self._path.with_name(self._path.name + ".restoring")
        self._held: sqlite3.Connection | None = None

    def claim(self, *, replace: bool) -> None:
        """Keep everybody else away from the target; refuse one that is in use, or may not be replaced."""
        self._remove_draft()
        if self._path.exists() and self._hold() and not replace:
            raise NotDone(NOT_EMPTY)

    def stage(self, source: Readable) -> Settings:
        """Write the backup's database beside the target; return settings that open it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces(source):
                file.write(piece)
        with closing(sqlite3.connect(self._draft)) as draft:
            check(draft)
        return self._settings.model_copy(update={"database_url": f"sqlite:///{self._draft}"})

    def switch(self) -> None:
        """Put the staged database in the target's place: before this the target is whole, after it the backup is."""
        with closing(sqlite3.connect(self._draft)) as draft:
            draft.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        with self._draft.open("rb") as file:
            os.fsync(file.fileno())
        _forget_jobs(self._settings)
        if self._held is None:  # a log that no database could be opened with must not meet the new one
            remove(self._path.with_name(self._path.name + end) for end in ("-wal", "-shm"))
        self._draft.replace(self._path)
        sync_folder(self._path.parent)

    def release(self) -> None:
        """Let go of the target, and remove what was staged and not used."""
        if self._held is not None:
            self._held.close()
        self._remove_draft()

    def _hold(self) -> bool:
        """Lock the target for as long as we need it; return whether it holds rows."""
        held = sqlite3.connect(self._path, isolation_level=None, timeout=0.5)
        try:
            held.execute("PRAGMA locking_mode=EXCLUSIVE")
            held.execute(
                "PRAGMA journal_mode=DELETE"
            )  # folds its log in; fails as long as anybody else has it open
            held.execute("BEGIN EXCLUSIVE")
            names = [row[0] for row in held.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            self._held = held
            return any(
                held.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()  # noqa: S608 - the database's own names
                for name in names
                if name != "alembic_version"
            )
        except sqlite3.DatabaseError as error:
            held.close()
            if error.sqlite_errorcode in _LOCKED:
                raise NotDone(IN_USE) from None
            return True  # something is there, and it is no longer a database

    def _remove_draft(self) -> None:
        remove(self._draft.with_name(self._draft.name + end) for end in ("", "-wal", "-shm", "-journal"))


def database_file(settings: Settings) -> Path:
    """Return the file of the database."""
    return Path(make_url(settings.database).database or "")


def check(connection: sqlite3.Connection) -> None:
    """Refuse a database whose pages do not fit together."""
    if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        raise NotDone("The database is damaged: SQLite's integrity check does not pass.")


def _forget_jobs(settings: Settings) -> None:
    """Remove the queue: it would take jobs of the restored rows for done. The sweep fills it again from the rows."""
    with suppress(FileNotFoundError):
        remove(settings.data_dir.glob("jobs.sqlite3*"))
