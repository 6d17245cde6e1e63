"""Probes and metrics."""

from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine

from api.core import problems
from schemas.health import Health

router = APIRouter(tags=["operations"])


class NotMigrated(problems.Unavailable):
    """The database has another version than this code expects."""

    slug, title = "not-migrated", "The database has not been brought up to date. Run `daybook migrate`."


@lru_cache
def expected_migration() -> str | None:
    """Return the migration that this code was written for."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def current_migration(engine: Engine) -> str | None:
    """Return the migration that the database stands at."""
    with engine.execution_options(reads_only=True).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@router.get("/health/live")
async def live() -> Health:
    """Say that the process runs; touches nothing."""
    return Health(status="ok")


@router.get("/health/ready")
def ready(request: Request) -> Health:
    """Say that the database answers and has the expected migration."""
    if current_migration(request.app.state.engine) != expected_migration():
        raise NotMigrated
    return Health(status="ok", migration=expected_migration())


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Give the metrics in Prometheus' text format."""
    return Response(request.app.state.metrics.text(), media_type="text/plain; version=0.0.4")
