"""Tables that SQLite read from end to end, where an index would have led to the rows that were asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def scanned(*tables: str) -> Iterator[list[str]]:
    """Give a list that fills with every statement, whoever asks it, that reads all of one of these tables."""
    found: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and connection.dialect.name == "sqlite":
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
            steps = {str(step[-1]) for step in plan}
            if steps & {f"SCAN {table}" for table in tables}:
                found.append(statement)

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
