"""What every sub-command needs: settings, a transaction, and refusals as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from sqlalchemy import Engine
from sqlmodel import Session

import api.routers  # noqa: F401 - loads every feature, so that a withdrawal or a sweep here reaches them all
from api.core import db, logging
from api.core.config import Settings, UnsafeSettings, load_settings
from api.core.problems import Invalid, Problem
from schemas.base import Model, field_errors

M = TypeVar("M", bound=Model)
LARGEST_FILE = 1_000_000
out = Console()
err = Console(stderr=True)


def settings() -> Settings:
    """Return the settings, or end with the sentence that says what to set."""
    with safely():
        found = load_settings()
    logging.configure(found.log_level)
    return found


@contextmanager
def safely() -> Iterator[None]:
    """End the command with the sentence that says what to set, where settings are unsafe."""
    try:
        yield
    except UnsafeSettings as refused:
        err.print(str(refused), style="red", markup=False)
        raise typer.Exit(2) from None


@contextmanager
def opened() -> Iterator[tuple[Engine, Settings]]:
    """Open the database for work in transactions of its own; a refusal ends the command with its sentence."""
    found = settings()
    engine = db.make_engine(found)
    try:
        with refusals():
            yield engine, found
    finally:
        engine.dispose()


@contextmanager
def operating() -> Iterator[tuple[Session, Settings]]:
    """Open one transaction as the operator."""
    with opened() as (engine, found), db.transaction(engine) as session:
        yield session, found


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


def item(head: str, *notes: str | None) -> None:
    """Print a line, and under it what is said of it: sentences take the whole width, where a column squeezes them."""
    out.print(Text(head), highlight=False)
    for note in notes:
        if note:
            out.print(Padding(Text(note), (0, 0, 0, 4)), highlight=False)


def sound(kind: type[M], /, **given: object) -> M:
    """Return what was given on the command line as the API would take it, or raise Invalid."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise Invalid(errors=field_errors(error)) from None


def sound_file(kind: type[M], path: Path) -> M:
    """Return what a JSON file says as the API would take it, or raise Invalid."""
    with path.open("rb") as file:
        text = file.read(LARGEST_FILE)
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise Invalid(errors=field_errors(error)) from None
