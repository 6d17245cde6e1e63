"""Tells what a database error means to the caller."""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.core import problems

# PostgreSQL's classes 08 (connection), 40 (rollback, deadlock), 53 (resources), 55P03 (lock), 57 (shutdown, timeout)
_PASSING = ("08", "40", "53", "55P03", "57")
# A quota has no code of its own: it is an internal error, told from others by the place where PostgreSQL writes files.
_INTERNAL, _FILES = "XX000", {"buffile.c", "fd.c", "md.c"}


def database_problem(error: Exception) -> problems.Problem:
    """Tell a database that is away from one that refused a row."""
    if isinstance(error, problems.Problem):
        return error
    if isinstance(error, IntegrityError):
        return problems.Conflict()
    if isinstance(error, OperationalError) and _is_sqlite_mistake(error):
        return problems.Unexpected()
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError):
        return problems.Unavailable()
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        if error.connection_invalidated or state.startswith(_PASSING) or _is_postgres_file(error, state):
            return problems.Unavailable()
    return problems.Unexpected()


def _is_postgres_file(error: DBAPIError, state: str) -> bool:
    """Tell a file that PostgreSQL may not write from an internal error of another kind."""
    place = getattr(getattr(error.orig, "diag", None), "source_file", None)
    return state == _INTERNAL and place in _FILES


def _is_sqlite_mistake(error: OperationalError) -> bool:
    """Tell a statement that SQLite does not understand (a missing table) from a database that is busy or away."""
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
