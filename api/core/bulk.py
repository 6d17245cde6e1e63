"""The driver's own connection, for many rows at once: over each the library takes ten times as long."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from api.core import plain


@contextmanager
def driver_of(session: Session) -> Iterator[Any]:
    """Give the driver's connection in the session's own transaction; what it raises, the library would raise."""
    connection = session.connection()
    dialect = connection.dialect
    try:
        yield connection.connection.driver_connection
    except dialect.loaded_dbapi.Error as error:
        base = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(None, None, error, base, hide_parameters=True, dialect=dialect) from error


def store(
    session: Session, table: str, names: Sequence[str], rows: Iterable[tuple[str | int | None, ...]]
) -> None:
    """Store rows of plain values: an id as its 32 hex digits, JSON as its text; `table` and `names` are our words."""
    columns = ", ".join(names)
    with driver_of(session) as driver:
        if plain.is_sqlite(session):
            marks = ", ".join("?" * len(names))
            driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608 - our words
            return
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as lines:
            for row in rows:
                lines.write_row(row)
