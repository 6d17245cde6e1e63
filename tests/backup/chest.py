"""Opens backups independently of `daybook restore`, and says what a place holds."""

import hashlib
import io
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from api.core import db
from api.core.config import Settings
from scripts.backup.archive import members, pieces
from scripts.backup.container import Reader
from tests.databases import PG_BIN
from tests.meta.shape import contents

PASSPHRASE = "six random words make a passphrase"


def unpack(backup: Path) -> dict[str, bytes]:
    """Return a backup's members."""
    found = members(Reader(io.BytesIO(backup.read_bytes()), PASSPHRASE))
    return {name: b"".join(pieces(member)) for name, member in found}


def rows_of(settings: Settings) -> dict[str, list[str]]:
    """Return every row of every table of the database that is set."""
    engine = db.make_engine(settings)
    try:
        return contents(engine)
    finally:
        engine.dispose()


@contextmanager
def snapshot_in(backup: Path, settings: Settings, folder: Path) -> Iterator[Settings]:
    """Open the database that a backup holds, without `daybook restore`."""
    dump = unpack(backup)["database"]
    if settings.is_sqlite:
        path = folder / "snapshot.sqlite3"
        path.write_bytes(dump)
        yield settings.model_copy(update={"database_url": f"sqlite:///{path}"})
        return
    with database(settings, "snapshot") as url:
        subprocess.run([f"{PG_BIN}/pg_restore", "--no-owner", "-d", url], input=dump, check=True)
        yield settings.model_copy(update={"database_url": url})


def rows_in(backup: Path, settings: Settings, folder: Path) -> dict[str, list[str]]:
    """Return every row of every table of the snapshot that a backup holds."""
    with snapshot_in(backup, settings, folder) as found:
        return rows_of(found)


@contextmanager
def database(settings: Settings, suffix: str) -> Iterator[str]:
    """Make an empty PostgreSQL database beside the one that is set, and drop it after."""
    base, _, query = settings.database_url.partition("?")
    server, _, name = base.rpartition("/")
    with psycopg.connect(f"{server}/postgres?{query}", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}_{suffix}".encode())
        yield f"{server}/{name}_{suffix}?{query}"
        admin.execute(f"DROP DATABASE {name}_{suffix} WITH (FORCE)".encode())


@contextmanager
def empty_place(settings: Settings, folder: Path) -> Iterator[Settings]:
    """Give settings of a new machine: an empty folder, a new database, the same keys and ledger."""
    with ExitStack() as stack:
        url = "" if settings.is_sqlite else stack.enter_context(database(settings, "new"))
        new = {"data_dir": folder / "new", "database_url": url, "ledger": str(settings.ledger_path)}
        yield settings.model_copy(update=new)


def files_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, save the lock that a backup leaves."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "backup.lock"
    }
