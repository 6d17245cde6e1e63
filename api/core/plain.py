"""Columns as plain text: of many rows no Python object is made."""

from typing import Any

from sqlalchemy import ColumnElement, String, Text, cast, func, type_coerce
from sqlmodel import Session


def hex_of(session: Session, column: Any) -> ColumnElement[str]:
    """Return an id as 32 hex digits, which is what SQLite stores; no Python object is made of it."""
    if is_sqlite(session):
        return type_coerce(column, String())
    return func.encode(func.uuid_send(column), "hex")


def json_of(session: Session, column: Any) -> ColumnElement[str]:
    """Return a JSON column as its text: of many rows few differ, so that each need be read once."""
    return type_coerce(column, String()) if is_sqlite(session) else cast(column, Text)


def is_sqlite(session: Session) -> bool:
    """Say which of the two databases a session is of."""
    return session.get_bind().dialect.name == "sqlite"
