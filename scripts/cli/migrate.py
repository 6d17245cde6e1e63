"""`daybook migrate`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from scripts.cli.operating import out, settings

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def migrate() -> None:
    """Bring the database up to this version."""
    settings()
    upgrade()
    out.print("The database is up to date.")


def upgrade(connection: Connection | None = None) -> None:
    """Apply every migration that the database lacks: the configured one, or the one that is given."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
