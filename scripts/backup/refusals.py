"""Why a backup or a restore was not done, as a sentence for the operator."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import SQLAlchemyError


class NotDone(Exception):
    """Nothing was changed; the sentence says why, and what would help."""


@contextmanager
def plainly() -> Iterator[None]:
    """Say a fault of the machine or the database as a sentence, without what it was about: that may be diary text."""
    try:
        yield
    except OSError as error:
        raise NotDone(f"The machine refused: {error.strerror or type(error).__name__}.") from error
    except (sqlite3.Error, psycopg.Error, SQLAlchemyError) as error:
        raise NotDone(
            f"The database refused ({type(getattr(error, 'orig', None) or error).__name__}). "
            "Is it there, is its disk full, and does it know this user?"
        ) from error
