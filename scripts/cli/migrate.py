"""`daybook migrate`."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from scripts.cli.operating import out, settings

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def migrate() -> None:
    """Bring the database up to this version."""
    settings()
    upgrade()
    out.print("The database is up to date.")


def upgrade() -> None:
    """Apply every migration that the database lacks."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(config, "head")
