"""Runs the `daybook` command on one test's own database."""

from typing import Any

from typer.testing import CliRunner

from api.core.config import Settings
from scripts.cli.main import app


def environment(settings: Settings, **changes: str) -> dict[str, str]:
    """Return the environment in which the command finds a test's database and keys."""
    return {
        "DAYBOOK_DATA_DIR": str(settings.data_dir),
        "DAYBOOK_DATABASE_URL": settings.database_url,
        "DAYBOOK_SIGNING_KEY": settings.signing_key.get_secret_value(),
        "DAYBOOK_MASTER_KEY": settings.master_key.get_secret_value(),
        "COLUMNS": "400",
    } | changes


def daybook(settings: Settings, *words: Any, **changes: str) -> tuple[int, str]:
    """Run a command; return its status and what it said."""
    result = CliRunner().invoke(app, [str(word) for word in words], env=environment(settings, **changes))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output
