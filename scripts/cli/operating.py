"""What every sub-command needs: settings, a transaction, and refusals as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from sqlmodel import Session

import api.routers  # noqa: F401 - loads every feature, so that a withdrawal or a sweep here reaches them all
from api.core import db, logging
from api.core.config import Settings, UnsafeSettings, load_settings
from api.core.problems import Problem

out = Console()
err = Console(stderr=True)


def settings() -> Settings:
    """Return the settings, or end with the sentence that says what to set."""
    try:
        found = load_settings()
    except UnsafeSettings as refused:
        err.print(str(refused), style="red", markup=False)
        raise typer.Exit(2) from None
    logging.configure(found.log_level)
    return found


@contextmanager
def operating() -> Iterator[tuple[Session, Settings]]:
    """Open one transaction as the operator; a refusal ends the command with its sentence."""
    found = settings()
    engine = db.make_engine(found)
    try:
        with refusals(), db.transaction(engine) as session:
            yield session, found
    finally:
        engine.dispose()


@contextmanager
def refusals() -> Iterator[None]:
    """Print a problem as a sentence and end with status 1."""
    try:
        yield
    except Problem as problem:
        err.print(problem.title, problem.detail or "", style="red", markup=False, highlight=False)
        for one in problem.errors or []:
            err.print(f"  {one.pointer}: {one.message}", markup=False, highlight=False)
        raise typer.Exit(1) from None
