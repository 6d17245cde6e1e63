"""What a backup says of itself: a readable header, and a manifest inside the encryption."""

from collections.abc import Iterable
from typing import Any, Literal

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import AwareDatetime, BaseModel, ValidationError
from sqlalchemy import func, select, table
from sqlmodel import Session

from api.core import clock, db
from api.core.config import VERSION, Settings
from api.core.health import expected_migration
from api.releases import service as releases
from scripts.backup.refusals import NotDone
from scripts.cli.migrate import MIGRATIONS


class Header(BaseModel):
    """What anybody may read of a backup; it is no secret, and it cannot be changed."""

    daybook: str
    database: Literal["sqlite", "postgresql"]
    migration: str
    made_at: AwareDatetime


class Manifest(BaseModel):
    """What only the passphrase shows."""

    tables: dict[str, int]
    files: dict[str, str]
    ledger: str


def header(session: Session, settings: Settings) -> Header:
    """Describe a snapshot; refuse one that this version of Daybook does not understand."""
    found = MigrationContext.configure(session.connection()).get_current_revision()
    if found is None or found != expected_migration():
        raise NotDone(
            f"The database stands at migration {found}, this version of Daybook is for {expected_migration()}. "
            "Make the backup with the version that runs, or run `daybook migrate` first."
        )
    kind: Any = "sqlite" if settings.is_sqlite else "postgresql"
    return Header(daybook=VERSION, database=kind, migration=found, made_at=clock.now())


def manifest(session: Session, mark: str) -> Manifest:
    """Count a snapshot, name its release files with their SHA-256, and say which ledger goes on from it."""
    tables = counts(session, db.metadata().tables)
    return Manifest(tables=tables, files=dict(releases.stored_files(session)), ledger=mark)


def counts(session: Session, tables: Iterable[str]) -> dict[str, int]:
    """Count the rows of tables."""
    return {
        name: session.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in sorted(tables)
    }


def read_header(facts: dict[str, Any], settings: Settings) -> Header:
    """Check that a backup can be restored by this version into the database that is set."""
    try:
        found = Header.model_validate(facts)
    except ValidationError:
        raise NotDone("The header of this backup is not understood.") from None
    if found.migration not in _known_migrations():
        raise NotDone(
            f"This backup was made by Daybook {found.daybook}, whose database is newer "
            f"(migration {found.migration}) than this version knows ({expected_migration()}). Upgrade Daybook first."
        )
    wanted = "sqlite" if settings.is_sqlite else "postgresql"
    if found.database != wanted:
        raise NotDone(
            f"This is a backup of {found.database}, and DAYBOOK_DATABASE_URL names {wanted}. "
            "A backup goes back to the kind of database it came from."
        )
    return found


def _known_migrations() -> set[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
